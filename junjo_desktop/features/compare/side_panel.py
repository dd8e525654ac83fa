"""What stands at the right of a comparison: views of what differs, in tabs, and a sentence where nothing does."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.tab_bar import TabBar


class SidePanel(QWidget):
    """A subclass makes the tabs and the views, and reads in the background."""

    tabs: TabBar
    nothing: EmptyState
    stack: QStackedWidget

    @property
    @abstractmethod
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""

    @abstractmethod
    def save_state(self, state: QSettings) -> None:
        """Write which view is shown."""

    @abstractmethod
    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""

    def say(self, words: str, icon_name: str = "") -> None:
        """Show a sentence in place of differences."""
        self.nothing.set_content(words, icon_name=icon_name)
        self.stack.setCurrentWidget(self.nothing)

    def take_focus(self) -> None:
        """Take the keyboard to what is shown."""
        view = self.stack.currentWidget()
        target: QWidget = self.tabs if view is None or view is self.nothing else view
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
