"""The rows of a comparison: which are in sight, and how the list folds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.compare.rows import ComparedRow, ComparedRows, Side
from junjo_desktop.features.compare.rows_model import NAME
from junjo_desktop.features.compare.rows_view import RowsView


def rows_of(text: str) -> ComparedRows:
    """Rows of names that dots indent; a sign before a name is that of the row, `≠` is a sentence."""
    found: list[ComparedRow] = []
    for word in text.split():
        depth, rest = len(word) - len(word.lstrip(".")), word.lstrip(".")
        is_sentence, sign = rest.startswith("≠"), rest[0] if rest[0] in "+−~" else ""
        key = None if is_sentence else len(found)
        found.append(ComparedRow(key, rest.lstrip("+−~"), depth, sign=sign, right=Side(f"span {rest}", "1 ms")))
    return ComparedRows.of(found)


ROWS = "a .b ..c ..+d .e .f ..g"


@pytest.fixture
def view(qtbot: QtBot) -> RowsView:
    made = RowsView("Rows")
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.show_rows(rows_of(ROWS), is_update=False)
    return made


def in_sight(view: RowsView) -> str:
    rows = (view.rows.row_at(view.rows.index(row, NAME)) for row in range(view.rows.rowCount()))
    return " ".join(row.name for row in rows)


def test_only_what_differs_and_what_is_around_it(view: RowsView) -> None:
    view.go_to(6)
    view.show_only_differing(True)
    assert in_sight(view) == "a b d"
    view.go_to(3)
    view.show_only_differing(False)
    assert in_sight(view) == "a b c d e f g"
    assert view.current_key == 3


def test_a_row_folds_by_keyboard_and_the_rest_stays(view: RowsView) -> None:
    view.go_to(1)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert in_sight(view) == "a b e f g"
    assert view.current_key == 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current_key == 2
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.current_key == 0


def test_a_row_folds_by_its_mark_and_is_unfolded_by_going_to_it(view: RowsView) -> None:
    place = view.visualRect(view.rows.index(1, NAME)).topLeft()
    place.setX(place.x() + 18 + 15 + 6)
    place.setY(place.y() + 10)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert in_sight(view) == "a b e f g"
    view.go_to(3)
    assert in_sight(view) == "a b c d e f g"
    assert view.current_key == 3


def test_an_update_keeps_what_is_folded_and_current(view: RowsView) -> None:
    view.go_to(1)
    QTest.keyClick(view, Qt.Key.Key_Left)
    view.show_rows(rows_of(f"{ROWS} .h"), is_update=True)
    assert in_sight(view) == "a b e f g h"
    assert view.current_key == 1
    view.show_rows(rows_of(ROWS), is_update=False)
    assert in_sight(view) == "a b c d e f g"


def test_a_sentence_is_never_current(view: RowsView) -> None:
    view.show_rows(rows_of("a .≠parts .+b"), is_update=False)
    view.go_to(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current_row is not None
    assert view.current_row.name == "b"


def test_a_screen_reader_hears_sign_level_and_fold(view: RowsView) -> None:
    spoken = [view.rows.index(row, NAME).data(Qt.ItemDataRole.AccessibleTextRole) for row in (1, 3)]
    assert spoken == [
        "b, left none, right 1 ms, level 2, unfolded",
        "+ d, left none, right 1 ms, level 3",
    ]


def test_home_and_end_go_to_the_first_and_last_row(view: RowsView) -> None:
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current_key == 6
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.current_key == 0
