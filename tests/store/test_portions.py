"""Requests of any size are stored in groups of bounded size, whose rows are stored once, wherever it is interrupted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from junjo_desktop.store import indexer as indexing
from junjo_desktop.store import portions
from junjo_desktop.store.arriving import Chunk
from junjo_desktop.store.batch import Position, StoredRow
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.portions import PortionReader
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry import decode_pieces
from junjo_desktop.telemetry.decode import DecodedBatch, decode_in_portions
from junjo_desktop.telemetry.intake import IntakeEntry
from tests.store.conftest import DRAIN_S
from tests.store.entries import Source
from tests.support.otlp import span, span_id, trace_id


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "GROUP_ROWS", 256)
    monkeypatch.setattr(decode_pieces, "UNCUT_BYTES", 0)
    monkeypatch.setattr(decode_pieces, "PIECE_ITEMS", 64)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def no_failure(seq: int, error: Exception) -> None:
    raise AssertionError(seq) from error


def no_chunk(rows: Sequence[StoredRow]) -> Chunk:
    raise ValueError(len(rows))


def reader(source: Source) -> PortionReader:
    """A reader that leaves rows as they are, because no column can hold them."""
    return PortionReader(source, no_failure, no_chunk)


@pytest.mark.usefixtures("small_groups")
def test_a_huge_request_comes_in_groups_that_say_how_far_they_reach(source: Source) -> None:
    source.append_spans(span())
    source.append_spans(*(span() for _ in range(1_000)))
    source.append_spans(span())
    groups = list(reader(source).groups(Position()))
    assert sum(group.row_count for group in groups) == 1_002
    assert all(group.row_count <= 2 * 256 for group in groups)
    reached = [group.batch.position for group in groups]
    assert reached == sorted(set(reached))
    assert reached[0].seq == 1
    assert reached[0].rows_of_next > 0
    assert reached[-1] == Position(3, 0)


@pytest.mark.usefixtures("small_groups")
def test_reading_goes_on_within_a_request_at_any_row(source: Source) -> None:
    source.append_spans(*(span(f"{number}") for number in range(1_000)))
    source.append_spans(span("1000"))
    for stored in (1, 255, 256, 257, 700, 999):
        groups = reader(source).groups(Position(0, stored))
        names = [int(row[4]) for group in groups for row in group.batch.spans]
        assert names == list(range(stored, 1_001))


@pytest.mark.usefixtures("small_groups")
def test_a_huge_request_that_is_stored_in_many_lives_is_stored_once(store: Store, source: Source) -> None:
    source.append_spans(*(span() for _ in range(2_000)))
    reached = []
    lives: list[Indexer] = []
    while source.entries:
        stored = threading.Event()

        def stop(stored: threading.Event = stored) -> None:
            lives[-1].stop()
            stored.set()

        lives.append(Indexer(store, source, stop))
        lives[-1].start()
        assert stored.wait(DRAIN_S)
        lives[-1].stop()
        reached.append(BatchWriter(store, source.journal_id).position())
    assert len(reached) >= 4
    assert reached == sorted(set(reached))
    assert rows(store, "SELECT count(*), count(DISTINCT span_id) FROM spans") == [(2_000, 2_000)]
    assert rows(store, "SELECT sum(span_count), sum(replaced_count) FROM traces") == [(2_000, 0)]


@pytest.mark.usefixtures("small_groups")
def test_what_cannot_be_decoded_behind_a_good_part_is_put_aside_and_the_rest_goes_on(
    store: Store, source: Source
) -> None:
    source.append_bytes(b"\xff\xff\xff")
    source.append_spans(span("after"))
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert list(source.quarantined) == [1]
    assert rows(store, "SELECT name FROM spans") == [("after",)]


@pytest.mark.usefixtures("small_groups")
def test_storing_stands_back_while_a_burst_is_acknowledged(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "STAND_BACK_S", 600.0)
    for _ in range(8):
        source.append_spans(*(span() for _ in range(128)))
    source.is_pressed = True
    first = threading.Event()
    indexer = Indexer(store, source, first.set)
    indexer.start()
    assert first.wait(DRAIN_S)
    assert not indexer.drain(0.3)
    assert rows(store, "SELECT count(*) FROM spans") == [(256,)]
    source.is_pressed = False
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert rows(store, "SELECT count(*) FROM spans") == [(1_024,)]


@pytest.mark.usefixtures("small_groups")
def test_spans_that_come_again_are_found_in_chunks_and_among_the_stored(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "CHUNK_ROWS", 16)
    for version in ("first", "second", "third"):
        for number in range(6):
            ids = range(number * 30, number * 30 + 40)  # a part of the spans is in two requests
            spans = (span(version, trace=trace_id(1 + id_ // 50), id=span_id(1 + id_)) for id_ in ids)
            source.append_spans(*spans, received_ns=time.time_ns())
        if version == "second":
            indexer = Indexer(store, source, lambda: None)
            indexer.start()
            assert indexer.drain(DRAIN_S)
            indexer.stop()
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert rows(store, "SELECT count(*), count(DISTINCT span_id), min(name) FROM spans") == [(190, 190, "third")]
    assert rows(store, "SELECT sum(span_count), sum(span_count + replaced_count) FROM traces") == [(190, 3 * 240)]
    assert rows(store, "SELECT span_count FROM services") == [(190,)]
    assert rows(store, "SELECT sum(span_count) FROM trace_services") == [(190,)]


@pytest.mark.usefixtures("small_groups")
def test_spans_of_different_traces_may_have_the_same_id(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "CHUNK_ROWS", 16)
    for trace in (1, 2):
        source.append_spans(*(span(trace=trace_id(trace), id=span_id(1 + number)) for number in range(40)))
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert rows(store, "SELECT count(*), count(DISTINCT span_id) FROM spans") == [(80, 40)]
    assert rows(store, "SELECT span_count, replaced_count FROM traces") == [(40, 0), (40, 0)]


@pytest.mark.usefixtures("small_groups")
def test_a_request_that_no_column_can_hold_is_put_aside_alone(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "CHUNK_ROWS", 16)
    decoded = decode_in_portions

    def with_one_bug(entry: IntakeEntry, most_rows: int) -> Iterator[DecodedBatch]:
        for batch in decoded(entry, most_rows):
            start_ns = 2**70 if entry.seq == 3 else 1
            yield replace(batch, spans=[(*row[:6], start_ns, *row[7:]) for row in batch.spans])

    monkeypatch.setattr(portions, "decode_in_portions", with_one_bug)
    for _ in range(5):
        source.append_spans(*(span() for _ in range(40)))
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert list(source.quarantined) == [3]
    assert rows(store, "SELECT count(*) FROM spans") == [(160,)]
