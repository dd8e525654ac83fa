"""Ways from a run to other runs, lists, traces, and by links."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenRuns, OpenTrace
from junjo_desktop.shell.links import place_of
from tests.features.run.conftest import SDK, Open, settle
from tests.features.run.page_hands import command, named
from tests.recordings.load import Recording
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry


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


def test_a_run_is_compared_with_another_of_its_name(page: RunPage, open_run: Open, places: list[object]) -> None:
    loaded = open_run("run_twice")
    menu = page.header.compare_menu
    menu.aboutToShow.emit()
    other, _line, more = menu.actions()
    assert other.text().split(" · ")[1] == "completed"
    other.trigger()
    more.trigger()
    place, choice = places
    here = OpenRun(loaded.run.trace_id, loaded.place.owner_span_id)
    assert choice == CompareRuns(here)
    assert isinstance(place, CompareRuns)
    assert place.left == here
    assert place.right is not None
    assert (place.right.trace_id, place.right != place.left) == (loaded.run.trace_id, True)
    open_run("linear")
    assert not page.header.compare.isVisible()


def test_the_runs_to_compare_a_failed_one_with_come_first(
    page: RunPage, open_run: Open, places: list[object], qtbot: QtBot
) -> None:
    loaded = open_run("run_twice")
    command(page, "run.newer").run()
    newer = places.pop()
    page.show_destination(newer)
    qtbot.waitUntil(lambda: page.header.facts.text().startswith("run 2 of 2 · "))
    menu = page.header.compare_menu
    menu.aboutToShow.emit()
    previous, completed, *_ = menu.actions()
    assert previous.text().startswith("Previous run · ")
    assert completed.text().startswith("Last completed run · ")
    previous.trigger()
    completed.trigger()
    assert isinstance(newer, OpenRun)
    # The earlier one stands at the left.
    earlier = OpenRun(loaded.run.trace_id, loaded.place.owner_span_id)
    assert places == [CompareRuns(earlier, OpenRun(newer.trace_id, newer.span_id))] * 2


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
