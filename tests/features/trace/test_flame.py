"""Flame graphs: every span has its box, no box covers another, and nothing is left out where boxes are narrow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.analysis import ALL_PARTS, Analyse
from junjo_desktop.features.trace.flame.left_heavy import left_heavy
from junjo_desktop.features.trace.flame.lens import FlameLens
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder
from junjo_desktop.features.trace.flame.pieces import LEAST_PX, piece_at, pieces
from junjo_desktop.features.trace.flame.time_order import time_order
from junjo_desktop.features.trace.flame.walking import next_box
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.features.trace.tree import SpanRow, SpanTree, build_tree
from junjo_desktop.features.trace.zoom import Zoom
from tests.features.trace.random_trees import NS, timed, tree_of, trees

FLAMES = st.tuples(trees(), st.sampled_from(FlameOrder)).map(lambda drawn: flame_of(*drawn))


def flame_of(tree: SpanTree, order: FlameOrder) -> Flame:
    return Analyse(tree, ALL_PARTS)().flames[order]


@given(FLAMES)
def test_no_box_covers_another(flame: Flame) -> None:
    for row in flame.rows:
        assert list(row.lefts) == sorted(row.lefts)
        assert all(right <= left for right, left in zip(row.rights, row.lefts[1:], strict=False))


@given(trees())
def test_in_time_every_span_with_times_has_a_box_where_its_time_is(tree: SpanTree) -> None:
    flame = time_order(tree)
    for position, span in enumerate(tree.spans):
        box = flame.box_of[position]
        assert (box != NO_BOX) == span.has_times
        if span.has_times:
            assert (flame.left(box), flame.right(box)) == tuple(sorted((span.start_ns, span.end_ns)))
    assert flame.undrawn_count == sum(not span.has_times for span in tree.spans)


@given(FLAMES)
def test_a_box_is_below_the_box_of_its_parent(flame: Flame) -> None:
    for box, parent in enumerate(flame.parents):
        if parent != NO_BOX and flame.row_of[box] != NO_BOX:
            assert flame.row_of[box] > flame.row_of[parent]


@given(trees())
def test_left_heavy_joins_the_spans_with_the_same_names_above_them(tree: SpanTree) -> None:
    own = Analyse(tree, ALL_PARTS)().self_ns
    flame = left_heavy(tree, own)

    def stack(position: int) -> tuple[str, ...]:
        above = tree.parents[position]
        return (*(stack(above) if above >= 0 else ()), tree.spans[position].name)

    stacks: dict[int, set[tuple[str, ...]]] = {}
    for position, box in enumerate(flame.box_of):
        stacks.setdefault(box, set()).add(stack(position))
    assert all(len(found) == 1 for found in stacks.values())
    assert len(stacks) == len({stack(position) for position in range(len(tree.spans))})
    assert flame.end_ns == sum(own)


@given(FLAMES)
def test_left_heavy_boxes_fit_into_the_box_above_and_go_down_in_width(flame: Flame) -> None:
    if flame.order is FlameOrder.LEFT_HEAVY:
        for box, parent in enumerate(flame.parents):
            if parent != NO_BOX:
                assert flame.left(parent) <= flame.left(box) <= flame.right(box) <= flame.right(parent)
        for row in flame.rows:
            for place in range(1, len(row.boxes)):
                before, box = row.boxes[place - 1], row.boxes[place]
                if flame.parents[before] == flame.parents[box]:
                    widths = [flame.right(one) - flame.left(one) for one in (before, box)]
                    assert widths[0] >= widths[1]


WINDOWS = st.tuples(st.integers(0, 25), st.integers(1, 35), st.integers(20, 300))


@given(FLAMES, WINDOWS)
def test_every_visible_box_is_in_exactly_one_piece(flame: Flame, window: tuple[int, int, int]) -> None:
    start = (NS if flame.order is FlameOrder.TIME else 0) + window[0]
    shown = TimeWindow(start, start + window[1], start, start + window[1])
    for row in flame.rows:
        found = pieces(row, shown, window[2])
        places = [place for piece in found for place in range(piece.first, piece.last + 1)]
        visible = [
            place
            for place in range(len(row.boxes))
            if row.rights[place] >= shown.start_ns and row.lefts[place] <= shown.end_ns
        ]
        assert places == sorted(set(places))
        assert set(visible) <= set(places)
        least_ns = max(1, round(LEAST_PX * window[1] / window[2]))
        for piece in found:
            if piece.box == NO_BOX:
                inside = range(piece.first, piece.last + 1)
                assert all(row.rights[place] - row.lefts[place] < least_ns for place in inside)


def test_a_hundred_thousand_spans_beside_each_other_become_few_pieces() -> None:
    tree = build_tree(
        [timed("root", None, 0, 400_000)]
        + [timed(f"{number}", "root", 4 * number, 4 * number + 3) for number in range(100_000)]
    )
    row = time_order(tree).rows[1]
    (run,) = pieces(row, TimeWindow.over(tree.start_ns, tree.end_ns), 1000)
    assert (run.box, run.first, run.last) == (NO_BOX, 0, 99_999)
    assert row.spans_before[-1] == 100_000


def test_what_ran_at_the_same_time_is_stacked_with_all_below_it() -> None:
    tree = tree_of(
        ("root", None, 0, 100), ("a", "root", 0, 50), ("b", "root", 20, 70), ("a1", "a", 10, 40), ("c", "root", 80, 90)
    )
    assert list(time_order(tree).row_of) == [0, 1, 3, 2, 1]


def test_arrow_keys_lead_to_the_boxes_around() -> None:
    flame = time_order(
        tree_of(("root", None, 0, 100), ("a", "root", 0, 40), ("b", "root", 50, 90), ("b1", "b", 55, 60))
    )
    root, a, b, inner = range(4)
    assert next_box(flame, NO_BOX, "down") == root
    assert [next_box(flame, root, step) for step in ("up", "down", "left")] == [root, a, root]
    assert [next_box(flame, a, step) for step in ("right", "left", "last", "down", "up")] == [b, a, b, a, root]
    assert [next_box(flame, b, step) for step in ("down", "first")] == [inner, a]
    assert next_box(time_order(build_tree(())), NO_BOX, "down") == NO_BOX


def test_a_point_leads_to_the_piece_under_it() -> None:
    flame = time_order(tree_of(("root", None, 0, 100), ("a", "root", 10, 40), ("b", "root", 60, 90)))
    found = pieces(flame.rows[1], TimeWindow(NS, NS + 100, NS, NS + 100), 100)
    at = [piece_at(found, x) for x in (5, 20, 50, 61)]
    assert [None if piece is None else piece.box for piece in at] == [None, 1, None, 2]


def test_a_failed_box_says_so_among_those_before_it() -> None:
    spans = [timed("root", None, 0, 100), timed("a", "root", 0, 10), timed("b", "root", 20, 30, error=True)]
    row = time_order(build_tree(spans)).rows[1]
    assert list(row.failed_before) == [0, 0, 1]
    joined = left_heavy(build_tree(spans), [80, 10, 10]).rows[1]
    assert list(joined.failed_before) == [0, 1]
    assert list(joined.spans_before) == [0, 2]


@pytest.fixture
def lens(qtbot: QtBot) -> FlameLens:
    """A flame graph on a screen."""
    lens = FlameLens(Zoom())
    qtbot.addWidget(lens)
    lens.resize(500, 300)
    lens.show()
    return lens


def painted(lens: FlameLens, tree: SpanTree, selected: str) -> None:
    lens.zoom.show_trace(tree.start_ns, tree.end_ns)
    lens.show_analysis(Analyse(tree, ALL_PARTS)())
    for _ in range(2):
        lens.show_selected(selected)
        assert not lens.canvas.grab().isNull()
        lens.canvas.fit_box()
        assert not lens.canvas.grab().isNull()
        lens.toggle_order()
    lens.forget()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees())
def test_any_trace_can_be_painted(lens: FlameLens, tree: SpanTree) -> None:
    painted(lens, tree, "03")


def test_the_longest_times_there_are_can_be_painted(lens: FlameLens) -> None:
    longest = [SpanRow(str(number), None, "shop", "work", "node", 1, 2**63 - 1, False) for number in range(5)]
    painted(lens, build_tree(longest), "4")
    assert flame_of(build_tree(longest), FlameOrder.LEFT_HEAVY).end_ns > 2**64


def test_ten_thousand_rows_can_be_painted(lens: FlameLens) -> None:
    chain = [
        timed(str(number), str(number - 1) if number else None, number, 30_000 - number) for number in range(10_000)
    ]
    painted(lens, build_tree(chain), "9999")
    assert lens.canvas.verticalScrollBar().maximum() > 200_000


@pytest.mark.parametrize("order", FlameOrder)
def test_an_empty_trace_has_no_boxes(order: FlameOrder) -> None:
    flame = flame_of(build_tree(()), order)
    assert (flame.rows, flame.undrawn_count) == ((), 0)


def test_services_and_types_are_not_joined() -> None:
    first = timed("a", None, 0, 10)
    other = [replace(first, span_id="b", service_name="api"), replace(first, span_id="c", span_type="tool")]
    assert len(left_heavy(build_tree([first, *other]), [10, 10, 10]).members) == 3
