"""Siblings that repeat are one row: counted, unfolded by what leads into them, and kept while a trace grows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.layout import Layout, layout_of
from junjo_desktop.features.trace.outline import Outline
from junjo_desktop.features.trace.repeats import MORE_THAN
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from junjo_desktop.features.trace.waterfall import Waterfall
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.theme.tokens import ROW_PX
from tests.features.trace.random_trees import timed, trees
from tests.features.trace.row_hands import is_open, seen, top_of_current

MANY = MORE_THAN + 10


def crowd(count: int = MANY, failed: int = 0, parent: str = "root") -> list[SpanRow]:
    return [
        timed(f"{parent}-e{number:03}", parent, number, number + 1 + number % 5, name="embed", error=number < failed)
        for number in range(count)
    ]


def with_root(*rows: SpanRow) -> SpanTree:
    return build_tree([timed("root", None, 0, 1000, name="root"), *rows])


@pytest.fixture
def waterfall(qtbot: QtBot) -> Waterfall:
    waterfall = Waterfall(Zoom())
    qtbot.addWidget(waterfall)
    waterfall.resize(900, 300)
    waterfall.show()
    return waterfall


def lines(layout: Layout) -> list[int]:
    """Every position that some line shows."""
    return sorted(node for node in layout.nodes if node >= 0)


@settings(max_examples=60)
@given(trees(), st.integers(0, 3))
def test_every_span_has_one_line_below_its_parent(tree: SpanTree, more: int) -> None:
    rows = [*tree.spans, *(row for one in range(more) for row in crowd(parent=f"0{one}"))]
    layout = layout_of(build_tree(rows))
    assert lines(layout) == list(range(len(rows)))
    for line, node in enumerate(layout.nodes):
        above = layout.parent(line)
        assert layout.depths[line] == (0 if above is None else layout.depths[above] + 1)
        if above is not None:
            assert above < line < layout.ends[above]
        if node >= 0:
            assert layout.line_of[node] == line


def test_many_equal_siblings_are_one_row_and_others_are_not(waterfall: Waterfall) -> None:
    waterfall.show_tree(layout_of(with_root(*crowd(), timed("x", "root", 500, 600, name="chat"))))
    assert seen(waterfall) == ["root", f".×{MANY} embed", ".chat"]
    waterfall.show_tree(layout_of(with_root(*crowd(MORE_THAN))))
    assert len(seen(waterfall)) == MORE_THAN + 1


def test_failures_keep_their_own_rows_until_they_are_many() -> None:
    few = Outline(layout_of(with_root(*crowd(failed=2))))
    assert [few.layout.fold_at(line) is not None for line in few.rows] == [False, False, False, True]
    fold = few.layout.folds[0]
    assert (len(fold.members), fold.failed_count) == (MANY - 2, 0)
    all_of_them = layout_of(with_root(*crowd(failed=MANY))).folds[0]
    assert (len(all_of_them.members), all_of_them.failed_count) == (MANY, MANY)


def test_a_span_in_which_something_failed_is_not_folded_away() -> None:
    below = timed("below", "root-e005", 5, 6, error=True)
    fold = layout_of(with_root(*crowd(), below)).folds[0]
    assert len(fold.members) == MANY - 1


def test_a_fold_tells_how_long_its_members_took() -> None:
    fold = layout_of(with_root(*crowd(100))).folds[0]
    assert (fold.p50_ns, fold.p99_ns) == (3, 5)


def test_arrows_and_a_click_unfold_and_fold(waterfall: Waterfall) -> None:
    waterfall.show_tree(layout_of(with_root(*crowd())))
    waterfall.select_span("root")
    QTest.keyClick(waterfall, Qt.Key.Key_Down)
    assert (waterfall.selected_span, waterfall.current_sentence) == ("", waterfall.accessibleDescription())
    assert waterfall.current_sentence.startswith(f"{MANY} spans node embed, p50 ")
    QTest.keyClick(waterfall, Qt.Key.Key_Right)
    assert len(seen(waterfall)) == MANY + 2
    QTest.keyClick(waterfall, Qt.Key.Key_Right)
    assert waterfall.selected_span == "root-e000"
    QTest.keyClick(waterfall, Qt.Key.Key_Left)
    QTest.keyClick(waterfall, Qt.Key.Key_Left)
    assert len(seen(waterfall)) == 2
    QTest.mouseClick(
        waterfall.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(150, ROW_PX + 9)
    )
    assert len(seen(waterfall)) == MANY + 2


def test_what_leads_to_a_member_unfolds_it(waterfall: Waterfall) -> None:
    waterfall.show_tree(layout_of(with_root(*crowd())))
    assert waterfall.select_span("root-e017")
    assert waterfall.selected_span == "root-e017"
    assert len(seen(waterfall)) == MANY + 2


def test_folding_the_row_around_the_selection_selects_that_row(waterfall: Waterfall) -> None:
    waterfall.show_tree(layout_of(with_root(timed("a", "root", 0, 5), timed("b", "a", 0, 5))))
    waterfall.select_span("b")
    waterfall.fold_all()
    assert (waterfall.selected_span, len(seen(waterfall))) == ("root", 1)


def test_spans_are_folded_by_depth_and_by_type(waterfall: Waterfall) -> None:
    tree = build_tree(
        [
            timed("root", None, 0, 9),
            timed("a", "root", 0, 5),
            SpanRow("llm", "a", "shop", "llm", "llm", 10**9, 10**9 + 1, False),
            timed("under", "llm", 0, 1),
        ]
    )
    waterfall.show_tree(layout_of(tree))
    for depth, rows in ((1, 2), (2, 3), (3, 4)):
        waterfall.fold_to_depth(depth)
        assert len(seen(waterfall)) == rows
    waterfall.fold_to_depth(None)
    waterfall.set_type_open("llm", False)
    assert (len(seen(waterfall)), waterfall.outline.closed_types()) == (3, frozenset({"llm"}))
    waterfall.set_type_open("llm", True)
    assert len(seen(waterfall)) == 4


def test_folds_hold_while_the_trace_grows(waterfall: Waterfall) -> None:
    rows = [*crowd(), timed("a", "root", 500, 600, name="a"), timed("b", "a", 510, 520, name="b")]
    waterfall.show_tree(layout_of(with_root(*rows)))
    line = waterfall.outline.line_of("a")
    assert line is not None
    waterfall.set_open(line, False)
    more = [timed("c", "a", 511, 515, name="c"), timed("late", None, 5, 6, name="late"), *crowd(40)[MANY:]]
    waterfall.grow(layout_of(with_root(*rows, *more)))
    assert seen(waterfall) == ["root", ".×40 embed", ".a", "late"]
    assert not is_open(waterfall, "a")


def test_rows_that_are_looked_at_do_not_vanish_into_a_new_fold(waterfall: Waterfall) -> None:
    waterfall.resize(900, 200)
    early = crowd(MORE_THAN)
    waterfall.show_tree(layout_of(with_root(*early)))
    waterfall.select_span("root-e010")
    place = top_of_current(waterfall)
    waterfall.grow(layout_of(with_root(*crowd(MANY))))
    assert (waterfall.selected_span, top_of_current(waterfall)) == ("root-e010", place)
    assert len(seen(waterfall)) == MANY + 2
