"""Runs by name: how often, how well, how long, and a small picture of the last ones."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.bar import GROUPS, RUNS
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.features.runs.strip import bar_heights
from junjo_desktop.shell.destinations import OpenRun
from tests.features.runs.looking import wait_for_names
from tests.features.runs.stored_runs import SECOND, add_agent, add_open_run, add_run
from tests.support.otlp import span_id, trace_id
from tests.support.qt import Role, press
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells


def fill(telemetry: StoredTelemetry) -> None:
    """Ten orders, of which one failed and one was cancelled, a running one, and a bill elsewhere."""
    for number in range(1, 9):
        add_run(telemetry, number, "order", lasted_ns=number * SECOND)
    add_run(telemetry, 9, "order", lasted_ns=9 * SECOND, error="ValueError")
    add_run(telemetry, 10, "order", lasted_ns=10 * SECOND, more={"junjo.cancelled": True})
    add_open_run(telemetry, 11, "order")
    add_run(telemetry, 12, "bill", service="billing")


def wait_for_groups(qtbot: QtBot, page: RunsPage, names: list[str]) -> None:
    def shown() -> None:
        assert cells(page.groups.table, "name") == names

    qtbot.waitUntil(shown)


def test_each_name_has_one_line_with_its_figures(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    fill(telemetry)
    press(page, "Show: By workflow", Role.CheckBox)
    wait_for_groups(qtbot, page, ["bill", "order"])
    table = page.groups.table
    assert cells(table, "runs") == ["1", "11"]
    assert cells(table, "failure_rate") == ["0 %", "10 %"]
    assert cells(table, "failed") == ["0", "1"]
    assert cells(table, "open") == ["", "1"]
    assert (cells(table, "p50")[1], cells(table, "p95")[1]) == ("5.00 s", "10.0 s")
    assert cells(table, "strip")[1].startswith("The last 11 runs: 8 completed, 1 failed, 1 cancelled, 1 running")
    assert not page.scatter.isVisible()


def test_groups_are_live_and_follow_the_filters(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    add_run(telemetry, 1, "order")
    page.show_mode(GROUPS)
    wait_for_groups(qtbot, page, ["order"])
    add_run(telemetry, 2, "bill", error="ValueError")
    wait_for_groups(qtbot, page, ["bill", "order"])
    page.bar.failed.click()
    wait_for_groups(qtbot, page, ["bill"])
    page.show_mode(RUNS)
    wait_for_names(qtbot, page, ["bill"])


def test_a_header_sorts_groups(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    fill(telemetry)
    page.show_mode(GROUPS)
    wait_for_groups(qtbot, page, ["bill", "order"])
    page.groups.table.sort_requested.emit("runs", True)
    wait_for_groups(qtbot, page, ["order", "bill"])
    page.groups.table.sort_requested.emit("failure_rate", False)
    wait_for_groups(qtbot, page, ["bill", "order"])


def test_opening_a_group_lists_its_runs_and_the_chips_lead_back(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show_mode(GROUPS)
    wait_for_groups(qtbot, page, ["bill", "order"])
    page.groups.table.view.selectRow(0)
    QTest.keyClick(page.groups.table.view, Qt.Key.Key_Return)
    wait_for_names(qtbot, page, ["bill"])
    assert (page.mode, page.shown_filter) == (RUNS, RunsFilter(name="bill", service="billing"))
    page.chips.clear()
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 12)


def test_the_last_run_of_a_group_can_be_opened_and_a_group_peeked_at(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot, opened: list[object]
) -> None:
    fill(telemetry)
    page.show_mode(GROUPS)
    wait_for_groups(qtbot, page, ["bill", "order"])
    page.groups.table.view.selectRow(0)
    actions = {action.text(): action for action in page.groups.table.menu.build().actions()}
    actions["Open the last run"].trigger()
    assert opened == [OpenRun(trace_id(12).hex(), span_id(1200).hex())]
    QTest.keyClick(page.groups.table.view, Qt.Key.Key_Space)
    assert {fact.label: fact.value for fact in page.groups.peek.facts}["Name"] == "bill"


def test_agents_are_grouped_with_what_they_used(telemetry: StoredTelemetry, agents: RunsPage, qtbot: QtBot) -> None:
    add_agent(telemetry, 1, "planner")
    add_agent(telemetry, 2, "planner", reason="tool_error")
    press(agents, "Show: By agent", Role.CheckBox)
    wait_for_groups(qtbot, agents, ["planner"])
    table = agents.groups.table
    assert cells(table, "failure_rate") == ["50 %"]
    assert (cells(table, "model_requests"), cells(table, "tool_calls"), cells(table, "tokens")) == (
        ["2"],
        ["2"],
        ["60"],
    )


def test_no_group_says_why(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    add_run(telemetry, 1, "order")
    page.show_filter(RunsFilter(text="nothing"))
    page.show_mode(GROUPS)
    qtbot.waitUntil(page.groups.table.empty_state.isVisible)
    press(page.groups, "Clear filters")
    wait_for_groups(qtbot, page, ["order"])


def test_bars_are_as_high_as_runs_took_long() -> None:
    assert bar_heights([10, 100, 1000, None]) == pytest.approx([1 / 3, 2 / 3, 1.0, 0.0])
    assert bar_heights([0, -5]) == [0.0, 0.0]
