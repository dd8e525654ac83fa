"""The page of a run on a real store: one selection, stepping, failures, live runs, ways, and what it remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.failures_rows import FailureItem
from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenRun, OpenRuns, OpenTrace
from junjo_desktop.shell.links import place_of
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.selection import Selection
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from tests.features.run.conftest import SDK, Open, settle
from tests.recordings.load import Recording
from tests.support.hands import write
from tests.support.qt import Role, find, unnamed_controls
from tests.support.stored import StoredTelemetry


def named(loaded: LoadedRun, name: str, turn: int = 0) -> str:
    """The span id of a step by its name, the `turn`-th of that name."""
    return [step.span_id for step in loaded.run.steps if step.name == name][turn]


def current_row(page: RunPage) -> str:
    """What the current row of the steps says."""
    view = page.view.lists.steps.view
    return view.rows.cells_at(view.currentIndex().row()).sentence if view.currentIndex().isValid() else ""


def command(page: RunPage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def spans_of(requests: tuple[ExportTraceServiceRequest, ...]) -> list[Span]:
    return [
        span
        for request in requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def only(recording: Recording, *names: str) -> list[ExportTraceServiceRequest]:
    """The requests of a recording with nothing but the spans of these names."""
    kept = []
    for request in recording.requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                left = [span for span in scope.spans if span.name in names]
                del scope.spans[:]
                scope.spans.extend(left)
        kept.append(request)
    return kept


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


# Live runs


def test_a_run_that_has_not_arrived_is_waited_for(telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot) -> None:
    recording = Recording(SDK, "linear")
    owner = next(span for span in spans_of(recording.requests) if not span.parent_span_id)
    runtime_id = next(
        value.value.string_value for value in owner.attributes if value.key == "junjo.executable_runtime_id"
    )
    page.show_destination(OpenRun(None, None, runtime_id))
    qtbot.waitUntil(lambda: page.absent.sentence.startswith("Waiting for run"))
    assert page.absent.sentence == f"Waiting for run {runtime_id} … Nothing of it has arrived yet."
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.shown is not None)
    assert page.view.isVisible()


def test_a_run_that_arrives_while_it_is_looked_for_is_found(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording(SDK, "linear")
    for _ in range(5):
        page.show_destination(OpenRun(None, None, "another"))
        page.show_destination(OpenRun(recording.trace_id))
        # The read is on its way, and nothing is stored after this.
        telemetry.add(*recording.requests)
        qtbot.waitUntil(lambda: page.shown is not None)
        telemetry.delete(Selection(trace_ids=(recording.trace_id,)))
        qtbot.waitUntil(lambda: page.shown is None)


def test_a_growing_run_keeps_what_is_selected_and_folded(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording(SDK, "linear")
    telemetry.add(*only(recording, "Receive"))
    page.show_destination(OpenRun(recording.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    assert page.header.tag_words == ["running"]
    assert "has not arrived" in page.missing.first.text()
    steps = page.view.lists.steps.view
    receive = named_now(page, "Receive")
    page.selection.select_span(receive)
    steps.toggle(steps.rows.row_of(("span", receive)))
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.header.tag_words == ["completed"])
    settle(page, qtbot)
    assert page.selection.span_id == receive
    assert current_row(page).startswith("node Receive")
    assert steps.rows.is_folded(steps.rows.row_of(("span", receive)))
    assert not page.missing.isVisible()


def test_a_run_without_its_own_span_is_named_after_the_newest_of_its_graph(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    before, now = Recording(SDK, "linear"), Recording("0.64.0", "linear")
    telemetry.add(*before.requests)
    telemetry.add(*only(now, "Receive"))
    page.show_destination(OpenRun(now.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    owner = next(span for span in spans_of(before.requests) if not span.parent_span_id)
    assert page.header.name.text() == owner.name
    assert "its own has not arrived" in page.header.facts.toolTip()


def test_a_selected_update_stays_the_same_when_earlier_ones_come_later(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording("0.61.1", "linear")
    late = spans_of(recording.requests)[0].name
    telemetry.add(*only(recording, *{span.name for span in spans_of(recording.requests)} - {late}))
    page.show_destination(OpenRun(recording.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    page.selection.select_step(*page_order(page)[0])
    before = page_event(page)
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: len(page_order(page)) > 0 and page_order(page)[0] != page.selection.step)
    assert page_event(page) == before


def named_now(page: RunPage, name: str) -> str:
    assert page.shown is not None
    return named(page.shown, name)


def page_order(page: RunPage) -> tuple[tuple[str, int], ...]:
    assert page.shown is not None
    return page.shown.steps.order


def page_event(page: RunPage) -> tuple[str, int]:
    assert page.shown is not None
    assert page.selection.step is not None
    event = page.shown.steps.transitions[page.selection.step].event
    return event.span_id, event.index


def test_a_deleted_run_says_so(telemetry: StoredTelemetry, page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("linear")
    telemetry.delete(Selection(trace_ids=(loaded.run.trace_id,)))
    qtbot.waitUntil(lambda: page.shown is None)
    assert page.absent.sentence == "This run was deleted: nothing of it is stored any more."
    assert not page.header.star.isVisible()


# Ways


def test_runs_of_the_same_name_are_gone_through(
    telemetry: StoredTelemetry, page: RunPage, open_run: Open, places: list[object]
) -> None:
    telemetry.add(*Recording(SDK, "run_twice").requests)
    loaded = open_run("run_twice")
    assert page.header.facts.text().startswith("run 1 of 2 · ")
    assert not page.header.older.isEnabled()
    command(page, "run.newer").run()
    assert len(places) == 1
    assert isinstance(places[0], OpenRun)
    assert places[0].trace_id == loaded.run.trace_id
    assert places[0].span_id != loaded.place.owner_span_id


def test_the_breadcrumb_leads_to_lists_and_to_the_run_around(
    page: RunPage, open_run: Open, places: list[object], qtbot: QtBot
) -> None:
    loaded = open_run("subflow")
    inner = named(loaded, "find the tax")
    page.show_destination(OpenRun(loaded.run.trace_id, inner))
    qtbot.waitUntil(lambda: page.header.name.text() == "find the tax")
    assert page.header.tag_words[0] == "subflow"
    for button in (page.header.list, page.header.service, page.header.around):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert places == [
        OpenRuns("workflows"),
        OpenRuns("workflows", service=loaded.run.service_name),
        OpenRun(loaded.run.trace_id, loaded.run.span_id, loaded.run.runtime_id),
    ]


def test_inner_runs_and_foreign_spans_lead_on(
    page: RunPage, open_run: Open, places: list[object], qtbot: QtBot
) -> None:
    loaded = open_run("agent_in_node")
    agent = next(step for step in loaded.run.steps if step.span_type == "agent")
    page.selection.select_span(agent.span_id)
    settle(page, qtbot)
    QTest.mouseClick(find(page, Role.Button, "Open agent run"), Qt.MouseButton.LeftButton)
    call = next(step for step in loaded.run.steps if step.span_type == "llm")
    page.selection.select_span(call.span_id)
    settle(page, qtbot)
    QTest.mouseClick(find(page, Role.Button, "Open LLM call in trace"), Qt.MouseButton.LeftButton)
    command(page, "run.trace").run()
    trace_id = loaded.run.trace_id
    assert places == [OpenRun(trace_id, agent.span_id), *[OpenTrace(trace_id, call.span_id)] * 2]


def test_the_link_names_the_run_and_the_selected_update(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("linear")
    page.selection.select_step(*loaded.steps.order[2])
    command(page, "run.link").run()
    place = place_of(QGuiApplication.clipboard().text())
    assert place == OpenRun(loaded.run.trace_id, loaded.run.span_id, loaded.run.runtime_id, loaded.steps.order[2])
    page.selection.clear()
    page.show_destination(place)
    assert page.selection.step == loaded.steps.order[2]
    page.show_destination(OpenRun(loaded.run.trace_id, named(loaded, "Send")))
    qtbot.waitUntil(lambda: page.selection.span_id == named(loaded, "Send"))


def test_the_star_is_the_one_of_the_trace(
    telemetry: StoredTelemetry, page: RunPage, open_run: Open, qtbot: QtBot
) -> None:
    loaded = open_run("linear")
    QTest.mouseClick(find(page, Role.CheckBox, "Star this trace"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: telemetry.starred() == {loaded.run.trace_id})
    assert page.header.star.accessibleName() == "Remove the star"


def test_the_menu_of_a_row_leads_to_its_span_its_trace_and_inner_runs(
    page: RunPage, open_run: Open, places: list[object]
) -> None:
    loaded = open_run("subflow")
    step = loaded.steps.order[0]
    page.selection.select_step(*step)
    menu = {action.text().partition("\t")[0]: action for action in page.view.lists.steps.view.build_menu().actions()}
    menu["Copy a link to this place"].trigger()
    place = place_of(QGuiApplication.clipboard().text())
    assert isinstance(place, OpenRun)
    assert place.step == step
    menu["Show the span of this update"].trigger()
    assert (page.selection.step, page.selection.span_id) == (None, loaded.steps.carriers[step])
    page.selection.select_span(named(loaded, "find the tax"))
    menu = {action.text().partition("\t")[0]: action for action in page.view.lists.steps.view.build_menu().actions()}
    menu["Open subflow run"].trigger()
    menu["Open in trace"].trigger()
    menu["Copy span id"].trigger()
    inner = named(loaded, "find the tax")
    assert places == [OpenRun(loaded.run.trace_id, inner), OpenTrace(loaded.run.trace_id, inner)]
    assert QGuiApplication.clipboard().text() == inner


def test_c_copies_what_is_looked_at(page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("linear")
    page.view.lists.take_focus()
    command(page, "run.copy").run()
    assert QGuiApplication.clipboard().text() == page.selection.span_id
    step = next(one for one in loaded.steps.order if loaded.steps.transitions[one].event.action == "add_item")
    page.selection.select_step(*step)
    settle(page, qtbot)
    command(page, "run.inspect").run()
    qtbot.waitUntil(page.view.state.changes.hasFocus)
    command(page, "run.copy").run()
    assert QGuiApplication.clipboard().text() not in ("", page.selection.span_id)
    QTest.keyClick(page.view.state.changes, Qt.Key.Key_Escape)
    assert page.view.lists.steps.view.hasFocus()


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
