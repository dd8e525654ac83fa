"""Deleting through the engine: what is acknowledged is meant, stored or not; stars are kept; the window hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from junjo_desktop.app import Engine
from junjo_desktop.paths import DataDir
from junjo_desktop.store import database
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.telemetry.intake import Signal
from tests.support import otlp
from tests.support.engines import FREE_PORTS, make_engine, otlp_port
from tests.support.eventually import eventually
from tests.support.sending import export

STARRED, OTHER = otlp.trace_id(1), otlp.trace_id(2)


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    engine = make_engine(data_dir, replace(FREE_PORTS, accept_without_key=True))
    engine.start()
    yield engine
    engine.stop()


def _send(engine: Engine) -> None:
    for trace in (STARRED, OTHER):
        export(otlp_port(engine), otlp.trace_request(otlp.span(trace=trace), otlp.span(trace=trace)))
    export(otlp_port(engine), otlp.logs_request("said"))


def _stored(engine: Engine) -> list[tuple[int, int, int]]:
    assert engine.indexer.drain(30)
    query = "SELECT (SELECT count(*) FROM spans), (SELECT count(*) FROM traces), (SELECT count(*) FROM logs)"
    return engine.read(lambda cursor: cursor.execute(query).fetchall())


def test_everything_that_is_acknowledged_is_counted_and_deleted(engine: Engine) -> None:
    _send(engine)
    assert engine.toll_of(Selection(everything=True)) == Toll(traces=2, spans=4, logs=1)
    _send(engine)
    assert engine.delete(Selection(everything=True)) == Toll(traces=2, spans=8, logs=2)
    assert _stored(engine) == [(0, 0, 0)]
    assert engine.report().stored_spans == 0


def test_what_arrives_after_a_deletion_is_stored(engine: Engine) -> None:
    _send(engine)
    engine.delete(Selection(everything=True))
    _send(engine)
    assert _stored(engine) == [(4, 2, 1)]


def test_starred_traces_are_spared_but_for_those_that_are_named_or_meant(engine: Engine) -> None:
    _send(engine)
    engine.set_starred(STARRED.hex(), True)
    assert engine.toll_of(Selection(everything=True)) == Toll(traces=1, spans=2, logs=1, kept=1)
    assert engine.delete(Selection(everything=True)) == Toll(traces=1, spans=2, logs=1)
    assert _stored(engine) == [(2, 1, 0)]
    assert engine.toll_of(Selection(service="shop", starred_too=True)) == Toll(traces=1, spans=2)
    assert engine.delete(Selection(trace_ids=(STARRED.hex(),))) == Toll(traces=1, spans=2)
    # The star itself is the user's, and survives.
    assert engine.starred() == {STARRED.hex()}


def test_whoever_listens_hears_of_a_deletion(engine: Engine) -> None:
    _send(engine)
    assert engine.indexer.drain(30)
    told = threading.Event()
    unsubscribe = engine.subscribe(told.set)
    engine.delete(Selection(trace_ids=(OTHER.hex(),)))
    assert told.wait(30)
    unsubscribe()


def test_a_deletion_that_is_cancelled_before_it_begins_takes_nothing(engine: Engine) -> None:
    _send(engine)
    token = CancelToken()
    token.cancel()
    assert engine.delete(Selection(everything=True), token=token) == Toll()
    assert _stored(engine) == [(4, 2, 1)]


def test_on_a_full_disk_everything_can_be_deleted_with_what_waits_for_room(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(engine)
    assert engine.indexer.drain(30)
    with monkeypatch.context() as full:
        full.setattr(database, "_ROOM_BYTES", 1 << 60)
        _send(engine)
        assert eventually(lambda: engine.indexer.last_error is not None)
        progress: list[Toll] = []

        def find_room(deleted: Toll) -> None:
            progress.append(deleted)
            full.undo()

        assert engine.delete(Selection(everything=True), find_room) == Toll(traces=4, spans=8, logs=2)
    assert progress == [Toll(traces=2, spans=4, logs=1), Toll(traces=4, spans=8, logs=2)]
    assert _stored(engine) == [(0, 0, 0)]


def test_deleting_everything_leaves_no_trace_in_the_journal_either(engine: Engine, data_dir: DataDir) -> None:
    secret = "the sender's own words"
    spans = (otlp.span(trace=OTHER, attributes={"text": secret}) for _ in range(500))
    export(otlp_port(engine), otlp.trace_request(*spans))
    assert engine.indexer.drain(30)
    engine.journal.append(Signal.TRACES, b"cannot be decoded: " + secret.encode(), 1, 1)
    assert eventually(lambda: engine.journal.quarantined == 1)
    engine.delete(Selection(everything=True))
    assert eventually(lambda: engine.journal.quarantined == 0)
    engine.stop()
    kept = [file.name for file in data_dir.root.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
    assert kept == []
