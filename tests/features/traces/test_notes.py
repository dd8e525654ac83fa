"""Tags in the list of traces."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.note_dialog import NoteDialog
from junjo_desktop.shell.tags_column import TAGS_COLUMN
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Note, NotedPlace
from tests.support.hands import write
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

IDS = [trace_id(number).hex() for number in (1, 2)]


@pytest.fixture
def listed(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with two traces, the second one at the top."""
    for number in (1, 2):
        one = span("work", trace=trace_id(number), id=span_id(number), start_ns=1_790_000_000_000_000_000 + number)
        telemetry.add(trace_request(one))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2 and page.table.model.known_row(IDS[0]) is not None)
    return page


def tags(page: TracesPage) -> list[str]:
    model = page.table.model
    column = [one.key for one in model.columns].index(TAGS_COLUMN)
    return [model.index(row, column).data() for row in range(model.rowCount())]


def run(page: TracesPage, name: str) -> NoteDialog:
    next(one for one in page.commands() if one.id == name).run()
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, NoteDialog) and one.isVisible())


def test_tags_of_a_trace_and_of_its_spans_stand_in_the_list(listed: TracesPage, bench: Workbench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.notes.written):
        bench.notes.write({NotedPlace(IDS[1]): Note(("b",)), NotedPlace(IDS[1], "c" * 16): Note(("a",))})
    assert tags(listed) == ["b, a", ""]


def test_selected_traces_are_tagged(listed: TracesPage, bench: Workbench, qtbot: QtBot) -> None:
    listed.table.view.select_rows([0, 1], current=0)
    dialog = run(listed, "traces.note")
    dialog.tags.setText("seen")
    with qtbot.waitSignal(bench.notes.written):
        dialog.save.click()
    assert tags(listed) == ["seen", "seen"]


def test_a_list_of_tagged_traces_follows_the_tags(listed: TracesPage, bench: Workbench, qtbot: QtBot) -> None:
    write(listed.bar.search, "tag:slow", enter=True)
    qtbot.waitUntil(lambda: listed.table.model.rowCount() == 0)
    with qtbot.waitSignal(bench.notes.written):
        bench.notes.write({NotedPlace(IDS[0]): Note(("slow",))})
    qtbot.waitUntil(lambda: listed.table.model.rowCount() == 1)
    assert listed.table.model.id_at(0) == IDS[0]
