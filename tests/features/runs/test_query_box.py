"""Queries above the lists of runs: the same language, asked of runs and of the traces they are in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.bar import GROUPS
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.store.run_filters import RunSortBy
from tests.features.runs.looking import wait_for_names
from tests.features.runs.stored_runs import SECOND, add_run
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells


@pytest.fixture
def filled(page: RunsPage, telemetry: StoredTelemetry, qtbot: QtBot) -> RunsPage:
    """The page with three runs."""
    add_run(telemetry, 1, "order", more={"junjo.workflow.state.start": '{"tea": "green"}'})
    add_run(telemetry, 2, "bill", service="billing", version="2.0", lasted_ns=5 * SECOND)
    add_run(telemetry, 3, "broken", error="KeyError")
    wait_for_names(qtbot, page, ["broken", "bill", "order"])
    return page


def _ask(page: RunsPage, text: str) -> None:
    page.bar.search.setFocus()
    page.bar.search.setText(text)
    QTest.keyClick(page.bar.search, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("outcome:failed", ["broken"]),
        ("-outcome:failed duration > 2s", ["bill"]),
        ("version = 2.0 OR green", ["bill", "order"]),
        ('{"junjo.workflow.state.start":green}', ["order"]),
    ],
)
def test_a_query_lists_the_runs_that_match(filled: RunsPage, qtbot: QtBot, text: str, wanted: list[str]) -> None:
    _ask(filled, text)
    wait_for_names(qtbot, filled, wanted)
    assert filled.query.mistakes.isHidden()
    filled.show_mode(GROUPS)
    qtbot.waitUntil(lambda: set(cells(filled.groups.table, "name")) == set(wanted))


def test_a_mistake_is_told_and_the_list_stays(filled: RunsPage) -> None:
    _ask(filled, "severity:error")
    assert filled.bar.search.has_problem
    assert filled.query.mistakes.text.startswith("Runs have no field `severity`.")
    _ask(filled, "name ~ (?<!x)")
    assert filled.query.mistakes.isVisible()
    assert cells(filled.table, "name") == ["broken", "bill", "order"]


def test_groups_are_narrowed_by_their_cells_too(filled: RunsPage, qtbot: QtBot) -> None:
    filled.show_mode(GROUPS)
    qtbot.waitUntil(lambda: filled.groups.table.model.rowCount() == 3)
    names = cells(filled.groups.table, "name")
    filled.groups.table.view.selectRow(names.index("bill"))
    command = next(one for one in filled.commands() if one.id == "workflows.like")
    assert command.enabled()
    menu = filled.groups.table.menu.build_terms()
    actions = {one.text().replace("\u2068", "").replace("\u2069", ""): one for one in menu.actions()}
    actions["Not service = billing"].trigger()
    qtbot.waitUntil(lambda: set(cells(filled.groups.table, "name")) == {"broken", "order"})
    assert filled.shown_filter.text == "-service = billing"


def test_a_cell_narrows_the_list_and_keeps_the_other_filters(filled: RunsPage, qtbot: QtBot) -> None:
    filled.bar.failed.click()
    wait_for_names(qtbot, filled, ["broken"])
    filled.table.view.selectRow(0)
    column = [column.key for column in filled.table.model.columns].index(RunSortBy.ERROR)
    entries = {action.text().strip("\u2068\u2069"): action for action in filled.table.menu.build(column).actions()}
    entries["Only \u2068KeyError"].trigger()
    assert filled.shown_filter.text == "KeyError"
    assert filled.bar.failed.isChecked()
    wait_for_names(qtbot, filled, ["broken"])
