"""Damaged files, met by the whole engine: it starts, says what it found, and loses nothing that it still has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import grpc
import pytest

from junjo_desktop.app import Engine
from junjo_desktop.link.report_json import report_from_json, report_to_json
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.diagnosis import diagnose, findings_text
from junjo_desktop.receiver.journal import Journal
from junjo_desktop.shell.intake_words import trouble
from junjo_desktop.telemetry.intake import Signal
from tests.receiver.intake import EXPORT_TRACES
from tests.receiver.test_slow_disk import slow_disk
from tests.store.damage import flip, spoil_blocks_of
from tests.support.engines import FREE_PORTS, make_engine, otlp_port
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_request
from tests.support.sending import export


@contextmanager
def running(data_dir: DataDir) -> Iterator[Engine]:
    engine = make_engine(data_dir, replace(FREE_PORTS, accept_without_key=True))
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def send(engine: Engine, *names: str) -> None:
    export(otlp_port(engine), *(trace_request(span(name)) for name in names))


def stored(engine: Engine, query: str = "SELECT name FROM spans ORDER BY name") -> list[tuple[Any, ...]]:
    assert eventually(lambda: engine.report().waiting == 0)
    return engine.store.read(lambda cursor: cursor.execute(query).fetchall())


def wait_in_journal(data_dir: DataDir, *names: str) -> None:
    journal = Journal(data_dir.journal)
    for name in names:
        journal.append(Signal.TRACES, trace_request(span(name)).SerializeToString(), 1, 1)
    journal.close()


def told(engine: Engine) -> str:
    """What the doctor says, by way of the private socket."""
    return findings_text(diagnose(report_from_json(report_to_json(engine.report()))))


def test_a_damaged_database_is_named_and_what_waits_is_stored_in_the_new_one(data_dir: DataDir) -> None:
    with running(data_dir) as engine:
        send(engine, "old")
        assert stored(engine) == [("old",)]
    wait_in_journal(data_dir, "waiting 1", "waiting 2")
    flip(data_dir.telemetry, 4096, 8192)
    with running(data_dir) as engine:
        send(engine, "new")
        assert stored(engine) == [("new",), ("waiting 1",), ("waiting 2",)]
        [aside] = data_dir.root.glob("telemetry.duckdb.damaged-*")
        [notice] = engine.report().notices
        assert str(aside) in notice
        assert aside.name in told(engine)
        assert trouble(engine.report()) == ("Damage found", notice)
        assert engine.report().last_error is None
    with running(data_dir) as engine:
        assert engine.report().notices == ()
        assert len(stored(engine)) == 3


def test_a_database_found_damaged_while_running_does_not_stop_the_acknowledging(data_dir: DataDir) -> None:
    with running(data_dir) as engine:
        send(engine, *(f"old {number}" for number in range(200)))
        assert len(stored(engine)) == 200
    spoil_blocks_of(data_dir.telemetry, "services")
    with running(data_dir) as engine:
        send(engine, "first")
        assert eventually(lambda: engine.report().last_error is not None)
        send(engine, "second", "third")
        report = engine.report()
        assert report.waiting == 3
        assert report.last_error is not None
        assert "Start Junjo Desktop again" in report.last_error
        assert "is damaged" in told(engine)
    assert engine.left_in_journal == 3
    with running(data_dir) as engine:
        assert stored(engine) == [("first",), ("second",), ("third",)]
        assert "kept as" in engine.report().notices[0]


def test_a_journal_that_knows_less_than_the_database_does_not_lose_what_comes(data_dir: DataDir) -> None:
    with running(data_dir) as engine:
        send(engine, *(f"{number}" for number in range(5)))
        assert len(stored(engine)) == 5
    # As after the restoring of an older copy: positions that the database has are handed out once more.
    journal = sqlite3.connect(data_dir.journal)
    journal.execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'entries'")
    journal.commit()
    journal.close()
    with running(data_dir) as engine:
        send(engine, "new")
        assert ("new",) in stored(engine)


def test_a_batch_sent_again_after_a_timeout_is_stored_once(data_dir: DataDir) -> None:
    with running(data_dir) as engine:
        request = trace_request(*(span(f"{number}") for number in range(20)))
        with grpc.insecure_channel(f"127.0.0.1:{otlp_port(engine)}") as channel:
            stub: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(EXPORT_TRACES)
            with slow_disk(data_dir.journal), pytest.raises(grpc.RpcError):
                stub(request.SerializeToString(), timeout=0.4)
            for _ in range(3):
                stub(request.SerializeToString(), timeout=20)
        counts = "SELECT count(*), count(DISTINCT trace_id || span_id), (SELECT sum(span_count) FROM traces) FROM spans"
        assert stored(engine, counts) == [(20, 20, 20)]
        [(again,)] = stored(engine, "SELECT sum(replaced_count) FROM traces")
        assert again in {40, 60}, "the first may have been given up before it was written"
