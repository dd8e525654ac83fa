"""What the store holds after any batches is what their spans add up to: each once, in its latest version."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junjo_desktop.store import writer as writer_module
from junjo_desktop.store.batch import Batch, Position
from junjo_desktop.store.database import Store
from junjo_desktop.store.summaries import TraceSummary, facts_of, summarize
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support.otlp import span, span_id, trace_id, trace_request

WRITTEN = ("spans", "traces", "trace_services", "services", "resources", "scopes", "intake_position")


class Sent(NamedTuple):
    """One span as a sender may send it, again and again, each time otherwise."""

    trace: int
    span: int
    is_root: bool
    start_ns: int
    name: str
    failed: bool
    tokens: int | None
    service: str

    def request(self) -> bytes:
        attributes: dict[str, Any] = {}
        if self.tokens is not None:
            attributes = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": self.tokens}
        sent = span(
            self.name,
            trace=trace_id(self.trace),
            id=span_id(self.span),
            parent=b"" if self.is_root else span_id(99),
            start_ns=self.start_ns,
            attributes=attributes,
            error="failed" if self.failed else None,
        )
        return trace_request(sent, service=self.service).SerializeToString()


sent_spans = st.builds(
    Sent,
    trace=st.integers(1, 2),
    span=st.integers(1, 3),
    is_root=st.booleans(),
    start_ns=st.integers(0, 4) | st.just(2**62),
    name=st.sampled_from("ab"),
    failed=st.booleans(),
    tokens=st.none() | st.integers(0, 5),
    service=st.sampled_from(["s", "t"]),
)
batches = st.lists(st.lists(sent_spans, min_size=1, max_size=5), min_size=1, max_size=6)
clocks = st.lists(st.integers(0, 9), min_size=30, max_size=30)  # of the receiver; it may go back


# All examples use one store, emptied before each: making one costs more than what is tested.
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=batches, clocks=clocks, many_rows=st.sampled_from([1, 3, 1_024]))
def test_traces_and_services_are_what_the_latest_versions_add_up_to(
    store: Store, batches: list[list[Sent]], clocks: list[int], many_rows: int
) -> None:
    # Few and many spans are written in different ways, which must come to the same.
    writer_module.MANY_ROWS, usual = many_rows, writer_module.MANY_ROWS
    try:
        _check_all(store, batches, clocks)
    finally:
        writer_module.MANY_ROWS = usual


def _check_all(store: Store, batches: list[list[Sent]], clocks: list[int]) -> None:
    with store.write() as writer:
        for table in WRITTEN:
            writer.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    entries = _write(store, batches, clocks)
    _check(store, entries)


def _write(store: Store, batches: Sequence[Sequence[Sent]], clocks: Sequence[int]) -> list[IntakeEntry]:
    writer = BatchWriter(store, "journal")
    written: list[IntakeEntry] = []
    seqs = itertools.count(1)
    for sent_together in batches:
        batch = Batch()
        for sent in sent_together:
            seq = next(seqs)
            written.append(IntakeEntry(seq, Signal.TRACES, clocks[seq - 1], sent.request()))
            batch.add(seq, decode(written[-1]))
        writer.write(batch)
        assert writer.position() == batch.position
    return written


def _check(store: Store, entries: Sequence[IntakeEntry]) -> None:
    latest: dict[tuple[str, str], tuple[Any, ...]] = {}
    receptions: dict[str, list[int]] = {}
    for entry in entries:
        [row] = decode(entry).spans
        key = (str(row[0]), str(row[1]))
        receptions.setdefault(key[0], []).append(entry.received_ns)
        latest[key] = row
    # The columns of the table stand in the order of the rows, and those of a summary in that of its fields.
    assert sorted(_rows(store, "FROM spans")) == sorted(latest.values())
    expected = []
    for trace, times in receptions.items():
        spans = [facts_of(row) for key, row in latest.items() if key[0] == trace]
        expected.append(summarize(trace, spans).received_again(len(times) - len(spans), times))
    stored = [TraceSummary(*row) for row in _rows(store, "FROM traces")]
    assert sorted(stored, key=lambda summary: summary.trace_id) == sorted(expected, key=lambda one: one.trace_id)
    services = Counter((key[0], facts_of(row).service_name) for key, row in latest.items())
    assert {(row[0], row[1]): row[2] for row in _rows(store, "FROM trace_services")} == services
    _check_services(store, latest.values())


def _check_services(store: Store, latest: Any) -> None:
    spans = Counter(facts_of(row).service_name for row in latest)
    errors = Counter(facts_of(row).service_name for row in latest if facts_of(row).is_error)
    for name, span_count, error_count in _rows(store, "SELECT service_name, span_count, error_count FROM services"):
        assert (span_count, error_count) == (spans[name], errors[name])


def _rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    good = IntakeEntry(1, Signal.TRACES, 1, trace_request(span()).SerializeToString())
    batch = Batch()
    batch.add(1, decode(good))
    batch.logs.append(("too", "short"))
    with pytest.raises(Exception, match="18 values"):
        BatchWriter(store, "journal").write(batch)
    for table in ("spans", "traces", "services", "resources", "intake_position"):
        assert _rows(store, f"FROM {table}") == []


def test_the_position_of_each_journal_is_kept(path: Path) -> None:
    store = Store.open(path)
    BatchWriter(store, "one").write(Batch(position=Position(7, 3)))
    store.close()
    store = Store.open(path)
    assert BatchWriter(store, "one").position() == Position(7, 3)
    assert BatchWriter(store, "two").position() == Position(0, 0)
    store.close()
