"""Telemetry that has everything that is derived, and what a store says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.rebuild_services import count_services
from junjo_desktop.store.rebuild_traces import differing_traces
from tests.store.entries import Source
from tests.support import otlp

TABLES = ("spans", "traces", "trace_services", "executions", "services", "resources", "scopes", "logs", "metrics")
START_NS = 1_790_000_000_000_000_000
RECEIVED_NS = START_NS + 10**9
DRAIN_S = 60.0

Contents = dict[str, list[tuple[Any, ...]]]


def workflow(number: int, calls: int = 3) -> list[Span]:
    """A Junjo workflow with a node and model calls; every fifth fails."""
    trace, root = otlp.trace_id(number), otlp.span_id(number * 100)
    begun = START_NS + number * 1_000_000
    top = otlp.span(
        f"workflow {number}",
        trace=trace,
        id=root,
        start_ns=begun,
        attributes={"junjo.span_type": "workflow", "junjo.id": f"run-{number}"},
        error="it broke" if number % 5 == 0 else None,
    )
    return [top, *(_call(trace, root, number * 100 + 1 + call, begun + 1 + call, call) for call in range(calls))]


def _call(trace: bytes, parent: bytes, number: int, start_ns: int, call: int) -> Span:
    attributes: dict[str, otlp.Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": f"gpt-{call}",
        "gen_ai.usage.input_tokens": 10 + call,
        "gen_ai.usage.output_tokens": 3,
    }
    return otlp.span(
        f"call {call}", trace=trace, id=otlp.span_id(number), parent=parent, start_ns=start_ns, attributes=attributes
    )


def odd_spans() -> list[Span]:
    """Spans whose meaning is off the beaten track."""
    trace = otlp.trace_id(9_000)
    failed = otlp.span("exception", trace=trace, id=otlp.span_id(90_001), start_ns=START_NS)
    failed.events.add(name="exception", time_unix_nano=START_NS)
    twice = otlp.span("a key twice", trace=trace, id=otlp.span_id(90_002), start_ns=1, attributes={"error.type": ""})
    twice.attributes.extend(otlp.key_values({"error.type": "Timeout"}))
    endless = otlp.span("endless", trace=trace, id=otlp.span_id(90_003), start_ns=START_NS)
    endless.end_time_unix_nano = 2**64 - 1
    backwards = otlp.span("backwards", trace=otlp.trace_id(9_001), id=otlp.span_id(90_004), start_ns=5, duration_ns=-4)
    return [failed, twice, endless, backwards]


def send(source: Source, traces: int = 30, first: int = 1) -> None:
    """Put workflows of several services, odd spans, logs and spans that came again into the source."""
    at = RECEIVED_NS + first * 1_000
    for number in range(first, first + traces):
        root, *calls = workflow(number)
        source.append_spans(root, *calls[:-1], service=f"shop-{number % 3}", received_ns=at + number)
        source.append_spans(calls[-1], service="model-proxy", received_ns=at + number + 1)
    source.append_spans(*odd_spans(), service="", received_ns=at)
    again = workflow(first)[0]
    again.name = "it came again"
    source.append_spans(again, service=f"shop-{first % 3}", received_ns=at + 10**6)


@contextmanager
def ingesting(store: Store, source: Source, on_stored: Callable[[], None] = lambda: None) -> Iterator[Indexer]:
    """Store what `source` gets, until the block ends and all of it is stored."""
    indexer = Indexer(store, source, on_stored)
    indexer.start()
    try:
        yield indexer
        assert indexer.drain(DRAIN_S), indexer.last_error
    finally:
        indexer.stop()


def ingest(path: Path, traces: int = 30) -> Contents:
    """Make a store with the telemetry of `send`, and return what it holds."""
    store, source = Store.open(path), Source()
    send(source, traces)
    with ingesting(store, source):
        pass
    found = contents(store)
    store.close()
    return found


def contents(store: Store) -> Contents:
    """Return the rows of every table, sorted."""
    rows = {table: store.read(lambda cursor, name=table: cursor.execute(f"FROM {name}").fetchall()) for table in TABLES}  # type: ignore[misc]  # bound now, not when called
    return {table: sorted(found, key=repr) for table, found in rows.items()}


def execute(store: Store, *statements: str) -> None:
    """Change the store behind everybody's back."""
    with store.write() as writer:
        for statement in statements:
            writer.execute(statement)


def disagreements(store: Store) -> list[object]:
    """Return which traces and services are not what the stored spans add up to."""
    counted = store.read(count_services)
    listed = store.read(lambda cursor: {row[0]: row for row in cursor.execute("FROM services").fetchall()})
    wrong: list[object] = [name for name in counted.keys() | listed.keys() if counted.get(name) != listed.get(name)]
    return wrong + [one.trace_id for one in store.read(lambda cursor: differing_traces(cursor, 0, 1))]
