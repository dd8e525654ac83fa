"""The fonts of layered drawings, and how wide texts are in them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from junjo_desktop.theme.fonts import ui_font

_LABEL_PX = 13
_DETAIL_PX = 11


@cache
def label_font() -> QFont:
    """Return the font of a node's label."""
    return ui_font(size_px=_LABEL_PX)


@cache
def header_font() -> QFont:
    """Return the font of the header of a group or an opened subflow."""
    return ui_font(size_px=_DETAIL_PX + 1, weight=QFont.Weight.Medium)


@cache
def detail_font() -> QFont:
    """Return the font of a node's second line."""
    return ui_font(size_px=_DETAIL_PX)


@cache
def edge_font() -> QFont:
    """Return the font beside edges."""
    font = ui_font(size_px=_DETAIL_PX)
    font.setItalic(True)
    return font


@cache
def metrics(font_of: object) -> QFontMetricsF:
    """Return the metrics of one of the fonts above, named by its function."""
    if font_of not in (label_font, header_font, detail_font, edge_font) or not callable(font_of):
        raise ValueError("not a font of drawings")
    return QFontMetricsF(font_of())


def elided(font_of: object, text: str, room: float) -> str:
    """Return `text` cut with an ellipsis to `room` pixels."""
    its = metrics(font_of)
    # Elision measures in fractions of a pixel and would cut what just fits.
    return (
        text if its.horizontalAdvance(text) <= room + 0.5 else its.elidedText(text, Qt.TextElideMode.ElideRight, room)
    )


class FontMeasure:
    """Measures texts in the fonts of drawings."""

    def label(self, text: str) -> float:
        """Return the width of a node's label."""
        return metrics(label_font).horizontalAdvance(text)

    def header(self, text: str) -> float:
        """Return the width of a header."""
        return metrics(header_font).horizontalAdvance(text)

    def edge(self, text: str) -> float:
        """Return the width of the text beside an edge, with a little room for its slant."""
        return metrics(edge_font).horizontalAdvance(text) + 4
