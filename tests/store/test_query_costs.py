"""Queries for what model calls cost, on calls that were read and priced."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.lookup import find
from junjo_desktop.store.query_sql import compiled
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Calls of 0.21 and of 750 thousandths of a dollar, one without a price, and a span that is no call."""
    telemetry = StoredTelemetry(tmp_path_factory.mktemp("costs"))
    for number, (model, tokens) in enumerate((("gpt-4o-mini", 1_000), ("gpt-4o-mini", 5_000_000), ("own", 10)), 1):
        attributes: dict[str, Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": tokens,
            "gen_ai.usage.output_tokens": 100 if number == 1 else 0,
        }
        telemetry.add(trace_request(span(f"call {number}", trace=trace_id(number), attributes=attributes)))
    telemetry.add(trace_request(span("call 4", trace=trace_id(4), id=span_id(4))))
    indexing = CallIndexing(telemetry.store)
    while indexing.step():
        pass
    yield telemetry
    telemetry.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cost > $0.05", {"call 2"}),
        ("cost < 0.001", {"call 1"}),
        ("cost > 0", {"call 1", "call 2"}),
        ("cost >= $0.74 cost <= $0.76", {"call 2"}),
        ("cost exists", {"call 1", "call 2"}),
        ("-cost exists", {"call 3", "call 4"}),
        ("cost > $1k", set()),
    ],
)
def test_traces_and_spans_are_found_by_cost(stored: StoredTelemetry, query: str, found: set[str]) -> None:
    assert {listed.span.name for listed in stored.read(partial(find, query=query))} == found
    asked = parse(query, Subject.SPANS)
    assert asked is not None
    matching = compiled(asked, 0, subject=Subject.SPANS)
    rows = stored.read(
        lambda cursor: cursor.execute(f"SELECT name FROM spans WHERE {matching.sql}", matching.parameters).fetchall()  # noqa: S608 - what is tested
    )
    assert {name for (name,) in rows} == found
