"""One state, as a tree or as text."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.run.state.presentation import Lines, text_lines
from junjo_desktop.features.run.state.state_tree import StateTree
from junjo_desktop.telemetry.junjo.state import UNKNOWN_STATE, Certainty, StateValue
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.state_changes.lines_view import LinesView


class ValueView(QWidget):
    """An unknown state is a sentence. Text is made in the background, when it is looked at."""

    def __init__(self, name: str, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StateValue(UNKNOWN_STATE, Certainty.UNKNOWN)
        self._is_text = False
        self._text_is_stale = True
        self._texts = work.worker(self, self._show_text)
        self.tree = StateTree(name, self)
        self.text = LinesView(f"{name}, as text", (name,), self)
        self.unknown = EmptyState("This state is not known.", parent=self)
        self._stack = QStackedWidget(self)
        for view in (self.unknown, self.tree, self.text):
            self._stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def show_state(self, state: StateValue) -> None:
        """Show another state."""
        if state.value is not self._state.value or not state.is_known:
            self._text_is_stale = True
            self.tree.set_value(state.value if state.is_known else {})
        self._state = state
        self._choose_view()

    def set_text(self, is_text: bool) -> None:
        """Show the state as text, or as a tree."""
        self._is_text = is_text
        self._choose_view()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose_view()

    def focus_view(self) -> QWidget:
        """Return what takes the keyboard."""
        return self.text.table if self._stack.currentWidget() is self.text else self.tree.view

    def _choose_view(self) -> None:
        if not self._state.is_known:
            self._stack.setCurrentWidget(self.unknown)
            return
        self._stack.setCurrentWidget(self.text if self._is_text else self.tree)
        if self._is_text and self._text_is_stale and self.isVisible():
            self._text_is_stale = False
            self._texts.submit(partial(text_lines, self._state.value))

    def _show_text(self, text: Lines) -> None:
        self.text.show_lines(text.lines, text.longest)
