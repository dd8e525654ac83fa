"""What a trace adds up to does not depend on how its spans arrive."""

from __future__ import annotations

import random
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.store.summaries import (
    SUMMARY_COLUMNS,
    TRACE_COLUMNS,
    SpanFacts,
    TraceSummary,
    facts_of,
    summarize,
)
from junjo_desktop.telemetry.columns import SPAN_COLUMNS

TRACE = "0" * 31 + "1"

times = st.integers(0, 2**63 - 1) | st.integers(0, 3) | st.sampled_from((0, 2**63 - 1))
counts = st.integers(0, 2**32 - 1)
tokens = st.none() | st.integers(0, 10**12)
facts = st.builds(
    SpanFacts,
    span_id=st.integers(1, 2**64 - 1).map("{:016x}".format),
    parent_span_id=st.none() | st.just("f" * 16),
    service_name=st.sampled_from(["a", "b"]),
    name=st.text(max_size=3),
    start_ns=times,
    end_ns=times,
    status_code=st.integers(0, 2),
    is_error=st.booleans(),
    span_type=st.sampled_from(["llm", "embedding", "workflow", "span"]),
    junjo_span_type=st.sampled_from([None, "workflow", "agent", "node"]),
    input_tokens=tokens,
    output_tokens=tokens,
    dropped_attributes_count=counts,
    dropped_events_count=counts,
    dropped_links_count=counts,
    received_ns=times,
)
traces = st.lists(facts, min_size=1, max_size=12, unique_by=lambda span: span.span_id)


def span(number: int = 1, **fields: Any) -> SpanFacts:
    """A plain root, with what a test is about."""
    plain = SpanFacts(f"{number:016x}", None, "shop", "work", 10, 20, 0, False, "span", None, None, None, 0, 0, 0, 5)
    return plain._replace(**fields)


def merged(*summaries: TraceSummary) -> TraceSummary:
    return reduce(TraceSummary.merge, summaries)


@given(traces, st.randoms(use_true_random=False))
def test_any_order_and_any_split_give_the_same_summary(spans: list[SpanFacts], rnd: random.Random) -> None:
    at_once = summarize(TRACE, spans)
    shuffled = rnd.sample(spans, len(spans))
    cuts = sorted(rnd.sample(range(1, len(spans)), rnd.randrange(len(spans)))) if len(spans) > 1 else []
    parts = [shuffled[i:j] for i, j in zip([0, *cuts], [*cuts, len(spans)], strict=True)]
    assert merged(*(summarize(TRACE, part) for part in parts)) == at_once


@given(traces, traces, traces)
def test_merging_is_associative_and_commutative(a: list[SpanFacts], b: list[SpanFacts], c: list[SpanFacts]) -> None:
    seen: set[str] = set()
    parts = []
    for spans in (a, b, c):
        parts.append([one for one in spans if one.span_id not in seen])
        seen.update(one.span_id for one in spans)
    x, y, z = (summarize(TRACE, part or [span(number)]) for number, part in enumerate(parts, 1))
    assert x.merge(y).merge(z) == x.merge(y.merge(z))
    assert x.merge(y) == y.merge(x)


def test_the_earliest_root_gives_the_name_even_behind_earlier_children() -> None:
    child = span(1, parent_span_id="f" * 16, start_ns=1, name="child")
    late_root = span(2, start_ns=9, name="late")
    root = span(3, start_ns=5, name="root", service_name="front", span_type="workflow", status_code=2)
    found = summarize(TRACE, [child, late_root, root])
    assert (found.name, found.service_name, found.span_type, found.lead_status_code) == ("root", "front", "workflow", 2)
    assert (found.root_span_id, found.lead_span_id, found.lead_start_ns, found.root_count) == (
        root.span_id,
        root.span_id,
        5,
        2,
    )


def test_without_a_root_the_earliest_span_gives_the_name_and_equal_starts_are_decided_by_id() -> None:
    spans = [span(number, parent_span_id="f" * 16, start_ns=7, name=f"{number}") for number in (3, 2, 4)]
    found = summarize(TRACE, spans)
    assert (found.name, found.root_span_id, found.root_count) == ("2", None, 0)


