"""Two traces beside each other: what is a partner of what, what is another, where they part."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.trace_comparison.attributes import differing_keys
from junjo_desktop.telemetry.trace_comparison.comparison import compare_traces
from junjo_desktop.telemetry.trace_comparison.comparison_json import trace_comparison_json, trace_comparison_of
from junjo_desktop.telemetry.trace_comparison.model import Change, ComparedTrace, TraceComparison
from tests.telemetry.trace_comparison.traces import MS, Tree, trace_of, tree

NAMES = st.sampled_from("abc")
TREES = st.recursive(
    NAMES.map(Tree),
    lambda inside: st.builds(lambda name, below: Tree(name, tuple(below)), NAMES, st.lists(inside, max_size=4)),
    max_leaves=12,
)


def compared(left: Tree | str, right: Tree | str) -> TraceComparison:
    return compare_traces(trace_of(left, "a"), trace_of(right, "b"))


def shown(comparison: TraceComparison) -> list[str]:
    signs = {Change.SAME: " ", Change.CHANGED: "~", Change.ADDED: "+", Change.REMOVED: "-"}
    return [f"{signs[row.change]}{'.' * row.depth}{row.name}" for row in comparison.rows]


def test_the_same_structure_has_a_partner_for_every_span() -> None:
    found = compared(tree("root", "a", tree("b", "c")), tree("root", "a", tree("b", "c")))
    assert shown(found) == [" root", " .a", " .b", " ..c"]
    assert found.divergence is None
    assert found.counts.same == 4


def test_what_only_one_trace_has_stands_where_it_would() -> None:
    found = compared(tree("root", "a", tree("b", "x"), "c"), tree("root", "a", "c", tree("d", "y")))
    assert shown(found) == [" root", " .a", "-.b", "-..x", " .c", "+.d", "+..y"]
    parting = found.divergence
    assert parting is not None
    assert (parting.position, parting.within, parting.after) == (2, "root", "a")
    assert (parting.left, parting.right) == ("b", "c")


def test_roots_are_partners_whatever_they_are_called() -> None:
    found = compared(tree("GET /a", "query"), tree("GET /b", "query"))
    assert shown(found) == ["~GET /a", " .query"]
    assert found.rows[0].changed == ("name",)


def test_spans_that_ran_in_another_order_are_partners_all_the_same() -> None:
    found = compared(tree("root", "a", "b"), tree("root", "b", "a"))
    assert found.counts.changed == 1
    assert found.counts.added == found.counts.removed == 0
    assert next(row for row in found.rows if row.change is Change.CHANGED).changed == ("order",)


def test_services_and_names_must_both_be_the_same() -> None:
    found = compared(tree("root", Tree("a", service="one")), tree("root", Tree("a", service="two")))
    assert shown(found) == [" root", "-.a", "+.a"]


def test_outcome_tokens_and_attributes_are_compared() -> None:
    found = compared(
        tree("root", Tree("call", attributes={"model": "x", "kept": 1}, tokens=4)),
        tree("root", Tree("call", attributes={"model": "y", "kept": 1}, tokens=5, is_error=True)),
    )
    assert found.rows[1].changed == ("failed", "tokens", "model")


def test_the_own_time_that_differs_most_comes_first() -> None:
    found = compared(
        tree("root", Tree("a", own_ms=10), Tree("b", own_ms=10)),
        tree("root", Tree("a", own_ms=11), Tree("b", own_ms=60)),
    )
    assert [(one.name, one.difference_ns) for one in found.times] == [("b", 50 * MS), ("a", MS), ("root", 0)]
    assert found.rows[found.times[0].position].name == "b"


def test_own_time_is_what_no_child_covers() -> None:
    left = trace_of(tree("root", Tree("a", own_ms=30), Tree("b", own_ms=30), own_ms=10))
    # Both children at the same time, one of them beyond the end of its parent.
    root, one, other = left.spans
    overlapping = (root, one, other._replace(start_ns=one.start_ns, end_ns=root.end_ns + MS))
    found = compare_traces(left, ComparedTrace(left.facts, overlapping))
    times = {one.name: one for one in found.times}
    assert times["root"].left_ns == 10 * MS
    assert times["root"].right_ns == 10 * MS


def test_times_that_were_not_told_are_unknown() -> None:
    found = compare_traces(trace_of("root", "a"), trace_of("root", "b", is_told=False))
    assert found.rows[0].difference_ns is None
    assert found.times[0].difference_ns is None


def test_circles_of_parents_and_missing_parents_lose_no_span() -> None:
    left = trace_of(tree("root", "a", "b"))
    root, one, other = left.spans
    odd = (root._replace(parent_span_id=one.span_id), one, other._replace(parent_span_id="f" * 16))
    found = compare_traces(ComparedTrace(left.facts, odd), left)
    assert sorted(row.left.name for row in found.rows if row.left is not None) == ["a", "b", "root"]
    assert sorted(row.right.name for row in found.rows if row.right is not None) == ["a", "b", "root"]


@settings(max_examples=60, deadline=None)
@given(TREES, TREES)
def test_every_span_of_both_is_in_one_row_and_rows_are_a_tree(left: Tree, right: Tree) -> None:
    one, other = trace_of(left, "a"), trace_of(right, "b")
    found = compare_traces(one, other)
    assert sorted(row.left.span_id for row in found.rows if row.left) == sorted(span.span_id for span in one.spans)
    assert sorted(row.right.span_id for row in found.rows if row.right) == sorted(span.span_id for span in other.spans)
    for row in found.rows:
        assert row.depth == (0 if row.parent is None else found.rows[row.parent].depth + 1)
    swapped = compare_traces(other, one)
    assert (swapped.counts.added, swapped.counts.removed) == (found.counts.removed, found.counts.added)
    assert trace_comparison_json(trace_comparison_of(trace_comparison_json(found))) == trace_comparison_json(found)


@pytest.mark.parametrize(
    ("key", "left", "right", "is_told"),
    [
        ("http.route", "/a", "/b", True),
        ("http.response.status_code", 200, 500, True),
        ("flag", True, False, True),
        ("session.id", "one", "two", False),
        ("trace", "5f2b1c9e7a3d4f60", "0a1b2c3d4e5f6071", False),
        ("request", "6fa459ea-ee8a-3ca4-894e-db77e160355e", "16fd2706-8baf-433b-82eb-8c7fada847da", False),
        ("response", "chatcmpl-9xYz12AbCd34Ef", "chatcmpl-8aYz12AbCd34Ef", False),
        ("at", "2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z", False),
        ("sent", 1_790_000_000_000, 1_790_000_000_001, False),
        ("topic", "find-recommendations", "find-alternatives", True),
        ("gen_ai.usage.input_tokens", 1, 2, False),
    ],
)
def test_values_that_are_others_in_every_trace_do_not_count(
    key: str, left: object, right: object, is_told: bool
) -> None:
    found = differing_keys(*(orjson.dumps({key: value, "same": 1}).decode() for value in (left, right)))
    assert found == ((key,) if is_told else ())


def test_a_key_that_only_one_has_differs_even_if_it_is_an_id() -> None:
    assert differing_keys("{}", '{"session.id":"x"}') == ("session.id",)
