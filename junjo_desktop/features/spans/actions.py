"""What can be done with the current span: open it elsewhere, and narrow the list to what is like it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.listings import SpanRow
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenLogs, OpenTrace
from junjo_desktop.shell.note_dialog import edit_note
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import NotedPlace
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.paged_table import PagedTable

_GROUP = "Spans"


class SpanActions(QObject):
    """Serves the context menu and the commands. `show_usual` narrows the list to the spans that are named alike."""

    def __init__(
        self, workbench: Workbench, table: PagedTable[SpanRow], show_usual: Callable[[SpanRow], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table
        self._show_usual = show_usual
        self._find = ""
        self._finder = workbench.reader(self, self._open_found)
        table.menu.extend = self._extend_menu
        table.menu.id_of_row = _span_id

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the current span."""
        on_one = self._is_one_current
        return (
            Command("spans.usual", "How usual is this span?", self.show_usual, "A", _GROUP, "histogram", on_one),
            Command("spans.trace", "Open the whole trace", self.open_trace, "W", _GROUP, "traces", on_one),
            Command("spans.logs", "Logs of this span", self.open_logs, "", _GROUP, "logs", on_one),
            Command("spans.note", "Tags and note…", self.edit_note, "J", _GROUP, "note", on_one),
            Command("spans.copy_id", "Copy span id", self._table.menu.copy_ids, "C", _GROUP, "copy", on_one),
            Command("spans.copy_trace", "Copy trace id", self.copy_trace_id, "Shift+C", _GROUP, "copy", on_one),
        )

    def open_span(self, row_id: str, find: str = "") -> None:
        """Open a span in its trace, and look for something there; a span that is not at hand is looked up."""
        self._find = find
        row = self._table.model.known_row(row_id)
        if row is None:
            self._finder.submit(partial(queries.rows, numbers=[int(row_id)]))
        else:
            self._workbench.open(OpenTrace(row.trace_id, row.span_id, find))

    def open_trace(self) -> None:
        """Open the trace of the current span from its beginning."""
        if (row := self._current()) is not None:
            self._workbench.open(OpenTrace(row.trace_id))

    def open_logs(self) -> None:
        """List the log records of the current span."""
        if (row := self._current()) is not None:
            self._workbench.open(OpenLogs(trace_id=row.trace_id, span_id=row.span_id))

    def show_usual(self) -> None:
        """Show how long all spans of this name take, and where this one stands."""
        if (row := self._current()) is not None:
            self._show_usual(row)

    def edit_note(self) -> None:
        """Ask what is to be written on the current span."""
        if (row := self._current()) is not None:
            edit_note(self._workbench.notes, [NotedPlace(row.trace_id, row.span_id)], row.name, self._table)

    def copy_trace_id(self) -> None:
        """Copy the id of the current span's trace."""
        if (row := self._current()) is not None:
            QGuiApplication.clipboard().setText(row.trace_id)

    def _current(self) -> SpanRow | None:
        return self._table.model.known_row(self._table.current_id)

    def _is_one_current(self) -> bool:
        return self._current() is not None

    def _open_found(self, found: dict[str, SpanRow]) -> None:
        for row in found.values():
            self._workbench.open(OpenTrace(row.trace_id, row.span_id, self._find))

    def _extend_menu(self, menu: QMenu, _row_id: str) -> None:
        if self._current() is None:
            return
        menu.addAction(icon("histogram"), "How usual is this?\tA", self.show_usual)
        menu.addAction(icon("traces"), "Open the whole trace\tW", self.open_trace)
        if self._workbench.can_open(OpenLogs()):
            menu.addAction(icon("logs"), "Logs of this span", self.open_logs)
        menu.addAction(icon("note"), "Tags and note…\tJ", self.edit_note)
        menu.addAction(icon("copy"), "Copy trace id\tShift+C", self.copy_trace_id)


def _span_id(row: SpanRow) -> str:
    return row.span_id
