"""Rows of a foldable list: which are in sight, and how the Qt list follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.outline import Cells, Outline, OutlineBuilder
from junjo_desktop.features.run.outline_model import OutlineModel
from junjo_desktop.features.run.outline_view import OutlineView
from tests.support.qt import cell_texts


@dataclass(frozen=True)
class Named:
    """A row that says its name."""

    name: str
    span_id: str | None = None
    step: tuple[str, int] | None = None

    def cells(self) -> Cells:
        return Cells(self.name, number="7", tag=("node", "node"), right="12 ms", badge=("inferred", "warning"))


def outline(*rows: str) -> Outline:
    """Make an outline of names, indented by dots."""
    made = OutlineBuilder()
    for row in rows:
        name = row.lstrip(".")
        made.add(name, len(row) - len(name), Named(name, span_id=name))
    return made.build()


SAMPLE = outline("a", ".b", "..c", "..d", ".e", "f", ".g")


def names(rows: Outline, positions: Sequence[int]) -> str:
    return "".join(str(rows.nodes[position].key) for position in positions)


def shown(view: OutlineView) -> str:
    return "".join(str(view.rows.node_at(row).key) for row in range(view.rows.rowCount()))


@pytest.fixture
def view(qtbot: QtBot) -> OutlineView:
    """A shown list."""
    view = OutlineView("Things")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.show_outline(SAMPLE)
    return view


def test_what_is_below_a_folded_row_is_out_of_sight() -> None:
    assert names(SAMPLE, SAMPLE.visible(())) == "abcdefg"
    assert names(SAMPLE, SAMPLE.visible({"b"})) == "abefg"
    assert names(SAMPLE, SAMPLE.visible({"a", "b"})) == "afg"


def test_a_filter_keeps_what_is_around_what_it_found() -> None:
    assert names(SAMPLE, SAMPLE.visible((), kept={"d"})) == "abd"
    assert names(SAMPLE, SAMPLE.visible((), kept={"d", "g"})) == "abdfg"
    assert names(SAMPLE, SAMPLE.visible((), kept=set())) == ""


def test_ancestors_are_told_from_the_nearest() -> None:
    assert names(SAMPLE, list(SAMPLE.ancestors(SAMPLE.position_of("d")))) == "ba"
    assert list(SAMPLE.ancestors(0)) == []


@st.composite
def outlines(draw: st.DrawFn) -> tuple[Outline, frozenset[int], frozenset[int]]:
    """Any outline with any folds and any filter."""
    made, depth = OutlineBuilder(), 0
    for number in range(draw(st.integers(0, 30))):
        depth = draw(st.integers(0, depth + 1)) if number else 0
        made.add(number, depth, Named(str(number)))
    rows = made.build()
    keys = st.frozensets(st.integers(0, max(len(rows) - 1, 0)))
    return rows, draw(keys), draw(keys)


@given(outlines())
def test_a_row_is_in_sight_exactly_when_nothing_around_it_is_folded_and_it_leads_to_what_was_found(
    made: tuple[Outline, frozenset[int], frozenset[int]],
) -> None:
    rows, folded, kept = made
    sight = set(rows.visible(folded, kept))
    for position in range(len(rows)):
        around = set(rows.ancestors(position))
        leads = any(position == found or position in rows.ancestors(found) for found in kept if found < len(rows))
        assert (position in sight) == (leads and not around & folded)


@given(outlines(), st.lists(st.integers(0, 29), max_size=12))
def test_folding_and_unfolding_keeps_the_qt_list_right(
    made: tuple[Outline, frozenset[int], frozenset[int]], presses: list[int]
) -> None:
    rows, _, _ = made
    model = OutlineModel()
    watching = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_outline(rows)
    folded: set[object] = set()
    for press in presses:
        if press < model.rowCount() and model.is_foldable(press):
            key = model.node_at(press).key
            (model.unfold if model.is_folded(press) else model.fold)(press)
            folded ^= {key}
        assert [model.node_at(row).key for row in range(model.rowCount())] == [
            rows.nodes[position].key for position in rows.visible(folded)
        ]
    assert watching.model() is model


def test_arrows_fold_and_unfold_and_others_choose(view: OutlineView, qtbot: QtBot) -> None:
    chosen: list[object] = []
    view.chosen.connect(chosen.append)
    view.setFocus()
    assert chosen == []
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert shown(view) == "abefg"
    assert chosen[-1] == Named("b", span_id="b")
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert shown(view) == "abcdefg"
    with qtbot.waitSignal(view.entered_row):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_the_fold_mark_folds_and_the_rest_of_the_row_chooses(view: OutlineView) -> None:
    row = view.visualRect(view.rows.index(1))
    mark = view._cells.fold_mark(row, 1).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=mark)
    assert shown(view) == "abefg"
    assert not view.selectedIndexes()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert view.current_item == Named("b", span_id="b")


def test_following_unfolds_what_hides_the_row_and_does_not_choose(view: OutlineView) -> None:
    chosen: list[object] = []
    view.chosen.connect(chosen.append)
    view.fold_all()
    assert shown(view) == "abefg"
    assert view.follow("d")
    assert shown(view) == "abcdefg"
    assert view.current_item == Named("d", span_id="d")
    assert not view.follow("nowhere")
    assert not view.currentIndex().isValid()
    assert chosen == []


def test_an_update_keeps_folds_the_current_row_and_the_place(view: OutlineView) -> None:
    many = [f".{number}" for number in range(200)]
    view.show_outline(outline("a", *many, "z", ".y"))
    view.follow("z")
    view.toggle(view.rows.row_of("z"))
    view.follow("150")
    view.verticalScrollBar().setValue(100 * 25 + 7)
    top = view.indexAt(view.viewport().rect().topLeft()).row()
    before = view.rows.node_at(top).key
    view.show_outline(outline("a", ".new", *many, "z", ".y", ".x"), is_update=True)
    assert view.current_item == Named("150", span_id="150")
    assert view.rows.node_at(view.indexAt(view.viewport().rect().topLeft()).row()).key == before
    assert view.rows.row_of("x") == -1


def test_rows_are_spoken_and_copied_as_sentences(view: OutlineView) -> None:
    view.follow("b")
    assert cell_texts(view)[1] == "7 node b, inferred, 12 ms, level 2, unfolded"
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "node b, inferred, 12 ms"
