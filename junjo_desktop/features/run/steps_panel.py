"""Steps and state updates: two lists of the same run that follow one selection."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.run.outline import Item, Outline
from junjo_desktop.features.run.outline_view import OutlineView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.steps_filter import FoundSteps
from junjo_desktop.features.run.steps_rows import SPAN, UPDATE
from junjo_desktop.widgets.empty_state import EmptyState


class StepsPanel(QWidget):
    """One list. `entered` comes on Enter: the user wants to look at what was chosen."""

    entered = Signal()

    def __init__(self, name: str, empty: str, selection: RunSelection, parent: QWidget | None = None) -> None:
        """`empty` is said where a run has no such rows."""
        super().__init__(parent)
        self._selection = selection
        self._empty_words = empty
        self.view = OutlineView(name, self)
        self.empty = EmptyState(empty, parent=self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.view.chosen.connect(self._choose)
        self.view.entered_row.connect(self.entered)
        selection.changed.connect(self._follow)

    def show_rows(self, rows: Outline, *, is_update: bool = False) -> None:
        """Show other rows; an update keeps folds, the current row and the place."""
        self.view.show_outline(rows, is_update=is_update)
        self._show_empty()

    def forget_filter(self) -> None:
        """Show everything of what is shown next."""
        self.view.rows.forget_kept()

    def show_found(self, found: FoundSteps | None) -> None:
        """Show only what a filter found; None for everything."""
        keys: set[Hashable] | None = None
        if found is not None:
            keys = {(UPDATE, *step) for step in found.updates} | {(SPAN, span_id) for span_id in found.spans}
        self.view.show_only(keys)
        self.follow()
        self._show_empty()

    def _show_empty(self) -> None:
        rows = self.view.rows
        is_filtered = len(rows.outline) > 0
        self.empty.set_content("Nothing matches the filter." if is_filtered else self._empty_words)
        self._stack.setCurrentWidget(self.view if rows.rowCount() else self.empty)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # A list out of sight does not follow.
        self.follow()

    def follow(self) -> None:
        """Show the selection: the update, else the span where this list has spans."""
        step, span_id = self._selection.step, self._selection.span_id
        if step is not None:
            self.view.follow((UPDATE, *step))
        else:
            self.view.follow(None if span_id is None else (SPAN, span_id))

    def _follow(self, _selection: RunSelection) -> None:
        if self.isVisible():
            self.follow()

    def _choose(self, item: Item) -> None:
        if item.step is not None:
            self._selection.select_step(*item.step)
        elif item.span_id is not None:
            self._selection.select_span(item.span_id)
