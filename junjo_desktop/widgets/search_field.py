"""A line to search or filter with: cleared by Escape, answered after a short rest."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from junjo_desktop.theme.icons import icon

_REST_MS = 200
_QT_CLEAR_ACTION = "_q_qlineeditclearaction"


class SearchField(QLineEdit):
    """`changed` comes once typing rests, and at once on Enter or when cleared; `submitted` on Enter."""

    changed = Signal(str)
    submitted = Signal(str)

    def __init__(self, placeholder: str, *, name: str = "", shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answered = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setClearButtonEnabled(True)
        self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition).setText("Search")
        clear = self.findChild(QAction, _QT_CLEAR_ACTION)
        if clear is not None:
            clear.setIcon(icon("close"))
            clear.setText("Clear (Esc)")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._answer)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._submit)
        if shortcut:
            self.setToolTip(f"{name or placeholder} ({shortcut})")
            QShortcut(QKeySequence(shortcut), self, self.take_focus)

    @property
    def is_typing(self) -> bool:
        """Whether what was typed has not been answered yet."""
        return self._rest.isActive()

    def take_focus(self) -> None:
        """Put the cursor here with everything selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def show_text(self, text: str) -> None:
        """Show a text that came from elsewhere, without `changed`."""
        self._answered = text
        self.setText(text)
        self._rest.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        if text:
            self._rest.start()
        else:
            self._answer()

    def _submit(self) -> None:
        self._answer()
        self.submitted.emit(self.text())

    def _answer(self) -> None:
        self._rest.stop()
        if self.text() != self._answered:
            self._answered = self.text()
            self.changed.emit(self._answered)
