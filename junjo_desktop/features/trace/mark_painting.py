"""Paints events and log records on a bar: a tick, a diamond for exceptions, a number where many stand together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from junjo_desktop.features.trace.bar_marks import BarMark, MarkGroup, grouped
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.theme.tokens import BAR_PX, Tokens

_HALF_PX = 4.5
_OVER_PX = 2
_HOVER_PX = 4.0
_LOG_PX = 5.0
_STRIP_PX = 14.0
_STRIP_HEIGHT_PX = 3.5


def mark_groups(lane: Lane, marks: Sequence[BarMark], window: TimeWindow) -> list[MarkGroup]:
    """Return what is seen of marks, in pixels of the lane's row."""
    seen = [mark for mark in marks if window.start_ns <= mark.time_ns <= window.end_ns]
    return grouped(seen, [lane.x(window, mark.time_ns) for mark in seen])


def group_at(lane: Lane, marks: Sequence[BarMark], window: TimeWindow, x: float) -> MarkGroup | None:
    """Return the marks at a pixel."""
    near = (
        group for group in mark_groups(lane, marks, window) if group.left - _HOVER_PX <= x <= group.right + _HOVER_PX
    )
    return min(near, key=lambda group: abs((group.left + group.right) / 2 - x), default=None)


def paint_marks(painter: QPainter, lane: Lane, marks: Sequence[BarMark], window: TimeWindow, tokens: Tokens) -> None:
    """Paint marks of one row; where they are dense, one for several, in the colour of the gravest."""
    for group in mark_groups(lane, marks, window):
        gravest = group.gravest
        color = QColor(_color(gravest, tokens))
        if gravest.is_exception:
            painter.setPen(QPen(QColor(tokens.panel), 1))
            painter.setBrush(color)
            painter.drawPolygon(_diamond(group.left, lane.middle))
        elif gravest.is_log:
            _paint_log(painter, group, lane.middle, color, tokens)
        else:
            _paint_tick(painter, group, lane.middle, color, tokens)


def _color(mark: BarMark, tokens: Tokens) -> str:
    if mark.is_exception or mark.severity >= Severity.ERROR:
        return tokens.error
    if mark.severity >= Severity.WARN:
        return tokens.warning
    return tokens.dim if mark.is_log else tokens.text


def _paint_tick(painter: QPainter, group: MarkGroup, middle: float, color: QColor, tokens: Tokens) -> None:
    """A line over the whole bar, as wide as the marks that it stands for."""
    top, height = middle - BAR_PX / 2 - _OVER_PX, BAR_PX + 2 * _OVER_PX
    width = max(1.0, group.right - group.left)
    painter.fillRect(QRectF(group.left - 1.2, top, width + 2.4, height), QColor(tokens.panel))
    painter.fillRect(QRectF(group.left - 0.5, top, width, height), color)


def _paint_log(painter: QPainter, group: MarkGroup, middle: float, color: QColor, tokens: Tokens) -> None:
    """A pin at the bar's foot, or a strip for several."""
    width = max(_LOG_PX, group.right - group.left + _LOG_PX)
    height = _LOG_PX if width < _STRIP_PX else _STRIP_HEIGHT_PX
    box = QRectF(group.left - _LOG_PX / 2, middle + BAR_PX / 2 - height + 2, width, height)
    painter.setPen(QPen(QColor(tokens.panel), 1))
    painter.setBrush(color)
    painter.drawRoundedRect(box, _LOG_PX / 2, _LOG_PX / 2)
    painter.setPen(Qt.PenStyle.NoPen)


def _diamond(x: float, y: float) -> QPolygonF:
    return QPolygonF(
        [QPointF(x, y - _HALF_PX), QPointF(x + _HALF_PX, y), QPointF(x, y + _HALF_PX), QPointF(x - _HALF_PX, y)]
    )
