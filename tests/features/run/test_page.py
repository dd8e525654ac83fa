"""The page of a run on a real store: one selection, stepping, failures, the filter, and what it remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.failures_rows import FailureItem
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from tests.features.run.conftest import Open, settle
from tests.features.run.page_hands import command, current_row, named
from tests.support.hands import write
from tests.support.qt import Role, find, unnamed_controls


def test_a_run_opens_at_its_first_state_update(page: RunPage, open_run: Open) -> None:
    loaded = open_run("linear")
    assert page.selection.step == loaded.steps.order[0]
    assert current_row(page).startswith("OrderStore → ")
    assert (page.header.name.text(), page.header.tag_words) == (loaded.run.name, ["completed"])
    assert page.header.facts.text().startswith("run 1 of 1 · ")
    assert not page.missing.isVisible()


def test_a_failed_run_opens_where_it_failed(page: RunPage, open_run: Open) -> None:
    loaded = open_run("fails_in_subflow")
    assert page.selection.span_id == named(loaded, "Refuse")
    assert page.header.tag_words[0] == "failed in Refuse"
    assert current_row(page).startswith("node Refuse")
    assert page.view.span.exceptions.message.text() == "the office is closed"


def test_one_selection_is_shown_by_every_part(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("loop")
    third = named(loaded, "Check", 2)
    page.selection.select_span(third)
    settle(page, qtbot)
    assert current_row(page).startswith("node Check, run 3 of 5")
    graph = page.view.graph.current
    assert graph is not None
    assert (graph.span_id, graph.chosen) == (third, 2)
    assert page.view.span.isVisible()
    assert page.view.span.title.text() == "Check"
    step = loaded.steps.order[3]
    page.selection.select_step(*step)
    assert not page.view.span.isVisible()
    assert page.selection.span_id == loaded.steps.carriers[step]
    assert page.view.lists.counter.text == "4 of 16"


def test_choosing_a_row_or_a_node_selects(page: RunPage, open_run: Open) -> None:
    loaded = open_run("linear")
    view = page.view.lists.steps.view
    row = view.rows.row_of(("span", named(loaded, "Send")))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.rows.index(row)).center())
    assert (page.selection.span_id, page.selection.step) == (named(loaded, "Send"), None)
    page.view.graph.press(next(key for key, node in page.view.graph.picture.nodes.items() if node.label == "Receive"))
    assert page.selection.span_id == named(loaded, "Receive")
    assert current_row(page).startswith("node Receive")


def test_arrows_go_through_all_updates_in_order_from_wherever_one_is(page: RunPage, open_run: Open) -> None:
    loaded = open_run("subflow")
    forth, back = command(page, "run.next_step"), command(page, "run.previous_step")
    assert (forth.shortcut, back.shortcut, forth.repeats) == ("Right", "Left", True)
    seen = [page.selection.step]
    for _ in range(len(loaded.steps.order) + 1):
        forth.run()
        seen.append(page.selection.step)
    # It stops at the end.
    assert seen[:-2] == list(loaded.steps.order)
    assert seen[-1] == loaded.steps.order[-1]
    span = named(loaded, "find the tax")
    page.selection.select_span(span)
    forth.run()
    after = loaded.steps.order.index(page.selection.step or ("", 0))
    page.selection.select_span(span)
    back.run()
    assert loaded.steps.order.index(page.selection.step or ("", 0)) == after - 1


def test_failures_are_gone_through_by_e(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("fails_in_subflow")
    chain = ["Refuse", "find the tax", "break in a subflow"]
    page.selection.select_span(named(loaded, "Receive"))
    for name in (*chain, chain[0]):
        command(page, "run.next_failure").run()
        assert page.selection.span_id == named(loaded, name)
    command(page, "run.previous_failure").run()
    assert page.selection.span_id == named(loaded, chain[-1])
    page.view.lists.show_failures()
    settle(page, qtbot)
    failures = page.view.lists.failures
    assert (failures.detail.kind.text, failures.detail.place.text()) == ("passed on", f"in {chain[-1]}")


def test_failures_stand_where_they_arose_and_what_passed_them_on_is_folded(page: RunPage, open_run: Open) -> None:
    open_run("fails_in_subflow")
    page.view.lists.show_failures()
    failures = page.view.lists.failures
    assert failures.view.rows.rowCount() == 1
    assert failures.view.rows.is_folded(0)
    assert isinstance(failures.view.current_item, FailureItem)
    assert (failures.detail.type.text(), failures.detail.message.text()) == ("ValueError", "the office is closed")
    assert 'raise ValueError("the office is closed")' in failures.detail.stack.text
    QTest.mouseClick(find(failures, Role.Button, "Copy type, message and stack"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("ValueError: the office is closed\nTraceback")


def test_the_cause_of_a_failed_tool_is_told(page: RunPage, open_run: Open) -> None:
    open_run("agent_tool_fails")
    page.view.lists.show_failures()
    assert "Cause: " in page.view.lists.failures.detail.cause.text()
    assert page.header.list.text() == "Agents"
    # The span of the tool says only that it failed.
    assert page.view.span.remark.text().startswith("Cause: ")
    assert page.view.span.remark.isVisible()


def test_errors_of_hooks_are_no_failures(page: RunPage, open_run: Open) -> None:
    loaded = open_run("hook_error")
    assert loaded.run.state is ExecutionState.DONE
    assert page.header.tag_words == ["completed", f"{len(loaded.run.hook_errors)} hook errors"]
    page.view.lists.show_failures()
    assert page.view.lists.tabs.tabText(2) == "Failures 0"
    detail = page.view.lists.failures.detail
    assert detail.kind.text == "hook error"
    assert "does not fail the run" in detail.sentence.text()
    before = page.selection.step
    command(page, "run.next_failure").run()
    assert page.selection.step == before


def test_what_did_not_arrive_is_said_with_its_reason(page: RunPage, open_run: Open) -> None:
    open_run("many_updates")
    assert page.missing.isVisible()
    assert page.missing.first.text().startswith("72 state updates of TallyStore missing.")
    QTest.mouseClick(find(page, Role.CheckBox, "and 1 more that is missing"), Qt.MouseButton.LeftButton)
    assert page.missing.others.text().startswith("72 events dropped")
    inferred = [one for one in page.shown.steps.transitions.values() if one.reason] if page.shown else []
    assert inferred
    page.selection.select_step(inferred[0].event.store_id, inferred[0].position)
    assert current_row(page).split(", ")[1] in ("inferred", "unknown")


# The filter


def test_the_filter_narrows_steps_updates_and_where_arrows_go(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("loop")
    lists = page.view.lists
    command(page, "run.filter").run()
    write(lists.filter, "set_count", enter=True)
    qtbot.waitUntil(lambda: lists.tabs.tabText(1) == "State updates 5 of 16")
    assert lists.updates.view.rows.rowCount() == 5
    counted = [step for step in loaded.steps.order if loaded.steps.transitions[step].event.action == "set_count"]
    command(page, "run.next_step").run()
    assert page.selection.step == counted[0]
    assert lists.counter.text == "1 of 5"
    write(lists.filter, "/count", enter=True)
    qtbot.waitUntil(lambda: lists.updates.view.rows.rowCount() == len(counted))
    write(lists.filter, "nothing has this name", enter=True)
    qtbot.waitUntil(lists.steps.empty.isVisible)
    assert lists.steps.empty.sentence == "Nothing matches the filter."
    QTest.keyClick(lists.filter, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: lists.tabs.tabText(1) == "State updates 16")


# What stays


def test_splitters_tab_and_filter_are_remembered(
    bench: Workbench, pages: list[QWidget], page: RunPage, open_run: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    loaded = open_run("linear")
    page.view.lists.show_updates()
    page.view.lists.filter.show_text("store:order")
    page.view.set_sizes((500, 200), (300, 900))
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    other = RunPage(bench)
    pages.append(other)
    other.restore_state(state)
    other.resize(page.size())
    other.show()
    other.show_destination(OpenRun(loaded.run.trace_id))
    qtbot.waitUntil(lambda: other.shown is not None and not other.is_reading)
    assert other.view.lists.tabs.currentIndex() == 1
    assert other.view.lists.filter.text() == "store:order"
    assert other.view.sizes == page.view.sizes


def test_an_agents_run_has_its_conversation_above_and_its_own_share_of_the_height(
    page: RunPage, open_run: Open, qtbot: QtBot
) -> None:
    open_run("linear")
    page.view.set_sizes((200, 400), (500, 500))
    graph_share = page.view.sizes[0]
    loaded = open_run("agent_tools")
    assert page.view.agent.isVisible()
    assert not page.view.graph.isVisible()
    assert page.view.sizes[0][0] > graph_share[0]
    call = next(step for step in loaded.run.steps if step.span_type == "llm")
    page.selection.select_span(call.span_id)
    settle(page, qtbot)
    entry = page.view.agent.conversation.current_entry
    assert entry is not None
    assert entry.span_id == call.span_id
    assert command(page, "run.operations").enabled()
    open_run("loop")
    assert page.view.graph.isVisible()
    assert page.view.sizes[0] == graph_share
    assert not command(page, "run.operations").enabled()


def test_a_graph_has_its_share_also_when_an_agents_run_came_first(page: RunPage, open_run: Open) -> None:
    open_run("agent_tools")
    conversation = page.view.sizes[0][0]
    open_run("linear")
    graph, lists = page.view.sizes[0]
    assert 0.3 < graph / (graph + lists) < 0.42
    assert conversation > graph


def test_odd_remembered_state_is_ignored(page: RunPage, tmp_path: Path) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    for key in ("above/graph", "above/agent", "across", "tab", "filter", "failures_split"):
        state.setValue(key, "\x00nonsense²")
    page.restore_state(state)
    assert page.view.lists.tabs.currentIndex() == 0


@pytest.mark.parametrize("scenario", ["fails_in_subflow", "agent_tools", "many_updates"])
def test_everything_has_a_name_for_screen_readers(page: RunPage, open_run: Open, scenario: str) -> None:
    open_run(scenario)
    problems = []
    for tab in range(3):
        page.view.lists.tabs.setCurrentIndex(tab)
        problems += unnamed_controls(page)
    assert problems == []
