"""The ticks of a time axis, as the waterfall and the flame graph show them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.time_axis import TimeWindow, offset_text, tick_step, ticks
from junjo_desktop.theme.state import current

_TICK_ROOM_PX = 46
_TICK_GAP_PX = 18


def paint_ticks(painter: QPainter, rect: QRect, window: TimeWindow, origin_ns: int, font: QFont) -> None:
    """Paint ticks and their texts into `rect`; zero is at `origin_ns`."""
    tokens, lane = current(), Lane.of(QRectF(rect))
    metrics = QFontMetrics(font)
    most = max(2, int(lane.width // _TICK_ROOM_PX))
    step = tick_step(window.span_ns, most)
    widest = metrics.horizontalAdvance(offset_text(window.end_ns - origin_ns, step))
    if widest + _TICK_GAP_PX > step * lane.width / window.span_ns:
        most = max(2, int(lane.width // (widest + _TICK_GAP_PX)))
        step = tick_step(window.span_ns, most)
    painter.setFont(font)
    for moment_ns, offset_ns in ticks(window, origin_ns, most):
        text = offset_text(offset_ns, step)
        x = lane.x(window, moment_ns)
        width = metrics.horizontalAdvance(text)
        painter.fillRect(QRectF(x, rect.bottom() - 4, 1, 4), QColor(tokens.faint))
        left = max(rect.left() + 2.0, min(x - width / 2, rect.right() - width - 2.0))
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QRectF(left, rect.top(), width + 1, rect.height() - 3), Qt.AlignmentFlag.AlignVCenter, text)
