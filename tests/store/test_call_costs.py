"""What traces and runs cost: each call once, those below a run with that run, and what is unknown said as such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.queries import first_page, whole_listing
from junjo_desktop.store.call_costs import call_sums, trace_sums
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.run_costs import one_run_sums, run_sums
from junjo_desktop.store.run_listings import RunKey
from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.widgets.cost_words import sums_cost_text, sums_facts, sums_words
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

START = 1_795_000_000 * 10**9
OUTER, INNER, PRICED, UNPRICED, UNTOLD = (span_id(number) for number in range(1, 6))


def told(trace: int, own_id: bytes, parent: bytes, attributes: dict[str, Value]) -> Span:
    return span("x", trace=trace_id(trace), id=own_id, parent=parent, start_ns=START, attributes=attributes)


def call(model: str, *tokens: int, address: str = "api.openai.com") -> dict[str, Value]:
    names = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "server.address": address,
        **dict(zip(names, tokens, strict=False)),
    }


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """Trace 1: a span with a call, and below it a span with two more. Trace 2: a local call. Trace 3: no call."""
    stored = StoredTelemetry(tmp_path / "data")
    stored.add(
        trace_request(
            told(1, OUTER, b"", {}),
            told(1, PRICED, OUTER, call("gpt-4o-mini", 1_000_000, 0)),
            told(1, INNER, OUTER, {}),
            told(1, UNPRICED, INNER, call("our-own", 10, 5)),
            told(1, UNTOLD, INNER, call("gpt-4o")),
            told(2, OUTER, b"", call("llama", 10, 5, address="127.0.0.1")),
            told(3, OUTER, b"", {}),
        )
    )
    indexing = CallIndexing(stored.store)
    while indexing.step():
        pass
    yield stored
    stored.close()


def test_traces_add_up_their_calls(telemetry: StoredTelemetry) -> None:
    ids = [trace_id(number).hex() for number in (1, 2, 3)]
    sums = telemetry.read(lambda cursor: call_sums(cursor, ids))
    assert sums[ids[0]].cost == pytest.approx(0.15)
    assert replace(sums[ids[0]], cost=None) == CallSums(3, 1, 2, 0, 1_000_010, 5)
    assert sums[ids[1]] == CallSums(1, 0, 0, 1, 10, 5, 0.0)
    assert ids[2] not in sums
    assert [sums_cost_text(sums.get(one)) for one in ids] == ["≥ $0.1500", "local", ""]
    assert "2 without a price" in sums_words(sums[ids[0]])
    facts = {fact.label: fact for fact in sums_facts(sums[ids[0]])}
    assert facts["Tokens"].value == "≥ 1,000,010 in · 5 out"
    assert "1 call told no tokens" in facts["Tokens"].tooltip
    assert (facts["Cost"].value, facts["Cost"].tooltip) == ("≥ $0.1500", sums_words(sums[ids[0]]))


def test_a_run_has_the_calls_at_or_below_its_span(telemetry: StoredTelemetry) -> None:
    trace = trace_id(1).hex()
    runs = [RunKey(trace, OUTER.hex()), RunKey(trace, INNER.hex()), RunKey(trace, PRICED.hex())]
    sums = telemetry.read(lambda cursor: run_sums(cursor, runs))
    assert [sums[run].call_count for run in runs] == [3, 2, 1]
    assert sums_cost_text(sums[runs[1]]) == "unpriced"
    assert sums[runs[0]] == telemetry.read(lambda cursor: trace_sums(cursor, trace))
    assert telemetry.read(lambda cursor: one_run_sums(cursor, trace_id(3).hex(), OUTER.hex())) is None


def test_traces_are_listed_by_cost_with_the_unknown_last(telemetry: StoredTelemetry) -> None:
    for descending in (True, False):
        sort = Sort(SortBy.COST, descending)
        for listed in (first_page, whole_listing):
            ids = telemetry.read(partial(listed, chosen=TraceFilter(), sort=sort, now_ns=START)).ids
            order = [ids[place] for place in range(len(ids))]
            assert order[-1] == trace_id(3).hex()
            assert order[0] == trace_id(1 if descending else 2).hex()


def test_what_is_not_known_is_never_nothing() -> None:
    assert sums_cost_text(CallSums(2, unpriced=2, cost=None)) == "unpriced"
    assert sums_cost_text(CallSums(2, unpriced=1, local=1, cost=0.0)) == "unpriced"
    facts = {fact.label: fact.value for fact in sums_facts(CallSums(2, without_usage=2, unpriced=2))}
    assert (facts["Tokens"], facts["Cost"]) == ("unknown", "unpriced")
