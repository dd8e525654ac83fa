"""Colours one line of JSON. Strings that go on in the next line are coloured up to the end of theirs."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.json_delegate import kind_color

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<bool>\btrue\b|\bfalse\b)|(?P<null>\bnull\b)"
)


class JsonHighlighter:
    """Formats in the colours of the theme in force when it was made."""

    def __init__(self) -> None:
        tokens = current()
        self._formats = {kind: _colored(kind_color(tokens, kind)) for kind in ("string", "number", "bool", "null")}
        self._formats["key"] = _colored(tokens.accent)
        self._formats["bool"].setFontWeight(QFont.Weight.Bold)

    def ranges(self, text: str) -> list[QTextLayout.FormatRange]:
        """Return what to colour in one line."""
        # Qt counts UTF-16 units, Python counts characters: they differ beyond the basic plane.
        wide = not text.isascii() and max(text) > "\uffff"
        found = []
        for match in _TOKEN.finditer(text):
            part = QTextLayout.FormatRange()
            part.start, part.length = match.start(), match.end() - match.start()
            if wide:
                part.start, part.length = _utf16_length(text[: match.start()]), _utf16_length(match.group())
            part.format = self._formats[str(match.lastgroup)]
            found.append(part)
        return found


def _colored(color: str) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setForeground(QColor(color))
    return style


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
