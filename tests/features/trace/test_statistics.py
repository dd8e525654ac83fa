"""Groups of spans: every span counted once, and figures that agree with the spans."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.trace.analysis import ALL_PARTS, Analyse
from junjo_desktop.features.trace.patient_sort import nearest_ranks
from junjo_desktop.features.trace.statistics.columns import group_columns
from junjo_desktop.features.trace.statistics.groups import Grouping, SpanGroup, group_label
from junjo_desktop.features.trace.statistics.source import SORT_VALUES, GroupSource
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from tests.features.trace.random_trees import timed, trees


def groups_of(tree: SpanTree, grouping: Grouping = Grouping.NAME) -> dict[str, SpanGroup]:
    return {group.label: group for group in Analyse(tree, ALL_PARTS)().groups[grouping]}


@given(trees(), st.sampled_from(Grouping))
def test_every_span_is_in_one_group_and_figures_agree_with_the_spans(tree: SpanTree, grouping: Grouping) -> None:
    analysis = Analyse(tree, ALL_PARTS)()
    groups = analysis.groups[grouping]
    assert sorted(position for group in groups for position in group.positions) == list(range(len(tree.spans)))
    assert sum(group.self_ns for group in groups) == sum(analysis.self_ns)
    for group in groups:
        spans = [tree.spans[position] for position in group.positions]
        took = [span.duration_ns for span in spans if span.has_times and span.duration_ns >= 0]
        assert {group_label(span, grouping) for span in spans} == {group.label}
        assert group.count == len(spans)
        assert group.error_count == sum(span.is_error for span in spans)
        assert group.total_ns == sum(took)
        assert group.max_ns == max(took, default=None)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=200), st.sampled_from([50, 95]))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    (found,) = nearest_ranks(values, (percent,))
    enough = [value for value in values if sum(other <= value for other in values) * 100 >= percent * len(values)]
    assert found == min(enough)


def test_tokens_are_added_and_absent_ones_are_not_nought() -> None:
    call = replace(timed("a", None, 0, 10, name="chat"), tokens=120)
    tree = build_tree([call, replace(call, span_id="b", tokens=None), timed("c", None, 0, 10, name="load")])
    assert {label: group.tokens for label, group in groups_of(tree).items()} == {"chat": 120, "load": None}


def test_a_group_of_one_type_tells_it() -> None:
    span = timed("a", None, 0, 10)
    tree = build_tree(
        [span, replace(span, span_id="b", name="mixed"), replace(span, span_id="c", name="mixed", span_type="tool")]
    )
    assert {label: group.span_type for label, group in groups_of(tree).items()} == {"work": "node", "mixed": ""}


@pytest.fixture
def groups() -> list[SpanGroup]:
    """Three groups."""
    tree = build_tree(
        [
            timed("a", None, 0, 100, name="Load"),
            timed("b", "a", 0, 60, name="parse", error=True),
            timed("c", "a", 60, 70, name="parse"),
            timed("d", "a", 70, 70, name="<b>x</b>"),
        ]
    )
    return list(Analyse(tree, ALL_PARTS)().groups[Grouping.NAME])


@pytest.mark.parametrize(
    ("key", "descending", "labels"),
    [
        ("self", True, ["parse", "Load", "<b>x</b>"]),
        ("label", False, ["<b>x</b>", "Load", "parse"]),
        ("errors", True, ["parse", "<b>x</b>", "Load"]),
        ("max", False, ["<b>x</b>", "parse", "Load"]),
    ],
)
def test_groups_are_sorted_by_any_column(
    groups: list[SpanGroup], key: str, descending: bool, labels: list[str]
) -> None:
    listing = GroupSource(groups, "", key, descending=descending).list_ids(None, None)
    assert [listing.ids[row] for row in range(len(listing.ids))] == labels


def test_groups_are_found_by_a_part_of_their_label(groups: list[SpanGroup]) -> None:
    listing = GroupSource(groups, " PAR", "self", descending=True).list_ids(None, None)
    assert [listing.ids[row] for row in range(len(listing.ids))] == ["parse"]


def test_every_column_can_be_sorted_by_and_copied(groups: list[SpanGroup]) -> None:
    columns = group_columns()
    assert [column.key for column in columns] == [
        "label", "kind", "count", "errors", "self", "total", "p50", "p95", "max", "tokens"
    ]  # fmt: skip
    assert {column.key for column in columns} == set(SORT_VALUES)
    parse = next(group for group in groups if group.label == "parse")
    assert [column.copied(parse) for column in columns] == [
        "parse", "node", "2", "1", "70 ns", "70 ns", "10 ns", "60 ns", "60 ns", ""
    ]  # fmt: skip
