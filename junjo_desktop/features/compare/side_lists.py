"""The lists of a comparison in tabs; below them the current row, and the ways from it to either side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tab_bar import TabBar

_BAR_PX = 38


class SideLists(QWidget):
    """A subclass makes the views, hands them to `put_together`, and answers what is abstract.

    `opened` carries a span id and whether it is of the left side.
    """

    opened = Signal(str, bool)

    open_left: QPushButton
    open_right: QPushButton
    stack: QStackedWidget

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = TabBar("Lists of the comparison", titles, self)

    def put_together(self, views: Sequence[QWidget], part: str, whole: str, beside: QWidget | None = None) -> None:
        """Lay the views out. A `part` of either `whole` is what a row stands for: a step of a run, say."""
        self.open_left = QPushButton(icon("chevron-left"), f"Open in left {whole}", self)
        self.open_right = QPushButton(icon("chevron-right"), f"Open in right {whole}", self)
        self._current = ElidedLabel(parent=self, look="dim")
        self.stack = QStackedWidget(self)
        for view in views:
            self.stack.addWidget(view)
        for button, keys in ((self.open_left, "L"), (self.open_right, "R")):
            button.setProperty("look", "quiet")
            button.setToolTip(f"Go to the current {part} in its {whole} ({keys})")
        self.open_right.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar(beside))
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._foot())
        self.tabs.currentChanged.connect(self.choose_view)
        self.open_left.clicked.connect(self.open_in_left)
        self.open_right.clicked.connect(self.open_in_right)

    def _bar(self, beside: QWidget | None) -> QFrame:
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        line = QHBoxLayout(bar)
        line.setContentsMargins(7, 0, 8, 0)
        line.addWidget(self.tabs)
        line.addStretch(1)
        if beside is not None:
            line.addWidget(beside)
        return bar

    def _foot(self) -> QFrame:
        foot = QFrame(self)
        foot.setProperty("look", "peek")
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._current, 1)
        row.addWidget(self.open_left)
        row.addWidget(self.open_right)
        return foot

    # What a subclass answers

    @abstractmethod
    def choose_view(self, _tab: int = 0) -> None:
        """Show the list of the tab in front."""

    @abstractmethod
    def ways(self) -> tuple[str | None, str | None]:
        """Return the span that the current row leads to at the left, and at the right."""

    @abstractmethod
    def go_to_difference(self) -> None:
        """Go to where both part."""

    @abstractmethod
    def take_focus(self) -> None:
        """Go to the list in front."""

    def show_current(self, words: str) -> None:
        """Say what the current row is, and offer the ways it has."""
        self._current.setText(words)
        left, right = self.ways()
        self.open_left.setEnabled(left is not None)
        self.open_right.setEnabled(right is not None)

    # Hands

    def open_in_left(self) -> None:
        """Go to what the current row stands for, at the left."""
        left, _ = self.ways()
        if left is not None:
            self.opened.emit(left, True)

    def open_in_right(self) -> None:
        """Go to what the current row stands for, at the right."""
        _, right = self.ways()
        if right is not None:
            self.opened.emit(right, False)

    def show_tab(self, place: int) -> None:
        """Bring a list to the front."""
        if self.tabs.isTabVisible(place):
            self.tabs.setCurrentIndex(place)
            self.take_focus()
