"""Read-only text in a monospaced font: JSON coloured, found in, and never too long for the widget.

view = CodeView("Raw span")
view.set_text(text, language="json")
view.find()                      # what a page's Ctrl+F command calls
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.find_bar import FindBar
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.plain_editor import PlainEditor

Language = Literal["json", "text"]

SHOWN_CHARACTERS = 1_000_000
_MARKED_MATCHES = 1_000
_MARKED_TEXTS = 200


class CodeView(QWidget):
    """Text beyond `limit` characters is cut, with a button that shows the rest."""

    def __init__(
        self, name: str, *, wrap: bool = True, limit: int = SHOWN_CHARACTERS, parent: QWidget | None = None
    ) -> None:
        """A pane that follows a cursor wants a small `limit`: a million characters take a third of a second."""
        super().__init__(parent)
        self._limit = limit
        self._text = ""
        self._language: Language = "text"
        self._marked: tuple[str, ...] = ()
        self.editor = PlainEditor(name, self)
        self.editor.setLineWrapMode(PlainEditor.LineWrapMode.WidgetWidth if wrap else PlainEditor.LineWrapMode.NoWrap)
        self._cut = NoticeBar(self)
        self.find_bar = FindBar(name, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.find_bar, self._cut):
            layout.addWidget(widget)
        layout.addWidget(self.editor, 1)
        self.find_bar.changed.connect(self._search)
        self.find_bar.stepped.connect(self._step)
        self.setFocusProxy(self.editor)

    @property
    def text(self) -> str:
        """The whole text, cut or not."""
        return self._text

    def set_text(self, text: str, language: Language = "text") -> None:
        """Show another text from its start."""
        self._text = text
        self._language = language
        self._put(text[: self._limit])
        if len(text) > self._limit:
            self._cut.show_notice(
                f"Showing the first {self._limit:,} of {len(text):,} characters.",
                "info",
                (("Show all", self.show_all),),
            )
        else:
            self._cut.hide()

    def show_all(self) -> None:
        """Show the text uncut."""
        self._cut.hide()
        self._put(self._text)

    def open_find(self) -> None:
        """Open the find line with the selection in it."""
        self.find_bar.open_with(self.editor.selected_text())

    def mark(self, texts: Sequence[str]) -> None:
        """Let these texts stand out until something is searched for here."""
        self._marked = tuple(texts)
        if not self.find_bar.isVisible():
            self._mark_texts()

    def _mark_texts(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        for text in self._marked:
            marks += self._matches(text, _MARKED_TEXTS - len(marks))
        self.editor.setExtraSelections(marks)

    def _matches(self, text: str, most: int) -> list[QTextEdit.ExtraSelection]:
        marks: list[QTextEdit.ExtraSelection] = []
        document = self.editor.document()
        at = document.find(text) if text else QTextCursor()
        while not at.isNull() and len(marks) < most:
            marks.append(_mark(at))
            at = document.find(text, at)
        return marks

    def _put(self, text: str) -> None:
        self.editor.show_text(text, is_json=self._language == "json")
        if self.find_bar.isVisible():
            self._search(self.find_bar.text)
        else:
            self._mark_texts()

    def _search(self, text: str) -> None:
        if not text:
            self._mark_texts()
            self.find_bar.show_count(0, more=False)
            return
        marks = self._matches(text, _MARKED_MATCHES)
        self.editor.setExtraSelections(marks)
        self.find_bar.show_count(len(marks), more=len(marks) == _MARKED_MATCHES)
        if marks:
            start = self.editor.textCursor()
            start.setPosition(start.selectionStart())
            self.editor.setTextCursor(start)
            self._step(forward=True)

    def _step(self, forward: bool) -> None:
        flags = QTextDocument.FindFlag(0) if forward else QTextDocument.FindFlag.FindBackward
        if self.find_bar.text and not self.editor.find(self.find_bar.text, flags):
            move = QTextCursor.MoveOperation.Start if forward else QTextCursor.MoveOperation.End
            self.editor.moveCursor(move)
            self.editor.find(self.find_bar.text, flags)


def _mark(at: QTextCursor) -> QTextEdit.ExtraSelection:
    tokens = current()
    mark = QTextEdit.ExtraSelection()
    style = QTextCharFormat()
    style.setBackground(QColor(mix(tokens.warning, tokens.panel, 0.3)))
    mark.cursor = at
    mark.format = style
    return mark
