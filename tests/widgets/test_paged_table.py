"""A list of any length stays smooth, and still while new rows arrive."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from junjo_desktop.theme.tokens import ROW_PX
from tests.support.qt import cell_texts, unnamed_controls
from tests.support.reads import Numbers, Reads
from tests.widgets.number_table import Table, refresh, top_text


def test_the_model_keeps_qts_rules(table: Table, load: Callable[..., None], qtmodeltester: ModelTester) -> None:
    load(Numbers(20))
    qtmodeltester.check(table.model)  # type: ignore[no-untyped-call] # pytest-qt has no annotations here


def test_new_rows_come_in_at_the_top_while_it_is_watched(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    source.grow(3)
    refresh(qtbot, table)

    assert table.model.rowCount() == 103
    assert table.news == 0
    qtbot.waitUntil(lambda: top_text(table) == "row 102 v1")


def test_new_rows_stand_out_for_a_moment(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    qtbot.waitUntil(lambda: top_text(table) != "")
    calm = table.grab().toImage()
    source.grow(2)
    refresh(qtbot, table)
    qtbot.waitUntil(lambda: top_text(table) == "row 101 v1")
    inside = (table.width() // 2, table.view.horizontalHeader().height() + 4)
    assert table.grab().toImage().pixelColor(*inside) != calm.pixelColor(*inside)
    qtbot.waitUntil(lambda: table.grab().toImage().pixelColor(*inside) == calm.pixelColor(*inside))


def test_a_scrolled_list_stays_where_it_is(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    table.view.verticalScrollBar().setValue(7 * ROW_PX + 3)
    before = top_text(table)
    source.grow(37)
    refresh(qtbot, table)

    assert (top_text(table), table.view.verticalScrollBar().value()) == (before, 7 * ROW_PX + 3)
    assert table.news == 37
    assert "37 new numbers" in [child.text() for child in table.view.children() if hasattr(child, "text")]


def test_another_source_in_place_stays_where_the_user_is(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    load(Numbers(100))
    table.select_id(60)
    table.view.verticalScrollBar().setValue(30 * ROW_PX)
    before = top_text(table)
    for in_place, scrolled in ((True, 50 * ROW_PX), (False, 0)):
        table.set_source(Numbers(120), in_place=in_place)
        qtbot.waitUntil(lambda: not table.is_loading and table.model.rowCount() == 120)
        assert table.view.verticalScrollBar().value() == scrolled
        assert table.current_id == 60
        assert (top_text(table) == before) is in_place


def test_a_selection_holds_the_list_still(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    table.view.selectRow(2)
    source.grow(1)
    refresh(qtbot, table)

    assert top_text(table) == "row 99 v1"
    assert table.news == 1


def test_held_rows_are_kept_up_to_date(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    table.view.selectRow(2)
    source.version = 2
    source.grow(1)
    refresh(qtbot, table)

    qtbot.waitUntil(lambda: top_text(table) == "row 99 v2")


def test_showing_the_news_goes_to_the_top_and_keeps_the_selection(
    qtbot: QtBot, table: Table, load: Callable[..., None]
) -> None:
    source = Numbers(100)
    load(source)
    table.view.selectRow(2)
    source.grow(5)
    refresh(qtbot, table)
    with qtbot.assertNotEmitted(table.current_changed):
        table.show_news()

    assert table.view.verticalScrollBar().value() == 0
    assert table.model.rowCount() == 105
    assert (table.current_id, table.selected_ids()) == (97, [97])
    # What was pressed is "follow": the next rows come in by themselves.
    source.grow(1)
    refresh(qtbot, table)
    assert table.news == 0


def test_going_back_to_the_top_takes_what_was_held(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    table.view.verticalScrollBar().setValue(300)
    source.grow(5)
    refresh(qtbot, table)
    table.view.verticalScrollBar().setValue(0)

    assert table.model.rowCount() == 105
    assert table.news == 0


def test_deleted_rows_leave_and_what_was_looked_at_stays_in_place(
    qtbot: QtBot, table: Table, load: Callable[..., None]
) -> None:
    source = Numbers(100)
    load(source)
    table.view.verticalScrollBar().setValue(20 * ROW_PX)
    before = top_text(table)
    source.drop(99, 98, 97)
    refresh(qtbot, table)

    assert table.model.rowCount() == 97
    qtbot.waitUntil(lambda: top_text(table) == before)


def test_a_deleted_current_row_is_told_about(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100)
    load(source)
    table.view.selectRow(2)
    source.drop(97)
    with qtbot.waitSignal(table.current_changed) as told:
        refresh(qtbot, table)
    assert told.args == [None]


def test_a_row_that_vanished_meanwhile_says_so(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(5)
    load(source)
    source.numbers = [4, 3, 1, 0, -1]
    table.view.selectRow(0)
    table.refresh()
    qtbot.waitUntil(lambda: table.model.index(2, 0).data() == "no longer stored")


def test_an_empty_list_shows_its_sentence(table: Table, load: Callable[..., None]) -> None:
    assert not table.empty_state.isVisible()
    load(Numbers(0))
    assert table.empty_state.isVisible()


def test_the_first_rows_replace_the_sentence(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(0)
    load(source)
    source.grow(1)
    refresh(qtbot, table)
    assert not table.empty_state.isVisible()
    assert table.model.rowCount() == 1


def test_headers_ask_for_an_order_instead_of_sorting(table: Table, load: Callable[..., None]) -> None:
    load(Numbers(10))
    asked: list[tuple[str, bool]] = []
    table.sort_requested.connect(lambda key, descending: asked.append((key, descending)))
    header = table.view.horizontalHeader()
    for section in (0, 1, 2):
        header.sectionClicked.emit(section)

    assert asked == [("number", False), ("name", False)]
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_a_click_on_what_cannot_be_sorted_leaves_the_arrow_where_it_is(
    qtbot: QtBot, table: Table, load: Callable[..., None]
) -> None:
    load(Numbers(10))
    table.set_source(Numbers(10), sort_key="name", descending=True)
    qtbot.waitUntil(lambda: not table.is_loading)
    header = table.view.horizontalHeader()
    section = next(at for at, column in enumerate(table.model.columns) if not column.sortable)
    header.setSectionHidden(section, False)
    middle = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)

    assert table.model.columns[header.sortIndicatorSection()].key == "name"
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_keys_open_peek_and_let_go(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    load(Numbers(10))
    table.view.setFocus()
    table.view.selectRow(3)
    with qtbot.waitSignal(table.row_activated) as opened:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    with qtbot.waitSignal(table.peek_requested) as peeked:
        QTest.keyClick(table.view, Qt.Key.Key_Space)
    QTest.keyClick(table.view, Qt.Key.Key_Escape)

    assert opened.args == peeked.args == [6]
    assert table.selected_ids() == []


def test_the_current_row_stays_in_sight_when_something_opens_below_the_list(
    table: Table, load: Callable[..., None]
) -> None:
    load(Numbers(100))
    table.resize(table.width(), table.view.horizontalHeader().height() + 12 * ROW_PX)
    for row, is_followed in ((9, True), (40, False)):
        table.view.scrollToTop()
        table.view.selectRow(row)
        table.view.verticalScrollBar().setValue(0)
        table.resize(table.width(), table.height() - 6 * ROW_PX)
        index = table.model.index(row, 0)
        seen = table.view.visualRect(index)
        assert (seen.bottom() <= table.view.viewport().height()) == is_followed
        assert (table.view.verticalScrollBar().value() > 0) == is_followed
        table.resize(table.width(), table.height() + 6 * ROW_PX)


def test_home_and_end_go_to_the_ends(table: Table, load: Callable[..., None]) -> None:
    load(Numbers(1000))
    QTest.keyClick(table.view, Qt.Key.Key_End)
    assert table.current_id == 0
    QTest.keyClick(table.view, Qt.Key.Key_Home)
    assert table.current_id == 999


def test_copied_rows_are_the_visible_columns_also_of_rows_never_seen(
    qtbot: QtBot, table: Table, load: Callable[..., None]
) -> None:
    load(Numbers(600))
    table.view.horizontalHeader().moveSection(0, 1)
    model, selection = table.model, table.view.selectionModel()
    for row in (0, 599):
        selection.select(
            model.index(row, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        )
    table.menu.copy_rows()

    expected = "Name\tNumber\nrow 599 v1\t599\nrow 0 v1\t0"
    qtbot.waitUntil(lambda: QApplication.clipboard().text() == expected)


def test_rows_are_copied_as_json(table: Table, load: Callable[..., None]) -> None:
    load(Numbers(3))
    table.view.selectRow(0)
    table.menu.copy_json()
    assert '"number": 2' in QApplication.clipboard().text()


@pytest.mark.parametrize(
    ("name", "start"), [("all.csv", "Number,Name\r\n599,row"), ("all.json", "[\n  {"), ("all.tsv", "Number\tName\n")]
)
def test_all_rows_are_exported(
    qtbot: QtBot, table: Table, load: Callable[..., None], tmp_path: Any, name: str, start: str
) -> None:
    load(Numbers(600))
    table.menu.export_to(tmp_path / name)
    qtbot.waitUntil(lambda: (tmp_path / name).exists() and "row 0 v1" in (tmp_path / name).read_text())
    assert (tmp_path / name).read_bytes().decode().startswith(start)


def test_an_export_that_cannot_be_written_is_reported(
    qtbot: QtBot, table: Table, reads: Reads, load: Callable[..., None], tmp_path: Any
) -> None:
    load(Numbers(3))
    table.menu.export_to(tmp_path / "no such folder" / "rows.csv")
    qtbot.waitUntil(lambda: bool(reads.errors))
    assert "cannot be written" in str(reads.errors[0])


def test_columns_are_kept_and_come_back(table: Table, tmp_path: Any) -> None:
    header = table.view.horizontalHeader()
    header.moveSection(1, 0)
    header.resizeSection(1, 333)
    header.setSectionHidden(2, False)
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    table.save_state(state)
    table.columns.reset()
    assert [column.key for column in table.columns.visible()] == ["number", "name"]

    table.restore_state(state)
    assert [column.key for column in table.columns.visible()] == ["name", "number", "more"]
    assert header.sectionSize(1) == 333


@pytest.mark.parametrize("odd", ["", "{", "[1, 2]", '[{"key": "gone"}]', '[{"key": "name", "width": -5}]', "null"])
def test_odd_column_state_is_ignored(table: Table, odd: str) -> None:
    table.columns.restore(odd)
    assert {column.key for column in table.columns.visible()} == {"number", "name"}


def test_a_column_that_the_kept_state_does_not_know_stands_where_it_belongs(table: Table) -> None:
    kept = [{"key": key, "width": 80, "hidden": False} for key in ("more", "number")]
    table.columns.restore(json.dumps(kept))
    assert [column.key for column in table.columns.visible()] == ["more", "number", "name"]
    kept.reverse()
    table.columns.restore(json.dumps(kept))
    assert [column.key for column in table.columns.visible()] == ["number", "name", "more"]


def test_the_last_column_cannot_be_hidden(table: Table) -> None:
    table.view.horizontalHeader().setSectionHidden(1, True)
    menu = table.columns.menu(table)
    menu.aboutToShow.emit()
    ticks = {action.text(): action for action in menu.actions()}
    assert not ticks["Number"].isEnabled()
    ticks["Name"].trigger()
    assert [column.key for column in table.columns.visible()] == ["number", "name"]


def test_it_can_be_used_without_sight_or_mouse(table: Table, load: Callable[..., None]) -> None:
    load(Numbers(3))
    assert unnamed_controls(table) == []
    assert {"Number", "Name", "row 2 v1"} <= set(cell_texts(table.view))
