"""How one span's bar is painted: its colour, a ring for failures, marks of events and logs, its duration beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from junjo_desktop.features.trace.bar_marks import BarMark
from junjo_desktop.features.trace.bar_parts import BarParts
from junjo_desktop.features.trace.coloring import ColorBy, span_role
from junjo_desktop.features.trace.lane import EDGE_PX, Lane
from junjo_desktop.features.trace.mark_painting import paint_marks
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.features.trace.tree import SpanRow
from junjo_desktop.features.trace.words import time_words
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import role_color
from junjo_desktop.theme.tokens import BAR_PX, Tokens
from junjo_desktop.widgets.figures import duration_text

_LEAST_PX = 2.0
_RADIUS_PX = 2.0
_RING_PX = 1.4
_LABEL_GAP_PX = 5
_LABEL_FONT_PX = 11
_CHIP_PX = 3
_CHILDREN_SHARE = 0.42
_fonts: list[QFont] = []


def label_font() -> QFont:
    """Return the font of durations beside bars."""
    if not _fonts:
        _fonts.append(ui_font(size_px=_LABEL_FONT_PX))
    return _fonts[0]


def paint_bar(
    painter: QPainter,
    rect: QRectF,
    span: SpanRow,
    marks: Sequence[BarMark],
    window: TimeWindow,
    tokens: Tokens,
    parts: BarParts | None = None,
    color_by: ColorBy = ColorBy.KIND,
) -> None:
    """Paint the bar of `span` into `rect`, one row high; `parts` once they are known."""
    color = role_color(tokens, span_role(span, color_by, is_failed=span.is_error))
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lane = Lane.of(rect)
    if not span.has_times:
        _paint_note(painter, rect, time_words(span), tokens.warning)
    else:
        box = _bar_box(lane, span, window)
        if box.right() < lane.left or box.left() > lane.left + lane.width:
            _paint_arrow(painter, lane, before=box.right() < lane.left, color=tokens.faint)
        else:
            _paint_box(painter, box, span, color, tokens)
            if parts is not None and span.duration_ns > 0:
                _paint_parts(painter, box, lane, window, color, tokens, parts)
            paint_marks(painter, lane, marks, window, tokens)
            is_divided = parts is not None and parts.is_divided
            _paint_label(painter, rect, box, span, color, tokens, is_divided=is_divided)
    painter.restore()


def _bar_box(lane: Lane, span: SpanRow, window: TimeWindow) -> QRectF:
    first, last = sorted((lane.x(window, span.start_ns), lane.x(window, span.end_ns)))
    return QRectF(first, lane.middle - BAR_PX / 2, max(last - first, _LEAST_PX), BAR_PX)


def _paint_box(painter: QPainter, box: QRectF, span: SpanRow, color: str, tokens: Tokens) -> None:
    radius = min(_RADIUS_PX, box.width() / 2)
    if span.duration_ns < 0:
        # Only its outline: the time between its end and its start is no time it took.
        painter.setPen(QPen(QColor(tokens.warning), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(box, radius, radius)
    if span.is_error:
        ring = box.adjusted(-_RING_PX / 2, -_RING_PX / 2, _RING_PX / 2, _RING_PX / 2)
        painter.setPen(QPen(QColor(tokens.error), _RING_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, radius + 1, radius + 1)


def _paint_parts(
    painter: QPainter, box: QRectF, lane: Lane, window: TimeWindow, color: str, tokens: Tokens, parts: BarParts
) -> None:
    if parts.is_divided:
        # What children did is paler; the ground first, or the bar would shine through.
        painter.fillRect(box, QColor(mix(color, tokens.panel, _CHILDREN_SHARE)))
        parts.paint_self(painter, box, lane, window, QColor(color))
    parts.paint_path(painter, box, lane, window, QColor(tokens.text))


def _paint_label(
    painter: QPainter, rect: QRectF, box: QRectF, span: SpanRow, color: str, tokens: Tokens, *, is_divided: bool
) -> None:
    text = duration_text(span.duration_ns)
    metrics = QFontMetrics(label_font())
    width = metrics.horizontalAdvance(text)
    painter.setFont(label_font())
    row = QRectF(0, rect.top(), width + 1, rect.height())
    if box.right() + _LABEL_GAP_PX + width <= rect.right() - 2:
        row.moveLeft(box.right() + _LABEL_GAP_PX)
        painter.setPen(QColor(tokens.warning if span.duration_ns < 0 else tokens.dim))
    elif min(box.right(), rect.right()) - max(box.left(), rect.left()) >= width + 2 * _LABEL_GAP_PX:
        row.moveRight(min(box.right(), rect.right() - 2) - _LABEL_GAP_PX)
        if is_divided:
            # No one colour can be read on both shades.
            ground = row.adjusted(-_CHIP_PX, box.top() - rect.top() + 1, _CHIP_PX - 1, box.bottom() - rect.bottom() - 1)
            painter.fillRect(ground, QColor(tokens.panel))
        painter.setPen(QColor(tokens.dim if is_divided else _on_bar(span, color, tokens)))
    else:
        row.moveRight(max(box.left(), rect.left()) - _LABEL_GAP_PX)
        painter.setPen(QColor(tokens.dim))
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def _on_bar(span: SpanRow, color: str, tokens: Tokens) -> str:
    if span.duration_ns < 0:
        return tokens.warning
    return mix(color, tokens.panel, 0.08)


def _paint_arrow(painter: QPainter, lane: Lane, *, before: bool, color: str) -> None:
    """Say on which side the bar is out of sight."""
    tip = lane.left - EDGE_PX + 3 if before else lane.left + lane.width + EDGE_PX - 3
    back = tip + 4 if before else tip - 4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawPolygon(
        QPolygonF([QPointF(tip, lane.middle), QPointF(back, lane.middle - 3.5), QPointF(back, lane.middle + 3.5)])
    )


def _paint_note(painter: QPainter, rect: QRectF, text: str, color: str) -> None:
    painter.setFont(label_font())
    painter.setPen(QColor(color))
    painter.drawText(
        rect.adjusted(EDGE_PX, 0, -EDGE_PX, 0), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text
    )
