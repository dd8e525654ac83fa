"""Colours JSON in a text document."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.json_delegate import kind_color

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<bool>\btrue\b|\bfalse\b)|(?P<null>\bnull\b)"
)
_LONGEST_LINE = 20_000


class JsonHighlighter(QSyntaxHighlighter):
    """Line by line; lines beyond 20,000 characters stay plain."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.take_theme()

    def take_theme(self) -> None:
        """Use the colours of the theme in force."""
        tokens = current()
        self._formats = {kind: _colored(kind_color(tokens, kind)) for kind in ("string", "number", "bool", "null")}
        self._formats["key"] = _colored(tokens.accent)
        self._formats["bool"].setFontWeight(QFont.Weight.Bold)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if len(text) > _LONGEST_LINE:
            return
        # Qt counts UTF-16 units, Python counts characters: they differ beyond the basic plane.
        wide = not text.isascii() and max(text) > "\uffff"
        for match in _TOKEN.finditer(text):
            start, length = match.start(), match.end() - match.start()
            if wide:
                start, length = _utf16_length(text[:start]), _utf16_length(match.group())
            self.setFormat(start, length, self._formats[str(match.lastgroup)])


def _colored(color: str) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setForeground(QColor(color))
    return style


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
