"""Asks with what something is to be compared: a list that a filter narrows, and what is one press away."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.inspector.row_list import RowList
from junjo_desktop.widgets.search_field import SearchField

_WIDTH_PX = 860
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Choice:
    """A line: its cells, and what their tooltips say."""

    cells: tuple[str, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChooserWords:
    """What is said of the things that are offered."""

    many: str
    """`other runs`."""
    placeholder: str
    filter_name: str
    list_name: str
    none: str
    none_matches: str


class _ChoiceList(RowList):
    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)


class SideChooser(QWidget):
    """`asked` comes when the list is to be read again, `taken` for the current line; `cancelled` on Escape."""

    asked = Signal()
    taken = Signal()
    cancelled = Signal()

    def __init__(
        self,
        words: ChooserWords,
        headings: Sequence[str],
        widths: Sequence[int],
        quick: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.heading = QLabel(self)
        self.quick = [QPushButton(title, self) for title in quick]
        self.filter = SearchField(words.placeholder, name=words.filter_name, parent=self)
        self.list = _ChoiceList(words.list_name, headings, widths, self)
        self.nothing = EmptyState("", parent=self)
        self.compare = QPushButton("Compare", self)
        self.back = QPushButton("Cancel", self)
        self._count = QLabel(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.filter.changed.connect(self._changed)
        self.filter.submitted.connect(self._to_list)
        for taken in (self.compare.clicked, self.list.entered_row, self.list.doubleClicked):
            taken.connect(self._take)
        self.back.clicked.connect(self.cancelled)

    @property
    @abstractmethod
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""

    def _lay_out(self) -> None:
        self.heading.setProperty("look", "title")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("look", "dim")
        self.compare.setProperty("look", "primary")
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH_PX)
        quick, last = QHBoxLayout(), QHBoxLayout()
        for widget in self.quick:
            quick.addWidget(widget)
        quick.addStretch(1)
        last.addWidget(self._count, 1)
        last.addWidget(self.back)
        last.addWidget(self.compare)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(16, 20, 16, 16)
        inner.setSpacing(10)
        inner.addWidget(self.heading)
        inner.addLayout(quick)
        inner.addWidget(self.filter)
        inner.addWidget(self._stack, 1)
        inner.addLayout(last)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(column, 1000)
        layout.addStretch(1)

    def begin(self) -> None:
        """Forget what was offered, and ask for what is offered now."""
        self.filter.show_text("")
        self.heading.setText("Compare with …")
        self.say("Looking …")
        for button in (*self.quick, self.compare):
            button.setEnabled(False)
        self.asked.emit()
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, words: str) -> None:
        """Show a sentence in place of the list."""
        self.nothing.set_content(words)
        self._stack.setCurrentWidget(self.nothing)
        self._count.setText("")
        self.compare.setEnabled(False)

    def offer(self, heading: str, choices: Sequence[Choice], count: int) -> None:
        """Offer these, the first ones of `count`."""
        self.heading.setText(one_line(heading, _LONGEST))
        self.list.show_rows([choice.cells for choice in choices], [choice.tips for choice in choices])
        if not choices:
            self.say(self._words.none_matches if self.filter.text().strip() else self._words.none)
            return
        self._stack.setCurrentWidget(self.list)
        newest = f", the newest {count_text(len(choices))} of them here" if count > len(choices) else ""
        self._count.setText(f"{count_text(count)} {self._words.many}{newest}")
        self.compare.setEnabled(True)

    def offer_quickly(self, number: int, tip: str | None) -> None:
        """Enable a button, with what it leads to; None disables it."""
        self.quick[number].setEnabled(tip is not None)
        self.quick[number].setToolTip(tip or "")

    def _changed(self, _text: str) -> None:
        self.asked.emit()

    def _take(self) -> None:
        if self.list.currentIndex().isValid() and self.compare.isEnabled():
            self.taken.emit()

    def _to_list(self, _text: str) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
