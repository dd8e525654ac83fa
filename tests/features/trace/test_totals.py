"""The totals of an area of time agree with every nanosecond of it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.features.trace.area_strip import total_words
from junjo_desktop.features.trace.self_time import self_times
from junjo_desktop.features.trace.totals import totals_between
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from tests.features.trace.random_trees import NS, timed, trees


@settings(max_examples=150)
@given(trees(), st.integers(0, 30), st.integers(1, 15))
def test_totals_agree_with_a_slow_count(tree: SpanTree, start: int, length: int) -> None:
    first, last = NS + start, NS + start + length
    own = self_times(tree)
    totals = totals_between(tree, first, last, own)
    inside = [
        position
        for position, span in enumerate(tree.spans)
        if span.has_times
        and span.duration_ns >= 0
        and (first <= span.start_ns < last or (span.start_ns < last and span.end_ns > first))
    ]
    moments = set(range(first, last))
    covered = {moment for at in inside for moment in range(tree.spans[at].start_ns, tree.spans[at].end_ns)} & moments
    self_ns = sum(len(set(range(*stretch)) & moments) for at in inside for stretch in own.at(at))
    assert (totals.count, totals.covered_ns, totals.self_ns) == (len(inside), len(covered), self_ns)
    assert totals.error_count == sum(tree.spans[at].is_error for at in inside)
    assert sum(total.count for total in totals.types) == len(inside)
    assert totals.whole_count == sum(
        first <= tree.spans[at].start_ns and tree.spans[at].end_ns <= last for at in inside
    )


def test_tokens_and_calls_are_told_and_absent_ones_are_not_nought() -> None:
    call = replace(timed("a", None, 0, 10), span_type="llm", tokens=120)
    tree = build_tree([call, replace(call, span_id="b", tokens=None, is_error=True), timed("c", None, 5, 90)])
    words = total_words(totals_between(tree, NS, NS + 50, self_times(tree)))
    assert words[:2] == ["3 spans", "2 of them wholly inside"]
    assert {"1 failure", "2 model calls", "120 tokens"} <= set(words)
    assert "tokens" not in " ".join(
        total_words(totals_between(build_tree([timed("c", None, 5, 9)]), NS, NS + 50, None))
    )
