"""Filters that are made by a click: in a cell, by a key, and from other pages."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.filters import SortBy, TraceFilter
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.workbench import Workbench
from tests.features.traces.test_page import add, wait_for_names
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry


@pytest.fixture
def filled(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with three traces."""
    add(telemetry, 1, "brew tea")
    add(telemetry, 2, "pour", service="billing")
    add(telemetry, 3, "serve", error="spilled")
    wait_for_names(qtbot, page, ["serve", "pour", "brew tea"])
    return page


def _entries(menu: QMenu) -> list[str]:
    return [action.text().replace("\u2068", "").replace("\u2069", "") for action in menu.actions()]


def _choose(menu: QMenu, words: str) -> None:
    menu.actions()[_entries(menu).index(words)].trigger()


def _menu_of(page: TracesPage, row: int, key: str) -> QMenu:
    page.table.view.selectRow(row)
    return page.table.menu.build([column.key for column in page.table.model.columns].index(key))


def test_a_cell_narrows_the_list_to_its_value_or_to_others(filled: TracesPage, qtbot: QtBot) -> None:
    _choose(_menu_of(filled, 1, SortBy.SERVICE), "Only service = billing")
    wait_for_names(qtbot, filled, ["pour"])
    assert filled.bar.search.text() == "service = billing"
    _choose(_menu_of(filled, 0, SortBy.SERVICE), "Not service = billing")
    wait_for_names(qtbot, filled, ["serve", "brew tea"])
    _choose(_menu_of(filled, 1, SortBy.NAME), 'Not name = "brew tea"')
    wait_for_names(qtbot, filled, ["serve"])
    assert filled.shown_filter.text == '-service = billing -name = "brew tea"'


def test_a_key_offers_every_value_of_the_current_row(filled: TracesPage, qtbot: QtBot) -> None:
    filled.table.view.selectRow(0)
    menu = filled.table.menu.build_terms()
    shown = [words for words in _entries(menu) if words]
    wanted = ["name = serve", "service = shop", "error = true"]
    assert shown == [*(f"Only {term}" for term in wanted), *(f"Not {term}" for term in wanted)]
    command = next(one for one in filled.commands() if one.id == "traces.like")
    assert (command.shortcut, command.enabled()) == ("=", True)
    _choose(menu, "Not error = true")
    wait_for_names(qtbot, filled, ["pour", "brew tea"])


def test_what_cannot_be_asked_is_told_and_nothing_else_changes(
    filled: TracesPage, bench: Workbench, qtbot: QtBot
) -> None:
    told: list[Exception] = []
    bench.connect_shell(lambda _place: True, told.append)
    filled.take_term("name = pour")
    wait_for_names(qtbot, filled, ["pour"])
    filled.take_term("severity = error")
    assert [str(error).partition(".")[0] for error in told] == ["Traces have no field `severity`"]
    assert filled.shown_filter.text == "name = pour"


def test_a_condition_replaces_what_was_typed_and_makes_no_sense(filled: TracesPage, qtbot: QtBot) -> None:
    filled.bar.search.setText("(never closed")
    filled.take_term("name = pour")
    wait_for_names(qtbot, filled, ["pour"])
    assert filled.bar.search.text() == "name = pour"
    assert filled.query.mistakes.isHidden()


def test_hostile_values_are_menu_entries_like_any_other(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "<b>&x</b>\n\u202e\"'); DROP TABLE spans; --" + "y" * 900)
    add(telemetry, 2, "other")
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2)
    menu = _menu_of(page, 1, SortBy.NAME)
    words = next(text for text in _entries(menu) if text.startswith("Only name"))
    assert words.startswith('Only name:"<b>&&x</b>⏎')
    assert len(words) < 80
    _choose(menu, words)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1)


def test_each_condition_is_a_chip_that_takes_it_away(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="service:shop (error = true OR brew) -pour", errors_only=True))
    wait_for_names(qtbot, filled, ["serve"])
    for chip in ("service:shop", "error = true OR brew", "-pour"):
        assert find(filled.chips, Role.Button, f"Remove the condition: \u2068{chip}\u2069").isVisible()
    QTest.mouseClick(
        find(filled.chips, Role.Button, "Remove the condition: \u2068error = true OR brew\u2069"),
        Qt.MouseButton.LeftButton,
    )
    assert filled.bar.search.text() == "service:shop -pour"
    QTest.mouseClick(find(filled.chips, Role.Button, "Remove the filter: errors only"), Qt.MouseButton.LeftButton)
    wait_for_names(qtbot, filled, ["serve", "brew tea"])
