"""A line to search or filter with: cleared by Escape, answered after a short rest; it can mark what makes no sense."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.tooltip import plain_tooltip

_REST_MS = 200
_QT_CLEAR_ACTION = "_q_qlineeditclearaction"


class SearchField(QLineEdit):
    """`changed` comes once typing rests, and at once on Enter or when cleared; `submitted` on Enter."""

    changed = Signal(str)
    submitted = Signal(str)

    def __init__(self, placeholder: str, *, name: str = "", shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answered = ""
        self._has_problem = self._is_composing = False
        self._usual_tooltip = ""
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

    @property
    def has_problem(self) -> bool:
        """Whether something in the text is marked."""
        return self._has_problem

    def show_problem(self, sentence: str, start: int, end: int, *, is_mistake: bool = True) -> None:
        """Mark a place of the text, in characters, and say in the tooltip what is wrong; until the text is another.

        What is no mistake, but only not finished, is not marked.
        """
        if not self._has_problem:
            self._usual_tooltip = self.toolTip()
        self._has_problem = True
        self.setToolTip(plain_tooltip(sentence))
        self.setAccessibleDescription(sentence)
        if is_mistake:
            self._mark(start, max(start + 1, end))
        self._restyle(is_mistake=is_mistake)

    def clear_problem(self) -> None:
        """Take the mark away."""
        if self._has_problem:
            self._has_problem = False
            self.setToolTip(self._usual_tooltip)
            self.setAccessibleDescription("")
            self._mark(0, 0)
            self._restyle(is_mistake=False)

    @property
    def cursor_place(self) -> int:
        """Where the cursor stands, in characters (Qt counts UTF-16 units)."""
        before = self.text().encode("utf-16-le")[: 2 * self.cursorPosition()]
        return len(before.decode("utf-16-le", "ignore"))

    def put(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text; it can be undone."""
        first, last = self._units(start), self._units(end)
        self.setSelection(first, last - first)
        self.insert(text)

    def _units(self, place: int) -> int:
        return len(self.text()[:place].encode("utf-16-le")) // 2

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

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def _mark(self, start: int, end: int) -> None:
        # An input method is the only one that may format text of a QLineEdit; a real one at work is left alone.
        if self._is_composing:
            return
        marks = []
        if end > start:
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(QColor(current().error))
            look.setForeground(QColor(current().error))
            kind = QInputMethodEvent.AttributeType.TextFormat
            first, last = self._units(start), self._units(end)
            marks.append(QInputMethodEvent.Attribute(kind, first - self.cursorPosition(), last - first, look))
        super().inputMethodEvent(QInputMethodEvent("", marks))

    def _restyle(self, *, is_mistake: bool) -> None:
        self.setProperty("look", "error" if is_mistake else "")
        self.style().unpolish(self)
        self.style().polish(self)

    def _typed(self, text: str) -> None:
        self.clear_problem()
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
