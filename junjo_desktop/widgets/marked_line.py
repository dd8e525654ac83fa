"""A dim line of text in which what was found stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.display_text import one_line

LINE_PX = 19
_FONT_PX = 12
_RADIUS_PX = 2
_GROUND_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """`where` something stands, and a text in which it stands from `start` to `end`."""

    where: str
    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """The whole line, for tooltips and for whoever cannot see it."""
        return f"{self.where}: {self.text}"


def marked_places(text: str, marked: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where one of the texts stands, from and to, in any case of letters."""
    for one in marked:
        for found in re.finditer(re.escape(one), text, re.IGNORECASE) if one else ():
            yield found.span()


def mark_ground() -> QColor:
    """Return the ground of what was found."""
    tokens = current()
    return QColor(mix(tokens.warning, tokens.panel, _GROUND_SHARE))


def paint_marked_line(painter: QPainter, room: QRect, line: MarkedLine) -> None:
    """Paint on one line, cut at its end."""
    tokens = current()
    plain, strong = ui_font(size_px=_FONT_PX), ui_font(size_px=_FONT_PX, weight=QFont.Weight.DemiBold)
    parts = (
        (f"{one_line(line.where)}  ", plain, tokens.dim, False),
        (one_line(line.text[: line.start]), plain, tokens.dim, False),
        (one_line(line.text[line.start : line.end]), strong, tokens.text, True),
        (one_line(line.text[line.end :]), plain, tokens.dim, False),
    )
    left = room.left()
    for text, font, color, is_found in parts:
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.right() - left)
        width = metrics.horizontalAdvance(shown)
        if is_found and shown:
            ground = QRectF(left - 1, room.center().y() - metrics.height() / 2 + 1, width + 2, metrics.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mark_ground())
            painter.drawRoundedRect(ground, _RADIUS_PX, _RADIUS_PX)
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(
            QRect(left, room.top(), max(0, room.right() - left), room.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            shown,
        )
        left += width
        if shown != text:
            break
