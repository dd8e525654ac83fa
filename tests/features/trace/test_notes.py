"""Notes on the trace that is shown and on its selected span."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Note, NotedPlace
from tests.features.trace.sample_trace import add_sample
from tests.support.stored import StoredTelemetry


@pytest.fixture
def shown(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> str:
    """The id of the trace that the page shows."""
    trace = add_sample(telemetry)
    page.show_destination(OpenTrace(trace))
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)
    return trace


def command(page: TracePage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def test_notes_are_written_on_the_trace_and_on_the_selected_span(
    shown: str, page: TracePage, telemetry: StoredTelemetry, bench: Workbench, qtbot: QtBot
) -> None:
    assert page.notes.line.isHidden()
    for name, tags in (("trace.note", "slow"), ("trace.note_span", "guilty")):
        assert command(page, name).enabled()
        command(page, name).run()
        dialog = page.notes.dialog
        assert dialog is not None
        dialog.tags.setText(tags)
        with qtbot.waitSignal(bench.notes.written):
            dialog.save.click()
    span = page.view.waterfall.selected_span
    assert telemetry.notes.all() == {
        NotedPlace(shown): Note(("slow",)),
        NotedPlace(shown, span): Note(("guilty",)),
    }
    assert page.notes.line.isVisible()
    assert page.notes.line.span.isVisible()


def test_the_line_follows_the_selection(shown: str, page: TracePage, bench: Workbench, qtbot: QtBot) -> None:
    span = page.view.waterfall.selected_span
    with qtbot.waitSignal(bench.notes.written):
        bench.notes.write({NotedPlace(shown, span): Note(comment="here")})
    assert page.notes.line.span.comment.text() == "here"
    remark = page.view.inspector.remark
    assert (remark.text(), remark.isVisible()) == ("Note: here", True)
    columns = page.view.tree.columns
    other = next(one for at in range(2) if (one := columns.row(at).span_id) != span)
    page.view.waterfall.select_span(other)
    assert page.notes.line.span.isHidden()
    qtbot.waitUntil(remark.isHidden)
    assert page.notes.line.trace.comment.text() == "1 other span noted"


def test_the_menus_lead_to_the_notes(shown: str, page: TracePage) -> None:  # noqa: ARG001 - shows the trace
    page.trace_actions.menu.aboutToShow.emit()
    assert "Tags and note…\tJ" in [action.text() for action in page.trace_actions.menu.actions()]
    assert "Tags and note…\tShift+J" in [action.text() for action in page.menu.build().actions()]
