"""Tags in the list of spans."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.features.spans.page import SpansPage
from junjo_desktop.shell.note_dialog import NoteDialog
from junjo_desktop.shell.tags_column import TAGS_COLUMN
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Note, NotedPlace
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

TRACE, SPAN = trace_id(1).hex(), span_id(2).hex()


def test_a_span_is_tagged_and_shows_the_tags_of_its_trace_too(
    page: SpansPage, telemetry: StoredTelemetry, bench: Workbench, qtbot: QtBot
) -> None:
    telemetry.add(trace_request(span("work", trace=trace_id(1), id=span_id(2))))
    qtbot.waitUntil(
        lambda: page.table.model.rowCount() == 1 and page.table.model.known_row(page.table.model.id_at(0)) is not None
    )
    page.table.view.select_rows([0], current=0)
    with qtbot.waitSignal(bench.notes.written):
        bench.notes.write({NotedPlace(TRACE): Note(("whole",))})
    next(one for one in page.commands() if one.id == "spans.note").run()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, NoteDialog) and one.isVisible())
    dialog.tags.setText("mine")
    with qtbot.waitSignal(bench.notes.written):
        dialog.save.click()
    model = page.table.model
    column = [one.key for one in model.columns].index(TAGS_COLUMN)
    assert model.index(0, column).data() == "mine, whole"
    assert telemetry.notes.of(NotedPlace(TRACE, SPAN)).tags == ("mine",)
