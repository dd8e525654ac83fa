"""Notes on the trace that is shown and on its selected span: the line that shows them, and the ways to change them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.note_dialog import NoteDialog, edit_note
from junjo_desktop.shell.note_line import NoteLine
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Note, NotedPlace
from junjo_desktop.theme.icons import icon

_GROUP = "Trace"


class TraceNotes(QObject):
    """`head` returns the trace that is shown. `refreshed`: what is written on it or on the selected span may differ."""

    refreshed = Signal()

    def __init__(
        self, workbench: Workbench, view: TraceView, head: Callable[[], TraceHead | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._notes = workbench.notes
        self._view = view
        self._head = head
        self.dialog: NoteDialog | None = None
        """The one that was opened last."""
        self.line = NoteLine()
        self.button = QToolButton(view.inspector)
        self.button.setIcon(icon("note"))
        self.button.setToolTip("Tags and note on this span (Shift+J)")
        self.button.setAccessibleName("Tags and note on this span")
        self.button.clicked.connect(self.edit_span)
        view.inspector.ways.addWidget(self.button)
        self.line.trace_asked.connect(self.edit_trace)
        self.line.span_asked.connect(self.edit_span)
        workbench.notes.changed.connect(self.refresh)
        view.span_selected.connect(self._selected)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the trace and for the selected span."""
        return (
            Command("trace.note", "Tags and note on this trace…", self.edit_trace, "J", _GROUP, "note", self._is_shown),
            Command(
                "trace.note_span",
                "Tags and note on the selected span…",
                self.edit_span,
                "Shift+J",
                _GROUP,
                "note",
                self._is_span_selected,
            ),
        )

    def add_to_trace_menu(self, menu: QMenu) -> None:
        """Add what can be written on the trace."""
        menu.addAction(icon("note"), "Tags and note…\tJ", self.edit_trace)

    def add_to_span_menu(self, menu: QMenu) -> None:
        """Add what can be written on the selected span."""
        menu.addAction(icon("note"), "Tags and note…\tShift+J", self.edit_span)

    def refresh(self) -> None:
        """Show what is written on the trace and on the selected span."""
        head, span_id = self._head(), self._view.waterfall.selected_span
        if head is None:
            self.line.show_notes(Note(), Note(), 0)
        else:
            places = self._notes.places_of(head.trace_id)
            elsewhere = sum(bool(place.span_id) and place.span_id != span_id for place in places)
            self.line.show_notes(self._notes.of(head.trace_id), self._of_span(span_id), elsewhere)
        self.refreshed.emit()

    def words_on(self, span_id: str) -> str:
        """Return what is written on a span, for people; empty for nothing."""
        note = self._of_span(span_id)
        tags = f"Tags: {', '.join(note.tags)}" if note.tags else ""
        return "\n".join(part for part in (tags, f"Note: {note.comment}" if note.comment else "") if part)

    def _of_span(self, span_id: str) -> Note:
        head = self._head()
        return self._notes.of(head.trace_id, span_id) if head is not None and span_id else Note()

    def edit_trace(self) -> None:
        """Ask what is to be written on the trace."""
        if (head := self._head()) is not None:
            self.dialog = edit_note(self._notes, [NotedPlace(head.trace_id)], head.name, self.line)

    def edit_span(self) -> None:
        """Ask what is to be written on the selected span."""
        head, span_id = self._head(), self._view.waterfall.selected_span
        position = self._view.tree.position_of(span_id) if span_id else None
        if head is not None and position is not None:
            name = self._view.tree.columns.row(position).name
            self.dialog = edit_note(self._notes, [NotedPlace(head.trace_id, span_id)], name, self.line)

    def _selected(self, _span_id: str) -> None:
        self.refresh()

    def _is_shown(self) -> bool:
        return self._head() is not None

    def _is_span_selected(self) -> bool:
        return self._is_shown() and bool(self._view.waterfall.selected_span)
