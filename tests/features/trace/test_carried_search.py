"""What a list was searched for is looked for in the trace that opens from it, marked, and stepped to with N."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import AddToQuery, OpenTrace
from tests.features.trace.sample_trace import MODEL, ROOT, TOOL, TRACE, add_sample
from tests.support.otlp import log, log_request
from tests.support.stored import StoredTelemetry


def _run(page: TracePage, name: str) -> None:
    command = next(one for one in page.commands() if one.id == name)
    assert command.enabled()
    command.run()


@pytest.fixture
def opened(page: TracePage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracePage:
    """The sample, opened from a list that was searched for two words."""
    add_sample(telemetry)
    telemetry.add(log_request(log("the teapot broke", trace=TRACE, span=ROOT)))
    page.show_destination(OpenTrace(TRACE.hex(), MODEL.hex(), find='refused OR "my order"'))
    qtbot.waitUntil(lambda: page.header.finder.count.text() == "1 of 2")
    return page


def test_matches_are_stepped_through_from_the_span_that_has_the_hit(opened: TracePage, qtbot: QtBot) -> None:
    assert opened.view.waterfall.selected_span == MODEL.hex()
    _run(opened, "trace.trail_next")
    assert opened.view.waterfall.selected_span == TOOL.hex()
    _run(opened, "trace.trail_back")
    assert opened.view.waterfall.selected_span == MODEL.hex()
    opened.view.inspector.tabs.setCurrentWidget(opened.view.inspector.attributes)
    tree = opened.view.inspector.attributes.tree
    qtbot.waitUntil(lambda: tree.current_node.key == "gen_ai.input.messages")
    pane = opened.view.inspector.attributes.pane
    assert len(pane.text.editor.extraSelections()) == 1
    opened.grab()


def test_another_search_replaces_it_and_none_takes_it_away(opened: TracePage, qtbot: QtBot) -> None:
    opened.show_destination(OpenTrace(TRACE.hex(), find="teapot"))
    qtbot.waitUntil(lambda: opened.header.finder.count.text() == "1 found")
    opened.show_destination(OpenTrace(TRACE.hex(), TOOL.hex()))
    qtbot.waitUntil(lambda: opened.header.finder.count.text() == "")
    assert opened.header.finder.text == ""
    opened.header.finder.field.setText("typed")
    opened.show_destination(OpenTrace(TRACE.hex(), MODEL.hex()))
    assert opened.header.finder.text == "typed", "what was typed here stays"


def test_the_inspector_finds_traces_by_what_it_shows(opened: TracePage, places: list[object], qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: opened.view.inspector.detail is not None)
    menu = opened.view.inspector.build_find_menu()
    wanted = next(one for one in menu.actions() if one.text().strip("\u2069").endswith("\u2068model = gpt-4o"))
    wanted.trigger()
    assert places == [AddToQuery("traces", "model = gpt-4o")]
    command = next(one for one in opened.commands() if one.id == "trace.like")
    assert (command.shortcut, command.enabled()) == ("=", True)


def test_messages_and_log_records_are_marked_and_counted(opened: TracePage, qtbot: QtBot) -> None:
    lenses = opened.view.lenses
    lenses.show_lens(Lens.CONVERSATION)
    finder = lenses.conversation.finder
    qtbot.waitUntil(lambda: finder.count.text() == "2 found")
    opened.show_destination(OpenTrace(TRACE.hex(), find='teapot OR "my order"'))
    lenses.show_lens(Lens.LOGS)
    qtbot.waitUntil(lambda: lenses.logs.controls.found.text() == "1 found")
    opened.view.waterfall.select_span(ROOT.hex())
    body = lenses.logs.record.body.editor
    qtbot.waitUntil(lambda: len(body.extraSelections()) == 1)
    opened.grab()
    opened.show_destination(OpenTrace(TRACE.hex(), TOOL.hex()))
    assert not lenses.logs.controls.found.isVisible()
    assert finder.texts == ()
