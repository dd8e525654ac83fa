"""Saved views of the list of traces: saved, changed, renamed, deleted, opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.query_box.view_commands import view_commands
from junjo_desktop.shell.workbench import Workbench
from tests.features.traces.test_page import add, wait_for_names
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry


@pytest.fixture
def filled(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with three traces."""
    add(telemetry, 1, "brew")
    add(telemetry, 2, "pour", service="billing")
    add(telemetry, 3, "serve", error="spilled")
    wait_for_names(qtbot, page, ["serve", "pour", "brew"])
    return page


@pytest.fixture
def reported(bench: Workbench) -> list[Exception]:
    """What was reported."""
    told: list[Exception] = []
    bench.connect_shell(lambda _place: True, told.append, lambda _place: True)
    return told


def _menu(page: TracesPage) -> QMenu:
    menu = page.view_button.menu()
    menu.aboutToShow.emit()
    return menu


def _entries(page: TracesPage) -> dict[str, Callable[[], None]]:
    return {
        action.text().replace("\u2068", "").replace("\u2069", ""): action.trigger
        for action in _menu(page).actions()
        if action.text() and action.isEnabled()
    }


def _name(page: TracesPage, text: str) -> None:
    dialog = next(one for one in page.findChildren(QInputDialog) if one.isVisible())
    dialog.setTextValue(text)
    dialog.accept()


def _save(page: TracesPage, name: str, qtbot: QtBot) -> None:
    _entries(page)["Save view…\tCtrl+S"]()
    _name(page, name)
    qtbot.waitUntil(lambda: page.workbench.views.named(name) is not None)


def test_a_view_brings_back_query_filters_columns_and_order(filled: TracesPage, qtbot: QtBot) -> None:
    header = filled.table.view.horizontalHeader()
    filled.show_filter(TraceFilter(text="service:shop", errors_only=True))
    filled.table.sort_requested.emit(SortBy.NAME, False)
    header.setSectionHidden(3, True)
    header.moveSection(header.visualIndex(5), 1)
    header.resizeSection(2, 333)
    _save(filled, "Broken in the shop", qtbot)
    columns = filled.table.columns.save()
    assert filled.view_button.text() == "\u2068Broken in the shop\u2069"
    filled.table.columns.reset()
    filled.show_filter(TraceFilter())
    filled.table.sort_requested.emit(SortBy.STARTED, True)
    wait_for_names(qtbot, filled, ["serve", "pour", "brew"])
    assert filled.view_button.text() == "Views"
    _entries(filled)["Broken in the shop"]()
    wait_for_names(qtbot, filled, ["serve"])
    assert filled.shown_filter == TraceFilter(text="service:shop", errors_only=True)
    assert filled.shown_sort == Sort(SortBy.NAME, False)
    assert filled.table.columns.save() == columns
    assert filled.bar.search.text() == "service:shop"


def test_a_changed_view_says_so_and_can_be_saved_again(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="service:shop"))
    _save(filled, "Shop", qtbot)
    assert "Save changes to Shop" not in _entries(filled)
    filled.show_filter(TraceFilter(text="service:billing"))
    assert filled.view_button.text() == "\u2068Shop\u2069 *"
    assert "changed since it was saved" in filled.view_button.toolTip()
    _entries(filled)["Save changes to Shop"]()
    qtbot.waitUntil(lambda: [view.query for view in filled.views.all] == ["service:billing"])
    assert filled.view_button.text() == "\u2068Shop\u2069"


def test_another_view_of_that_name_is_replaced_only_when_asked(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="a"))
    _save(filled, "First", qtbot)
    filled.show_filter(TraceFilter(text="b"))
    _save(filled, "Second", qtbot)
    filled.views.ask_save()
    _name(filled, "FIRST")
    QTest.mouseClick(find(filled, Role.Button, "Keep"), Qt.MouseButton.LeftButton)
    assert [view.query for view in filled.views.all] == ["a", "b"]
    filled.views.ask_save()
    _name(filled, "FIRST")
    QTest.mouseClick(find(filled, Role.Button, "Replace"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [(one.name, one.query) for one in filled.views.all] == [("FIRST", "b"), ("Second", "b")])


def test_a_view_is_renamed_and_deleted_after_a_question(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="service:shop"))
    _save(filled, "Shop", qtbot)
    _entries(filled)["Rename Shop…"]()
    _name(filled, "Café & bar")
    qtbot.waitUntil(lambda: [view.name for view in filled.views.all] == ["Café & bar"])
    assert filled.view_button.text() == "\u2068Café && bar\u2069"
    _entries(filled)["Delete Café && bar…"]()
    assert len(filled.views.all) == 1
    QTest.mouseClick(find(filled, Role.Button, "Delete"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: filled.views.all == ())
    assert filled.shown_filter.text == "service:shop", "what is listed stays"


def test_names_that_are_none_or_taken_are_told(filled: TracesPage, reported: list[Exception], qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="a"))
    filled.views.save_as("   ")
    assert [str(error)[:27] for error in reported] == ["This is no name for a view."]
    _save(filled, "First", qtbot)
    _save(filled, "Second", qtbot)
    filled.views.rename("First")
    qtbot.waitUntil(lambda: len(reported) == 2)
    assert str(reported[1]).startswith("There is a view “First” already.")
    assert filled.views.active is not None
    assert filled.views.active.name == "Second"
    filled.show_view("Third")
    assert str(reported[2]).startswith("There is no view “Third” any more.")


def test_views_are_seen_by_other_pages_and_by_the_palette(
    filled: TracesPage, bench: Workbench, pages: list[QWidget], reported: list[Exception], qtbot: QtBot
) -> None:
    filled.show_filter(TraceFilter(text="name:pour"))
    _save(filled, "Poured", qtbot)
    other = TracesPage(bench)
    pages.append(other)
    assert [view.name for view in other.views.all] == ["Poured"]
    assert [(one.title, one.group) for one in view_commands(bench)] == [("Poured", "Saved views · traces")]
    other.show()
    other.show_view("poured")
    wait_for_names(qtbot, other, ["pour"])
    assert reported == []
