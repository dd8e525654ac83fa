"""What can be done with the current call: open it elsewhere, copy its ids."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.listings import CallRow
from junjo_desktop.features.calls.peek import conversation_of
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenConversation, OpenTrace
from junjo_desktop.shell.note_dialog import edit_note
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import NotedPlace
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.paged_table import PagedTable

_GROUP = "LLM calls"


class CallActions(QObject):
    """Serves the context menu and the commands."""

    def __init__(self, workbench: Workbench, table: PagedTable[CallRow], parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table
        self._find = ""
        self._finder = workbench.reader(self, self._open_found)
        table.menu.extend = self._extend_menu
        table.menu.id_of_row = _span_id

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the current call."""
        on_one = self._is_one_current
        return (
            Command(
                "calls.conversation", "Its conversation", self.open_conversation, "W", _GROUP, "conversations", on_one
            ),
            Command("calls.note", "Tags and note…", self.edit_note, "J", _GROUP, "note", on_one),
            Command("calls.copy_id", "Copy span id", self._table.menu.copy_ids, "C", _GROUP, "copy", on_one),
            Command("calls.copy_trace", "Copy trace id", self.copy_trace_id, "Shift+C", _GROUP, "copy", on_one),
        )

    def open_call(self, row_id: str, find: str = "") -> None:
        """Open the span of a call in its trace, and look for something there; one that is not at hand is looked up."""
        self._find = find
        row = self._table.model.known_row(row_id)
        if row is None:
            self._finder.submit(partial(queries.rows, numbers=[int(row_id)]))
        else:
            self._workbench.open(OpenTrace(row.trace_id, row.span_id, find))

    def open_conversation(self) -> None:
        """Show all calls of the conversation of the current one."""
        if (row := self._current()) is not None:
            self._workbench.open(conversation_of(row))

    def edit_note(self) -> None:
        """Ask what is to be written on the span of the current call."""
        if (row := self._current()) is not None:
            title = row.model or row.operation
            edit_note(self._workbench.notes, [NotedPlace(row.trace_id, row.span_id)], title, self._table)

    def copy_trace_id(self) -> None:
        """Copy the id of the current call's trace."""
        if (row := self._current()) is not None:
            QGuiApplication.clipboard().setText(row.trace_id)

    def _current(self) -> CallRow | None:
        return self._table.model.known_row(self._table.current_id)

    def _is_one_current(self) -> bool:
        return self._current() is not None

    def _open_found(self, found: dict[str, CallRow]) -> None:
        for row in found.values():
            self._workbench.open(OpenTrace(row.trace_id, row.span_id, self._find))

    def _extend_menu(self, menu: QMenu, _row_id: str) -> None:
        if self._current() is None:
            return
        if self._workbench.can_open(OpenConversation()):
            menu.addAction(icon("conversations"), "Its conversation\tW", self.open_conversation)
        menu.addAction(icon("note"), "Tags and note…\tJ", self.edit_note)
        menu.addAction(icon("copy"), "Copy trace id\tShift+C", self.copy_trace_id)


def _span_id(row: CallRow) -> str:
    return row.span_id
