"""The panel of an agent's run on its page: one selection, folding, ways, growth, and long and hostile runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.agent.panel import AgentPanel
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.conversation.entry_view import EntryView
from tests.features.run.conftest import SDK, Open, settle
from tests.recordings.load import Recording
from tests.support import otlp
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry
from tests.telemetry.junjo.made_agent import MadeAgent, answers, asks, span_id
from tests.telemetry.junjo.program import TRACE_ID

HOSTILE = "<b>bold</b> \u202eabc \x00\x1b[31m " + "x" * 500


def show(page: RunPage, telemetry: StoredTelemetry, qtbot: QtBot, made: MadeAgent) -> AgentPanel:
    """Store a made-up run and open it."""
    telemetry.add(otlp.trace_request(*made.program.sent.values()))
    page.show_destination(OpenRun(TRACE_ID))
    qtbot.waitUntil(lambda: page.shown is not None)
    settled(page, qtbot)
    return page.view.agent


def settled(page: RunPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.is_reading and not page.view.agent.is_reading)
    settle(page, qtbot)


def entry(page: RunPage, tag: str, turn: int = 0) -> EntryView:
    """The `turn`-th entry with this tag."""
    return [view for view in page.view.agent.conversation.views if view.entry.tag == tag][turn]


def marked(page: RunPage) -> list[str]:
    """The titles of the entries that look marked."""
    return [view.entry.title for view in page.view.agent.conversation.views if view.is_current]


def labels(root: QWidget) -> list[QLabel]:
    return [label for label in root.findChildren(QLabel) if label.isVisibleTo(root)]


def without_owner(recording: Recording) -> list[ExportTraceServiceRequest]:
    """The requests of a recording but for the spans at the top."""
    requests = list(recording.requests)
    for request in requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                left = [span for span in scope.spans if span.parent_span_id]
                del scope.spans[:]
                scope.spans.extend(left)
    return requests


def test_an_agent_has_its_panel_where_a_workflow_has_its_graph(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_tools")
    assert (page.view.agent.isVisible(), page.view.graph.isVisible()) == (True, False)
    open_run("linear")
    settled(page, qtbot)
    assert (page.view.agent.isVisible(), page.view.graph.isVisible()) == (False, True)
    assert page.view.agent.conversation.entries == ()


def test_the_summary_holds_counts_against_limits(page: RunPage, open_run: Open) -> None:
    open_run("agent_limit")
    summary = page.view.agent.summary
    assert summary.ending.accessibleName() == "failed: The limit of tool calls was reached"
    assert summary.model_requests.accessibleName() == "Model requests 2 of 4"
    assert summary.tool_calls.accessibleName() == "Tool calls 1 of 2, 4 wanted"
    assert summary.tokens.accessibleName() == "Tokens 800 in · 60 out from 2 of 2 responses"
    assert summary.duration.isVisible()
    assert not summary.around.isVisible()


def test_choosing_an_entry_selects_its_span_everywhere(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("agent_tools")
    assert loaded.run.agent is not None
    second = loaded.run.agent.tool_calls[1]
    view = entry(page, "tool", 1)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    assert (page.selection.span_id, page.selection.step) == (second.span_id, None)
    page.view.agent.show_operations()
    settled(page, qtbot)
    assert page.view.agent.operations.table.current_id == second.span_id
    item = page.view.lists.steps.view.current_item
    assert item is not None
    assert item.span_id == second.span_id


def test_text_that_can_be_marked_with_the_mouse_chooses_its_entry_too(page: RunPage, open_run: Open) -> None:
    open_run("agent_tools")
    view = entry(page, "tool", 0)
    QTest.mouseClick(view.parts[0].shown, Qt.MouseButton.LeftButton)
    assert page.selection.span_id == view.entry.span_id


def test_a_span_or_update_that_is_selected_elsewhere_is_marked(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("agent_tools")
    agent = loaded.run.agent
    assert agent is not None
    page.selection.select_span(agent.model_requests[1].span_id)
    settled(page, qtbot)
    assert marked(page) == ["Request 2"]
    step = next(step for step, span in loaded.steps.carriers.items() if span == agent.tool_calls[0].span_id)
    page.view.agent.show_operations()
    settled(page, qtbot)
    page.selection.select_step(*step)
    settled(page, qtbot)
    assert page.view.agent.operations.table.current_id == agent.tool_calls[0].span_id
    # Following an update does not turn it into the choice of a whole span.
    assert page.selection.step == step


def test_what_runs_within_a_tool_marks_the_tool(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("agent_calls_workflow")
    stow = next(step for step in loaded.run.steps if step.name == "Stow")
    page.selection.select_span(stow.span_id)
    settled(page, qtbot)
    assert marked(page) == ["stow"]


def test_a_failed_agent_opens_at_the_end_of_its_conversation(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_limit")
    settled(page, qtbot)
    assert marked(page) == ["The limit of tool calls was reached"]
    end = entry(page, "end")
    assert not end.visibleRegion().isEmpty()


def test_arrows_go_from_entry_to_entry(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_tools")
    page.activateWindow()
    page.view.agent.show_conversation()
    entry(page, "model").setFocus()
    seen = []
    for _ in range(3):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Down)
        settled(page, qtbot)
        seen.append(page.selection.span_id)
    agent = page.shown.run.agent if page.shown else None
    assert agent is not None
    assert seen == [one.span_id for one in (*agent.tool_calls, agent.model_requests[1])]
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Up)
    assert page.selection.span_id == agent.tool_calls[1].span_id
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert 'Result: {"kilometres": 216}' in QGuiApplication.clipboard().text()


def test_tab_goes_through_entries_and_their_buttons_in_order(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_bad_arguments")
    page.activateWindow()
    conversation = page.view.agent.conversation
    # It opened at its end; what stands above was made last.
    conversation.verticalScrollBar().setValue(0)
    settled(page, qtbot)
    page.view.agent.tabs.setFocus()
    seen = []
    for _ in range(9):
        seen.append(page.focusWidget().accessibleName().split(",")[0])
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [
        "Parts of the agent's run",
        "instructions",
        "input",
        "model Request 1",
        "Sent: Show 1",
        "Sent: show as a tree",
        "tool measure",
        "end The arguments of a tool call were rejected",
        "Steps",
    ]


def test_what_a_model_was_sent_opens_as_text_and_as_a_tree(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_tools")
    sent = entry(page, "model").parts[-1]
    assert (sent.shown.isVisible(), sent.all.text()) == (False, "Show 1,562 characters")
    sent.all.click()
    qtbot.waitUntil(lambda: sent.code is not None and sent.code.isVisible())
    assert sent.code is not None
    assert '"instructions": "Plan a route.' in sent.code.text
    sent.copy.click()
    assert QGuiApplication.clipboard().text() == sent.code.text
    sent.tree_button.click()
    qtbot.waitUntil(lambda: sent.tree is not None and sent.tree.isVisible())
    assert sent.tree is not None
    assert sent.tree.value["ordinal"] == 1
    assert not sent.code.isVisible()
    sent.tree_button.click()
    assert not sent.tree.isVisible()
    assert not sent.copy.isVisible()


def test_nested_runs_and_the_run_around_are_buttons(
    page: RunPage, places: list[object], open_run: Open, qtbot: QtBot
) -> None:
    loaded = open_run("agent_calls_workflow")
    entry(page, "tool").ways[0].click()
    assert places == [OpenRun(loaded.run.trace_id, loaded.run.nested[0].span_id)]
    recording = Recording(SDK, "agent_in_node")
    agent = next(span for span in recording.spans() if span.junjo_span_type == "agent")
    open_run("agent_in_node")
    page.show_destination(OpenRun(recording.trace_id, agent.span_id))
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.run.agent is not None)
    settled(page, qtbot)
    page.view.agent.summary.around.click()
    assert places[-1] == OpenRun(recording.trace_id, agent.parent_span_id)


def test_a_run_that_grows_keeps_what_is_open(page: RunPage, telemetry: StoredTelemetry, qtbot: QtBot) -> None:
    recording = Recording(SDK, "agent_tools")
    telemetry.add(*without_owner(recording))
    page.show_destination(OpenRun(recording.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    settled(page, qtbot)
    agent = page.view.agent
    assert agent.summary.ending.words.text() == "It is running"
    assert agent.conversation.entries[-1].tag == "running"
    sent = entry(page, "model").parts[-1]
    sent.all.click()
    qtbot.waitUntil(lambda: sent.code is not None and sent.code.isVisible())
    page.activateWindow()
    agent.conversation.verticalScrollBar().setValue(agent.conversation.verticalScrollBar().maximum())
    settled(page, qtbot)
    QTest.mouseClick(entry(page, "running"), Qt.MouseButton.LeftButton)
    settled(page, qtbot)
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: agent.conversation.entries[-1].tag == "output")
    settled(page, qtbot)
    assert agent.summary.ending.words.text() == "It gave its final output"
    # The entry under the keyboard was made anew, and still has it.
    assert page.focusWidget() is entry(page, "output")
    agent.conversation.verticalScrollBar().setValue(0)
    settled(page, qtbot)
    assert entry(page, "model").parts[-1] is sent
    assert sent.code is not None
    assert sent.code.isVisible()


def test_hundreds_of_operations_are_made_only_where_they_are_seen(
    page: RunPage, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    made = MadeAgent()
    for number in range(120):
        made.ask(asks("word " * number, (f"c{number}", "measure", {"town": number})))
        made.call(f"c{number}", "measure", {"town": number}, {"km": ["x" * 40] * number})
    made.ask(answers("done"))
    made.end("done")
    view = show(page, telemetry, qtbot, made).conversation
    assert len(view.entries) == 244
    assert len(view.views) < 30
    for key in ("t120", "m1", "t60", "m119"):
        page.selection.select_span(span_id(key))
        settled(page, qtbot)
        (current,) = [one for one in view.views if one.is_current]
        assert current.entry.span_id == span_id(key)
        assert not current.visibleRegion().isEmpty()
    for _ in range(3):
        view.verticalScrollBar().setValue(0)
        settled(page, qtbot)
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        settled(page, qtbot)
    assert view.views[-1].entry.tag == "output"
    assert len(view.views) <= 80
    _assert_stacked(view.views)


def _assert_stacked(views: list[EntryView]) -> None:
    """No entry overlaps the next, and each is as high as it needs to be."""
    for upper, lower in pairwise(views):
        assert upper.geometry().bottom() < lower.geometry().top()
    for view in views:
        assert view.height() == view.height_at(view.width())


def test_entries_take_the_height_they_need_at_any_width(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    open_run("agent_bad_arguments")
    for width in (1240, 700, 1000):
        page.resize(width, 800)
        settled(page, qtbot)
        _assert_stacked(page.view.agent.conversation.views)


def test_hostile_texts_are_shown_as_they_are(page: RunPage, telemetry: StoredTelemetry, qtbot: QtBot) -> None:
    made = MadeAgent(instructions=HOSTILE, input={HOSTILE: HOSTILE})
    made.ask(asks(HOSTILE, (HOSTILE, HOSTILE, {HOSTILE: HOSTILE})), junjo__agent__model__name=HOSTILE)
    made.call(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    made.end(reason=HOSTILE, error=f"ValueError: {HOSTILE}")
    panel = show(page, telemetry, qtbot, made)
    for tab in range(3):
        panel.show_tab(tab)
        settled(page, qtbot)
        shown = labels(panel)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in shown if "bold" in label.text())
        assert not any(mark in label.text() for label in shown for mark in ("\u202e", "\x00", "\x1b"))
        assert all(label.width() <= panel.width() for label in shown)
        assert unnamed_controls(panel) == []


def test_the_table_sorts_and_leads_on(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("agent_tool_fails")
    agent = loaded.run.agent
    assert agent is not None
    panel = page.view.agent
    panel.show_operations()
    table = panel.operations.table
    table.sort_requested.emit("name", True)
    settled(page, qtbot)
    names = [table.model.row_at(row).name for row in range(table.model.rowCount())]  # type: ignore[union-attr] # all are at hand
    assert names == sorted(names, reverse=True)
    table.select_id(agent.model_requests[0].span_id)
    assert page.selection.span_id == agent.model_requests[0].span_id
    with qtbot.waitSignal(panel.entered):
        QTest.keyClick(table.view, Qt.Key.Key_Return)


def test_an_agent_without_operations_says_so(page: RunPage, telemetry: StoredTelemetry, qtbot: QtBot) -> None:
    made = MadeAgent()
    made.end(reason="input_validation_error", error="x")
    panel = show(page, telemetry, qtbot, made)
    panel.show_operations()
    settled(page, qtbot)
    assert panel.operations.table.empty_state.isVisible()
    assert panel.operations.table.empty_state.sentence == "No model request and no tool call has arrived."


def test_the_tab_and_the_columns_are_remembered(
    page: RunPage, bench: Workbench, pages: list[QWidget], tmp_path: Path
) -> None:
    page.view.agent.tabs.setCurrentIndex(2)
    header = page.view.agent.operations.table.view.horizontalHeader()
    header.setSectionHidden(8, True)
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.save_state(kept)
    other = RunPage(bench)
    pages.append(other)
    other.restore_state(kept)
    assert other.view.agent.tabs.currentIndex() == 2
    assert other.view.agent.operations.table.view.horizontalHeader().isSectionHidden(8)


@pytest.mark.parametrize("kept", ["", "7", "²", "-1", "x"])
def test_a_tab_that_makes_no_sense_is_passed_over(page: RunPage, kept: str, tmp_path: Path) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    state.setValue("tab", kept)
    page.view.agent.restore_state(state)
    assert page.view.agent.tabs.currentIndex() == 0
