"""A stored trace is never taken for a new one; a new one is taken for a stored one only now and then."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from junjo_desktop.store import known_traces, trace_tally, writer
from junjo_desktop.store.database import Store
from junjo_desktop.store.known_traces import KnownTraces
from tests.store.entries import Source
from tests.support.otlp import span, span_id, trace_id

_MANY = known_traces.FEW + 1


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def asked(store: Store, known: KnownTraces, ids: list[str]) -> list[str]:
    return store.read(lambda cursor: list(known.perhaps_stored(cursor, ids)))


def test_every_stored_trace_is_known_after_a_start(store: Store, source: Source, index: Callable[[], None]) -> None:
    # Random ids, and ids that differ in few bits only.
    ids = [os.urandom(16) for _ in range(500)] + [trace_id(number) for number in range(1, 500)]
    ids += [number.to_bytes(1, "big") + bytes(14) + b"\x01" for number in range(1, 200)]
    source.append_spans(*(span(trace=id_) for id_ in ids))
    index()
    stored = [id_.hex() for id_ in ids]
    assert sorted(asked(store, KnownTraces(), stored)) == sorted(stored)


def test_new_traces_are_nearly_never_taken_for_stored_ones_and_known_from_then_on(store: Store) -> None:
    known = KnownTraces()
    ids = [os.urandom(16).hex() for _ in range(5_000)]
    assert len(asked(store, known, ids)) < 50
    assert sorted(asked(store, known, ids)) == sorted(ids)


def test_a_few_are_looked_for_without_reading_all_that_is_stored(store: Store) -> None:
    ids = [os.urandom(16).hex() for _ in range(known_traces.FEW)]
    assert asked(store, KnownTraces(), ids) == ids


def test_a_trace_that_somebody_else_has_added_is_found_in_time(
    store: Store, source: Source, index: Callable[[], None]
) -> None:
    source.append_spans(*(span() for _ in range(_MANY)))
    index()
    with store.write() as other:
        other.execute(
            """
            INSERT INTO traces
            SELECT * REPLACE (? AS trace_id, ? AS root_span_id, ? AS lead_span_id) FROM traces LIMIT 1
            """,
            [trace_id(7).hex(), span_id(1).hex(), span_id(1).hex()],
        )
    source.append_spans(*(span() for _ in range(_MANY)), span(trace=trace_id(7), id=span_id(2)))
    index()
    assert rows(store, "SELECT count(*), sum(replaced_count) FROM traces") == [(2 * _MANY + 1, 0)]
    assert rows(store, "SELECT DISTINCT span_count FROM traces ORDER BY 1") == [(1,), (2,)]


def test_few_and_many_spans_add_up_to_the_same(
    store: Store, source: Source, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def send() -> None:
        for first in range(0, 90, 30):
            spans = [
                span(
                    f"{number}",
                    trace=trace_id(1 + number % 7),
                    id=span_id(1 + number),
                    parent=span_id(1) if number % 3 else b"",
                    start_ns=number * 10,
                    error="failed" if number % 5 == 0 else None,
                    attributes={"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": number},
                )
                for number in range(first, first + 35)
            ]
            source.append_spans(*spans, service=f"service {first}", received_ns=1_000 + first)
            index()

    def summed() -> list[list[tuple[Any, ...]]]:
        tables = ("traces", "trace_services", "services")
        return [rows(store, f"FROM {table} ORDER BY ALL") for table in tables]

    send()
    by_few = summed()
    with store.write() as emptied:
        for table in ("spans", "traces", "trace_services", "services"):
            emptied.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    monkeypatch.setattr(writer, "MANY_ROWS", 1)
    monkeypatch.setattr(trace_tally, "FEW", 0)
    send()
    assert summed() == by_few
    assert sum(row[-1] for row in by_few[1]) == 95
