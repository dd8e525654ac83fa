"""Painters for `Column.paint`: a tag, a bar, a dot, a state.

Give such a column a `text` too: it is copied and read out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.tag import paint_tag

R = TypeVar("R")
CellPaint = Callable[[QPainter, QRect, R], None]
Shape = Literal["full", "half", "ring", "cross", "none"]

_BAR_PX = 6
_BAR_SHARE = 0.78
_LEAST_PX = 3
_DOT_PX = 9
_WORD_GAP_PX = 7


def tag_cell(tag: Callable[[R], tuple[str, Role]]) -> CellPaint[R]:
    """Paint `tag(row)`, a word and its colour role; an empty word paints nothing."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        text, role = tag(row)
        if text:
            paint_tag(painter, rect, text, role)

    return paint


def bar_cell(bar: Callable[[R], tuple[float, Role]]) -> CellPaint[R]:
    """Paint a bar of `bar(row)`: its share of the cell's width (0 to 1) and its colour role. 0 paints nothing."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        share, role = bar(row)
        if share <= 0:
            return
        width = max(_LEAST_PX, round(rect.width() * min(share, 1.0)))
        color = QColor(role_color(current(), role))
        color.setAlphaF(_BAR_SHARE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        box = QRectF(rect.left(), rect.center().y() - _BAR_PX / 2 + 1, width, _BAR_PX)
        painter.drawRoundedRect(box, min(3, width / 2), min(3, width / 2))
        painter.restore()

    return paint


def dot_cell(dot: Callable[[R], tuple[Shape, Role]]) -> CellPaint[R]:
    """Paint a dot of `dot(row)`: a circle full, half or empty, or a cross: its shape says what its colour says."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        shape, role = dot(row)
        if shape != "none":
            paint_dot(painter, QPointF(rect.center()) + QPointF(0.5, 0.5), shape, role_color(current(), role))

    return paint


def state_cell(state: Callable[[R], tuple[Shape, Role, str]]) -> CellPaint[R]:
    """Paint a dot and the word for it, both in one colour; words without a dot stand where the others do."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        shape, role, word = state(row)
        color = role_color(current(), role)
        if shape != "none":
            paint_dot(painter, QPointF(rect.left() + _DOT_PX / 2, rect.center().y() + 0.5), shape, color)
        painter.setFont(ui_font())
        painter.setPen(QColor(color))
        room = rect.adjusted(_DOT_PX + _WORD_GAP_PX, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)

    return paint


def paint_dot(painter: QPainter, middle: QPointF, shape: Shape, color: str, size_px: float = _DOT_PX) -> None:
    """Paint one dot, or a cross."""
    circle = QRectF(0, 0, size_px - 1.4, size_px - 1.4)
    circle.moveCenter(middle)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), 1.4))
    painter.setBrush(QColor(color) if shape == "full" else Qt.BrushStyle.NoBrush)
    if shape == "cross":
        painter.drawLine(circle.topLeft(), circle.bottomRight())
        painter.drawLine(circle.bottomLeft(), circle.topRight())
    else:
        painter.drawEllipse(circle)
    if shape == "half":
        painter.setBrush(QColor(color))
        painter.drawPie(circle, 90 * 16, 180 * 16)
    painter.restore()
