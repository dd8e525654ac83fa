"""A read-only piece of code, as tall as its text, with strings, keywords and comments told apart."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current

_MARGIN_PX = 10
_RULES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"\b(?:from|import|export|True|False|None|with|as)\b|\$env:"), "llm"),
    (re.compile(r"(?<![\w-])\w+(?==)|(?<=env:)\w+"), "info"),
    (re.compile(r"\"[^\"]*\"|'[^']*'"), "retrieval"),
    (re.compile(r"#.*"), "dim"),
)


class _Highlighter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: list[tuple[re.Pattern[str], QTextCharFormat]] = []
        self.follow_theme()

    def follow_theme(self) -> None:
        self._formats = [(pattern, _format(role)) for pattern, role in _RULES]
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for pattern, look in self._formats:
            for found in pattern.finditer(text):
                self.setFormat(found.start(), found.end() - found.start(), look)


class SnippetView(QPlainTextEdit):
    """Shows code without wrapping; long lines scroll."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._highlighter: _Highlighter | None = None
        self.setAccessibleName(name)
        # A card, like a message: the ground of a text field would say that it can be typed into.
        self.setProperty("look", "code")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFont(mono_font())
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(_MARGIN_PX)
        self._highlighter = _Highlighter(self.document())

    def set_code(self, code: str) -> None:
        """Show this code; the place of the scroll bar is kept when only a part changed."""
        shown = code.rstrip("\n")
        if shown != self.toPlainText():
            sideways = self.horizontalScrollBar().value()
            self.setPlainText(shown)
            self.horizontalScrollBar().setValue(sideways)
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._highlighter is not None:
            self._highlighter.follow_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A scroll bar that comes or goes changes the height that is needed.
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        lines = self.document().blockCount() * self.fontMetrics().lineSpacing()
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_too_wide() else 0
        return QSize(320, lines + 2 * _MARGIN_PX + 2 * self.frameWidth() + bar + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _is_too_wide(self) -> bool:
        return self.document().size().width() > self.viewport().width()


def _format(role: Role) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(role_color(current(), role)))
    look.setFontWeight(QFont.Weight.Normal)
    return look