def test_a_trace_lasts_from_its_earliest_start_to_its_latest_end() -> None:
    found = summarize(TRACE, [span(1, start_ns=10, end_ns=100), span(2, start_ns=5, end_ns=50)])
    assert (found.start_ns, found.end_ns, found.duration_ns) == (5, 100, 95)


@pytest.mark.parametrize("odd", [0, 2**63 - 1], ids=["not told", "beyond what a column holds"])
def test_an_odd_time_does_not_stretch_its_trace(odd: int) -> None:
    good = span(2, start_ns=10, end_ns=100)
    found = summarize(TRACE, [span(1, start_ns=odd, end_ns=odd), good])
    assert (found.start_ns, found.end_ns, found.duration_ns) == (10, 100, 90)
    assert merged(summarize(TRACE, [span(1, start_ns=odd, end_ns=50)]), summarize(TRACE, [good])).duration_ns == 90
    assert merged(summarize(TRACE, [good]), summarize(TRACE, [span(1, start_ns=20, end_ns=odd)])).end_ns == 100


@pytest.mark.parametrize(
    ("start_ns", "end_ns", "expected"),
    [
        (0, 100, (0, 100, 0)),
        (100, 0, (100, 0, 0)),
        (0, 0, (0, 0, 0)),
        (2**63 - 1, 2**63 - 1, (0, 0, 0)),
        (100, 40, (100, 40, -60)),
    ],
)
def test_without_a_start_or_an_end_there_is_no_duration(
    start_ns: int, end_ns: int, expected: tuple[int, int, int]
) -> None:
    found = summarize(TRACE, [span(start_ns=start_ns, end_ns=end_ns)])
    assert (found.start_ns, found.end_ns, found.duration_ns) == expected
    assert found.lead_start_ns == start_ns


def test_a_root_that_told_its_start_comes_before_one_that_did_not() -> None:
    silent, told = span(1, start_ns=0, name="silent"), span(2, start_ns=7, name="told")
    assert summarize(TRACE, [silent, told]).name == "told"
    assert merged(summarize(TRACE, [silent]), summarize(TRACE, [told])).name == "told"
    child = span(3, start_ns=5, parent_span_id="f" * 16, name="child")
    assert summarize(TRACE, [silent, child]).name == "silent", "a root names its trace all the same"


def test_only_model_calls_give_tokens_and_unreported_ones_stay_unknown() -> None:
    silent = summarize(TRACE, [span(1, span_type="llm"), span(2, span_type="agent", input_tokens=9)])
    assert (silent.llm_count, silent.input_tokens, silent.output_tokens) == (1, None, None)
    told = summarize(TRACE, [span(3, span_type="llm", input_tokens=4), span(4, span_type="embedding", input_tokens=0)])
    assert (told.llm_count, told.input_tokens, told.output_tokens) == (1, 4, None)
    assert silent.merge(told).input_tokens == 4


def test_errors_workflows_agents_and_losses_are_counted() -> None:
    found = summarize(
        TRACE,
        [
            span(1, is_error=True, junjo_span_type="workflow"),
            span(2, junjo_span_type="agent", dropped_attributes_count=1),
            span(3, junjo_span_type="node", dropped_events_count=2, dropped_links_count=4),
        ],
    )
    assert (found.error_count, found.workflow_count, found.dropped_count) == (1, 2, 7)


def test_a_summary_needs_a_span() -> None:
    with pytest.raises(ValueError, match="empty"):
        summarize(TRACE, [])


def test_receptions_are_counted_beside_the_spans() -> None:
    found = summarize(TRACE, [span(received_ns=5)]).received_again(2, [3, 9])
    assert (found.replaced_count, found.first_received_ns, found.last_received_ns) == (2, 3, 9)


def test_facts_are_picked_by_name_and_rows_follow_the_table() -> None:
    row = facts_of(tuple(f"value of {column}" for column in SPAN_COLUMNS))
    assert row._asdict() == {column: f"value of {column}" for column in SUMMARY_COLUMNS}
    summary = summarize(TRACE, [span()])
    assert summary.row() == tuple(getattr(summary, column) for column in TRACE_COLUMNS)
