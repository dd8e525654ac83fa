"""Find in trace: the field, its count, and steps to the next and previous match."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.search_field import SearchField

_FIELD_PX, _NARROW_FIELD_PX = 190, 116
_COUNT_PX = 74


class FindField(QWidget):
    """`asked` carries the text once typing rests; `stepped` the id of the span to go to."""

    asked = Signal(str)
    stepped = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Sequence[str] = ()
        self._at = -1
        self.field = _Field(self)
        self.count = QLabel(self)
        self.count.setProperty("look", "dim")
        self.count.setFixedWidth(_COUNT_PX)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.before = _step("chevron-up", "Previous match (Shift+Enter)", self)
        self.after = _step("chevron-down", "Next match (Enter)", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.field.setFixedWidth(_FIELD_PX)
        line.addWidget(self.count)
        line.addSpacing(6)
        for widget in (self.field, self.before, self.after):
            line.addWidget(widget)
        self.field.changed.connect(self.asked)
        self.field.stepped.connect(self.step)
        self.field.left.connect(self.left)
        self.before.clicked.connect(self._back)
        self.after.clicked.connect(self._forward)
        self.show_found((), "")

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.field.text()

    @property
    def has_found(self) -> bool:
        """Whether there is a match to step to."""
        return bool(self._found)

    def fit(self, *, is_narrow: bool) -> None:
        """Take less room where there is little."""
        self.field.setFixedWidth(_NARROW_FIELD_PX if is_narrow else _FIELD_PX)

    def look_for(self, text: str) -> None:
        """Show a text that came from elsewhere, without `asked`."""
        self.field.show_text(text)
        # What was begun with says more than the end.
        self.field.setCursorPosition(0)

    def show_found(self, span_ids: Sequence[str], current: str) -> None:
        """Take over the matches from top to bottom; the count tells the place of `current` among them."""
        self._found = span_ids
        self._at = self._found.index(current) if current in self._found else -1
        self._show_count()

    def follow(self, current: str) -> None:
        """Another span was selected."""
        self._at = self._found.index(current) if current in self._found else -1
        self._show_count()

    def step(self, forward: bool) -> None:
        """Go to the next or previous match, round the end."""
        if self._found:
            first = 0 if forward else len(self._found) - 1
            self._at = first if self._at < 0 else (self._at + (1 if forward else -1)) % len(self._found)
            self._show_count()
            self.stepped.emit(self._found[self._at])

    def _show_count(self) -> None:
        total = count_text(len(self._found))
        words = f"{count_text(self._at + 1)} of {total}" if self._at >= 0 else f"{total} found"
        self.count.setText(words if self._found else "none" if self.text else "")
        for button in (self.before, self.after):
            button.setEnabled(bool(self._found))

    def _back(self) -> None:
        self.step(False)

    def _forward(self) -> None:
        self.step(True)


class _Field(SearchField):
    stepped = Signal(bool)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Find in trace", parent=parent)
        self.setToolTip("Find in trace: names, ids, attributes, events (Ctrl+F)")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text() and not self.is_typing:
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Escape and not self.text():
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _step(name: str, tooltip: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(icon(name))
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip.partition(" (")[0])
    return button
