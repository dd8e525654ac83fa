"""The line that finds in a text: next, previous, how many, close."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.search_field import SearchField


class FindBar(QFrame):
    """Hidden until `open_with`. Enter goes to the next match, Shift+Enter to the one before, Escape closes."""

    changed = Signal(str)
    stepped = Signal(bool)
    """True: forward."""
    closed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._field = SearchField("Find", name=f"Find in {name.lower()}", parent=self)
        self._count = QLabel(self)
        self._count.setProperty("look", "dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._count)
        for icon_name, label, run in (
            ("chevron-up", "Previous match (Shift+Enter)", self._back),
            ("chevron-down", "Next match (Enter)", self._forward),
            ("close", "Close find (Esc)", self.close_bar),
        ):
            button = QToolButton(self)
            button.setIcon(icon(icon_name))
            button.setToolTip(label)
            button.setAccessibleName(label)
            button.clicked.connect(run)
            layout.addWidget(button)
        self._field.changed.connect(self.changed)
        self.hide()

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._field.text()

    @property
    def field(self) -> QLineEdit:
        """The line that is typed into."""
        return self._field

    def open_with(self, text: str) -> None:
        """Show the line with `text` in it (what was there before stays when it is empty)."""
        self.show()
        if text:
            self._field.setText(text)
        self._field.take_focus()
        self.changed.emit(self.text)

    def show_count(self, count: int, *, more: bool) -> None:
        """Say how many matches there are."""
        self._count.setText("" if not self.text else f"{count:,}{'+' if more else ''} found" if count else "Not found")

    def close_bar(self) -> None:
        """Hide the line and forget its marks."""
        self.hide()
        self.changed.emit("")
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)

    def _back(self) -> None:
        self.stepped.emit(False)

    def _forward(self) -> None:
        self.stepped.emit(True)
