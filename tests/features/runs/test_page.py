"""The lists of runs on a real store: what is shown, what narrows it, and that nothing moves by itself."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.shell.destinations import OpenPage, OpenRun, OpenRuns
from junjo_desktop.store.run_filters import RunOutcome
from tests.features.runs.looking import wait_for_names
from tests.features.runs.stored_runs import SECOND, add_agent, add_open_run, add_run, key_of
from tests.support.junjo_spans import Place
from tests.support.otlp import span_id, trace_id
from tests.support.qt import Role, find, press, unnamed_controls
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells


def submenus(page: RunsPage) -> dict[str, list[QAction]]:
    """Open the menu of filters, and return the entries of its submenus."""
    page.bar.menu.aboutToShow.emit()
    found = [(action.text(), action.menu()) for action in page.bar.menu.actions()]
    return {
        title: [entry for entry in menu.actions() if not entry.isSeparator()]
        for title, menu in found
        if isinstance(menu, QMenu)
    }


@pytest.mark.parametrize(("name", "kind"), [("page", "workflow"), ("agents", "agent")])
def test_an_empty_store_says_what_to_do_and_leads_there(
    request: pytest.FixtureRequest, qtbot: QtBot, opened: list[object], name: str, kind: str
) -> None:
    page: RunsPage = request.getfixturevalue(name)
    qtbot.waitUntil(page.table.empty_state.isVisible)
    assert page.table.empty_state.sentence.startswith(f"No {kind} runs yet. Point a Junjo program here")
    press(page, "Show how to connect")
    assert opened == [OpenPage("connect")]


def test_new_runs_come_in_on_top_while_the_list_is_untouched(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    add_run(telemetry, 2, "second")
    wait_for_names(qtbot, page, ["second", "first"])


def test_a_running_run_becomes_a_completed_one_in_its_place_and_stays_selected(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "order")
    running = add_open_run(telemetry, 2, "order")
    wait_for_names(qtbot, page, ["order (inferred)", "order"])
    assert cells(page.table, "outcome") == ["running", "completed"]
    assert cells(page.table, "duration")[0].startswith("≥ ")
    page.table.view.selectRow(0)
    add_run(telemetry, 2, "order", lasted_ns=3 * SECOND)
    wait_for_names(qtbot, page, ["order", "order"])
    assert cells(page.table, "outcome") == ["completed", "completed"]
    assert cells(page.table, "duration")[0] == "3.00 s"
    assert (page.table.current_id, page.table.news) == (running, 0)


def test_new_runs_wait_behind_a_button_once_a_run_is_selected(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    page.table.view.selectRow(0)
    add_run(telemetry, 2, "second")
    qtbot.waitUntil(lambda: page.table.news == 1)
    assert cells(page.table, "name") == ["first"]
    press(page, "1 new run")
    wait_for_names(qtbot, page, ["second", "first"])


def test_a_run_of_which_nothing_is_heard_any_more_is_lost(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_open_run(telemetry, 1, received_ns=time.time_ns() - 61 * SECOND)
    wait_for_names(qtbot, page, ["(name not known yet)"])
    assert cells(page.table, "outcome") == ["lost"]


def test_every_outcome_has_its_word_and_its_mark(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    add_run(telemetry, 1, "good")
    add_run(telemetry, 2, "bad", error="ValueError")
    add_run(telemetry, 3, "stopped", more={"junjo.cancelled": True})
    add_open_run(telemetry, 4, "good")
    wait_for_names(qtbot, page, ["good (inferred)", "stopped", "bad", "good"])
    assert cells(page.table, "outcome") == ["running", "cancelled", "failed", "completed"]
    assert cells(page.table, "error") == ["", "", "ValueError", ""]
    qtbot.waitUntil(lambda: len(page.scatter.points) == 4)
    marks = {point.row_id: point.mark for point in page.scatter.points}
    assert [marks[key_of(number)] for number in (1, 2, 3, 4)] == ["done", "failed", "cancelled", "open"]


def test_subflows_are_listed_only_when_asked_for_and_clearing_filters_keeps_them(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "outer")
    inside = Place(1, 100, "runtime-100", "definition-100", "graph of outer", "workflow")
    add_run(telemetry, 2, "inner", kind="subflow", parent=inside)
    wait_for_names(qtbot, page, ["outer"])
    page.bar.subflows.click()
    wait_for_names(qtbot, page, ["inner · subflow", "outer"])
    page.bar.failed.click()
    wait_for_names(qtbot, page, [])
    page.chips.clear()
    wait_for_names(qtbot, page, ["inner · subflow", "outer"])


def test_filters_are_shown_as_chips_and_leave_by_one_press(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "fine")
    add_run(telemetry, 2, "broken", error="ValueError")
    wait_for_names(qtbot, page, ["broken", "fine"])
    page.bar.failed.click()
    wait_for_names(qtbot, page, ["broken"])
    press(page, "Remove the filter: failed")
    wait_for_names(qtbot, page, ["broken", "fine"])
    assert not page.bar.failed.isChecked()


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (RunsFilter(service="billing"), ["bill"]),
        (RunsFilter(name="order"), ["order"]),
        (RunsFilter(version="2.0"), ["bill"]),
        (RunsFilter(correlation_id="A-7"), ["order"]),
        (RunsFilter(outcomes=frozenset({RunOutcome.FAILED})), ["broken"]),
        (RunsFilter(outcomes=frozenset({RunOutcome.FAILED, RunOutcome.COMPLETED})), ["broken", "bill", "order"]),
        (RunsFilter(min_duration_ns=2 * SECOND), ["bill"]),
        (RunsFilter(max_duration_ns=SECOND - 1), ["broken"]),
        (RunsFilter(text="keyerror"), ["broken"]),
        (RunsFilter(text=trace_id(2).hex()), ["bill"]),
        (RunsFilter(text="a-7"), ["order"]),
    ],
    ids=(
        "service",
        "name",
        "version",
        "correlation",
        "failed",
        "failed-completed",
        "longer",
        "shorter",
        "error",
        "id",
        "text",
    ),
)
def test_every_filter_narrows_the_list(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot, chosen: RunsFilter, names: list[str]
) -> None:
    add_run(telemetry, 1, "order", more={"junjo.correlation.type": "order", "junjo.correlation.id": "A-7"})
    add_run(telemetry, 2, "bill", service="billing", version="2.0", lasted_ns=5 * SECOND)
    add_run(telemetry, 3, "broken", error="KeyError", lasted_ns=SECOND // 2)
    page.show_filter(chosen)
    wait_for_names(qtbot, page, names)


def test_the_menu_offers_what_there_is_and_ticks_what_is_chosen(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "order & more")
    add_run(telemetry, 2, "bill", version="2.0")
    qtbot.waitUntil(lambda: page.bar.service.count() == 2)
    assert list(submenus(page)) == ["State", "Name", "Version"]
    plain = str.maketrans("", "", "\u2068\u2069")
    names = [action.text().translate(plain) for action in submenus(page)["Name"]]
    assert names == ["All", "bill · 1", "order && more · 1"]
    submenus(page)["Name"][1].trigger()
    wait_for_names(qtbot, page, ["bill"])
    assert [action.isChecked() for action in submenus(page)["Name"]] == [False, True, False]
    submenus(page)["State"][1].trigger()
    assert page.shown_filter == RunsFilter(name="bill", outcomes=frozenset({RunOutcome.FAILED}))


def test_an_empty_answer_names_the_filters_and_clears_them(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "order")
    wait_for_names(qtbot, page, ["order"])
    QTest.keyClicks(page.bar.search, "nothing like it")
    qtbot.waitUntil(page.table.empty_state.isVisible)
    qtbot.waitUntil(lambda: "nothing like it" in page.table.empty_state.sentence)
    press(page.table, "Clear filters")
    wait_for_names(qtbot, page, ["order"])


@pytest.mark.parametrize(
    ("key", "descending", "names"),
    [("name", False, ["a", "b", "c"]), ("duration", True, ["b", "a", "c"]), ("started", False, ["c", "b", "a"])],
)
def test_a_header_sorts(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot, key: str, descending: bool, names: list[str]
) -> None:
    for number, (name, seconds) in enumerate((("c", 1), ("b", 9), ("a", 5)), 1):
        add_run(telemetry, number, name, lasted_ns=seconds * SECOND)
    wait_for_names(qtbot, page, ["a", "b", "c"])
    page.table.sort_requested.emit(key, descending)
    wait_for_names(qtbot, page, names)


def test_enter_and_one_click_on_the_arrow_open_the_run(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot, opened: list[object]
) -> None:
    add_run(telemetry, 1)
    wait_for_names(qtbot, page, ["order"])
    place = OpenRun(trace_id(1).hex(), span_id(100).hex(), "runtime-100")
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    arrow = page.table.view.visualRect(page.table.model.index(0, len(page.table.model.columns) - 1))
    spot = arrow.topLeft() + QPoint(8, 8)
    viewport = page.table.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert opened == [place, place]


def test_space_shows_the_current_run_whole(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    add_run(telemetry, 1, error="KeyError", more={"exception.message": "x"})
    wait_for_names(qtbot, page, ["order"])
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    facts = {fact.label: fact.value for fact in page.peek.facts}
    assert (facts["State"], facts["Trace"], facts["Run"]) == ("failed", trace_id(1).hex(), "runtime-100")
    assert facts["Failure"].startswith("KeyError")


def test_a_destination_narrows_to_a_service_and_a_name(
    telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "order")
    add_run(telemetry, 2, "bill", service="billing")
    page.show_destination(OpenRuns("workflows", service="billing", name="bill"))
    wait_for_names(qtbot, page, ["bill"])
    page.show_destination(OpenRuns("workflows"))
    assert page.shown_filter.name == "bill"


def test_agents_say_how_they_ended_and_what_they_used_of_their_limits(
    telemetry: StoredTelemetry, agents: RunsPage, qtbot: QtBot
) -> None:
    add_run(telemetry, 1, "a workflow is no agent")
    add_agent(telemetry, 2, "planner")
    add_agent(telemetry, 3, "editor", reason="limit_exceeded")
    wait_for_names(qtbot, agents, ["editor", "planner"])
    assert cells(agents.table, "termination") == ["limit_exceeded", "final_output"]
    assert cells(agents.table, "model_requests") == ["1 of 4", "1 of 4"]
    assert cells(agents.table, "tool_calls") == ["1 of 6", "1 of 6"]
    assert cells(agents.table, "tokens") == ["30", "30"]
    assert not agents.bar.subflows.isVisible()
    agents.show_filter(RunsFilter(termination_reason="final_output"))
    wait_for_names(qtbot, agents, ["planner"])


def test_hostile_names_are_shown_as_text(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    hostile = "<b>bold</b>\n\x00\u202e🎉" + "x" * 50_000
    add_run(telemetry, 1, hostile, service=hostile[:500], version=hostile[:90], error=hostile[:300])
    qtbot.waitUntil(lambda: cells(page.table, "name") != [])
    assert cells(page.table, "name")[0].startswith("<b>bold</b>⏎␀🎉xxx")
    page.show_filter(RunsFilter(service=hostile[:500], name=hostile, version=hostile[:90]))
    qtbot.waitUntil(lambda: not page.table.is_loading)
    page.bar.menu.aboutToShow.emit()
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    page.grab()
    page.show_mode("groups")
    qtbot.waitUntil(lambda: page.groups.table.model.rowCount() == 1)
    page.grab()


@pytest.mark.parametrize("name", ["page", "agents"])
def test_every_control_has_a_name_and_every_command_its_own_key(
    request: pytest.FixtureRequest, telemetry: StoredTelemetry, qtbot: QtBot, name: str
) -> None:
    page: RunsPage = request.getfixturevalue(name)
    add_run(telemetry, 1)
    add_agent(telemetry, 2)
    page.show_filter(RunsFilter(service="shop"))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1)
    assert unnamed_controls(page) == []
    page.resize(840, 500)
    assert unnamed_controls(page) == []
    page.show_mode("groups")
    qtbot.waitUntil(lambda: page.groups.table.model.rowCount() == 1)
    assert unnamed_controls(page) == []
    keys = [command.shortcut for command in page.commands() if command.shortcut]
    assert len(set(keys)) == len(keys)


def test_a_narrow_page_shows_icons_for_words(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> None:
    add_run(telemetry, 1)
    wait_for_names(qtbot, page, ["order"])
    page.resize(840, 500)
    qtbot.waitUntil(lambda: page.bar.filters.text() == "")
    assert find(page, Role.ButtonMenu, "Filters").isVisible()
    page.resize(1400, 500)
    qtbot.waitUntil(lambda: page.bar.filters.text() == "Filters")
