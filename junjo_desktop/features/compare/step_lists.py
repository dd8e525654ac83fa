"""The lists of a comparison in tabs: steps, where the time went, failures, the graph."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.loading import LoadedComparison
from junjo_desktop.features.compare.notes import Note, failure_notes, graph_notes
from junjo_desktop.features.compare.rows_view import RowsView
from junjo_desktop.features.compare.side_lists import SideLists
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.inspector.row_list import RowList

_STEPS, _TIMES, _FAILURES, _GRAPH = range(4)


class NoteList(RowList):
    """`opened` carries a span id and whether it is of the left run."""

    opened = Signal(str, bool)

    def __init__(self, name: str, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(name, headings, (64, 190), parent)
        self._notes: tuple[Note, ...] = ()
        self.doubleClicked.connect(self.open_current)

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show other notes."""
        self._notes = tuple(notes)
        cells = [(note.side, note.what, note.told) for note in notes]
        self.show_rows(cells, [(note.tip or note.told,) * 3 for note in notes])

    @property
    def current_note(self) -> Note | None:
        """The current line."""
        row = self.currentIndex().row()
        return self._notes[row] if 0 <= row < len(self._notes) else None

    def open_current(self) -> None:
        """Go to the span of the current line in its run."""
        note = self.current_note
        if note is not None and note.span_id is not None:
            self.opened.emit(note.span_id, note.is_left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        else:
            super().keyPressEvent(event)


class StepLists(SideLists):
    """The steps of both runs, and three lists of what differs between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(("Steps", "Time", "Failures", "Graph"), parent)
        self._loaded: LoadedComparison | None = None
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.steps = RowsView("Steps of both runs", parent=self)
        self.times = RowsView("Where the time went", parent=self)
        self.failures = NoteList("Failures of both runs", ("Run", "Where", "Failure"), self)
        self.graph = NoteList("Changes of the graph", ("Run", "What", "Which"), self)
        self.no_failures = EmptyState("Nothing failed in either run.", icon_name="ok", parent=self)
        self.no_changes = EmptyState("Both ran the same graph.", parent=self)
        views = (self.steps, self.times, self.failures, self.graph, self.no_failures, self.no_changes)
        self.put_together(views, "step", "run")
        for tree in (self.steps, self.times):
            tree.opened.connect(self.opened)
            tree.moved.connect(self._show_current)
        for notes in (self.failures, self.graph):
            notes.opened.connect(self.opened)
            notes.row_chosen.connect(self._show_current)

    def show_comparison(self, loaded: LoadedComparison, *, is_update: bool) -> None:
        """Show other runs, or the same ones after they grew: then folds and places stay."""
        self._loaded = loaded
        comparison = loaded.comparison
        self.steps.show_rows(loaded.steps, is_update=is_update)
        self.times.show_rows(loaded.times, is_update=is_update)
        failures, graph = failure_notes(comparison), graph_notes(comparison)
        self.failures.show_notes(failures)
        self.graph.show_notes(graph)
        facts = comparison.facts
        self.no_changes.set_content(
            "One of the runs has not told its graph: it is sent when a run ends."
            if facts.is_graph_same is None and facts.left.type != "agent"
            else "Agents have no graph."
            if facts.left.type == "agent"
            else "Both ran the same graph."
        )
        lone = sum(row.is_path and not row.is_both for row in comparison.steps)
        for place, title, count in (
            (_STEPS, "Steps", max(sum(row.is_path for row in comparison.steps) - 1, 0)),
            (_FAILURES, "Failures", len(failures)),
            (_GRAPH, "Graph", len(graph)),
        ):
            self.tabs.setTabText(place, f"{title} {count_text(count)}" if count or place == _FAILURES else title)
        self.tabs.setTabToolTip(_TIMES, "Time by names of steps, without the steps inside; what differs most first")
        self.tabs.setTabToolTip(_STEPS, f"{count_text(lone)} steps of the path are in one run only")
        if not is_update:
            self.tabs.setCurrentIndex(_STEPS)
            self.steps.go_to(loaded.first_difference if loaded.first_difference is not None else 0)
            self.times.go_to(loaded.comparison.times[0].position if loaded.comparison.times else None)
        self.choose_view()

    def choose_view(self, _tab: int = 0) -> None:
        """Show the list of the tab in front, or what there is to say where it is empty."""
        tab = self.tabs.currentIndex()
        views: tuple[QWidget, ...] = (self.steps, self.times, self.failures, self.graph)
        view = views[tab]
        if isinstance(view, NoteList) and not view.rows.rowCount():
            view = self.no_failures if tab == _FAILURES else self.no_changes
        self.stack.setCurrentWidget(view)
        self._show_current()

    def ways(self) -> tuple[str | None, str | None]:
        """Return where the current row leads in the left run, and in the right."""
        view = self.stack.currentWidget()
        if isinstance(view, RowsView) and view.current_row is not None:
            return view.current_row.left.span_id, view.current_row.right.span_id
        if isinstance(view, NoteList) and view.current_note is not None:
            span_id, is_left = view.current_note.span_id, view.current_note.is_left
            return (span_id, None) if is_left else (None, span_id)
        return None, None

    def _show_current(self, _row: object = None) -> None:
        view = self.stack.currentWidget()
        name = ""
        if isinstance(view, RowsView) and view.current_row is not None:
            name = " · ".join(part for part in (view.current_row.name, view.current_row.note) if part)
        elif isinstance(view, NoteList) and view.current_note is not None:
            name = view.current_note.what
        self.show_current(name)

    # Hands

    def go_to_difference(self) -> None:
        """Go to where the paths part."""
        if self._loaded is not None and self._loaded.first_difference is not None:
            self.tabs.setCurrentIndex(_STEPS)
            self.steps.go_to(self._loaded.first_difference)
            self.take_focus()

    def take_focus(self) -> None:
        """Go to the list in front."""
        view = self.stack.currentWidget()
        if isinstance(view, RowsView | NoteList):
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)
