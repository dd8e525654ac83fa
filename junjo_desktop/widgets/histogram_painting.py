"""How the histogram strip is drawn: bars with their failures, lines of percentiles, the mark, the chosen range."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.figures import count_text, duration_text
from junjo_desktop.widgets.histogram_scale import Bar, Histogram, HistogramScale

_GAP_PX = 1
_LEAST_PX = 2
_PAD_PX = 4
_LABEL_PX = 15
_MARK_PX = 5
_CAPTION = QRect(14, 4, 0, 18)


@dataclass(frozen=True, slots=True)
class Look:
    """What is drawn."""

    histogram: Histogram
    scale: HistogramScale
    bars: tuple[Bar, ...]
    caption: str
    kept_free_px: int
    """Of the caption's line, at its right end."""
    marked: tuple[str, int] | None


class HistogramPainter:
    """Draws one frame into `rect`, the bars into `plot`."""

    def __init__(self, painter: QPainter, tokens: Tokens, rect: QRect, plot: QRectF) -> None:
        self._painter = painter
        self._tokens = tokens
        self._rect = rect
        self._plot = plot
        self._font = ui_font(size_px=11)
        self._metrics = QFontMetrics(self._font)

    def paint(self, look: Look, limits: tuple[int, int] | None, hovered: int, *, has_focus: bool) -> None:
        """Draw everything. `limits` are the durations that are chosen."""
        painter, tokens, rect = self._painter, self._tokens, self._rect
        painter.fillRect(rect, QColor(tokens.panel))
        painter.fillRect(0, rect.height() - 1, rect.width(), 1, QColor(tokens.line))
        painter.setFont(self._font)
        painter.setPen(QColor(tokens.dim))
        spot = QRectF(_CAPTION).adjusted(0, 0, rect.width() - 28 - look.kept_free_px, 0)
        caption = self._metrics.elidedText(look.caption, Qt.TextElideMode.ElideRight, round(spot.width()))
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, caption)
        if not look.histogram.bins:
            return
        self._paint_axis(look.scale)
        self._paint_range(look.scale, limits)
        self._paint_bars(look, limits, hovered)
        self._paint_lines(look)
        if has_focus:
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._plot.adjusted(-2, -1, 2, 1))

    def _x(self, scale: HistogramScale, duration_ns: int) -> float:
        return self._plot.left() + scale.x(duration_ns) * self._plot.width()

    def _paint_axis(self, scale: HistogramScale) -> None:
        painter, tokens, plot = self._painter, self._tokens, self._plot
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), QColor(tokens.line))
        free_from = 0.0
        for tick in scale.ticks():
            x = self._x(scale, tick)
            text = duration_text(tick).replace(".00", "").replace(".0", "")
            width = self._metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, plot.left()), plot.right() - width)
            painter.fillRect(QRectF(x, plot.top(), 1, plot.height() + 3), QColor(mix(tokens.line, tokens.panel, 0.6)))
            if left >= free_from:
                painter.setPen(QColor(tokens.dim))
                painter.drawText(QPointF(left, plot.bottom() + 4 + self._metrics.ascent()), text)
                free_from = left + width + 2 * _PAD_PX

    def _paint_range(self, scale: HistogramScale, limits: tuple[int, int] | None) -> None:
        if limits is None:
            return
        left, right = (self._x(scale, duration) for duration in limits)
        box = QRectF(left, self._plot.top(), max(1.0, right - left), self._plot.height())
        fill = QColor(self._tokens.accent)
        fill.setAlphaF(0.13)
        self._painter.fillRect(box, fill)
        for x in (box.left(), box.right()):
            self._painter.fillRect(QRectF(x, box.top(), 1, box.height()), QColor(self._tokens.accent))

    def _paint_bars(self, look: Look, limits: tuple[int, int] | None, hovered: int) -> None:
        painter, tokens, plot = self._painter, self._tokens, self._plot
        most = max(bar.count for bar in look.bars)
        width = plot.width() / len(look.bars)
        for place, bar in enumerate(look.bars):
            if not bar.count:
                continue
            is_chosen = limits is None or (bar.to_ns > limits[0] and bar.from_ns <= limits[1])
            left = plot.left() + place * width
            box = QRectF(left, 0, max(_GAP_PX + 1.0, width) - _GAP_PX, max(_LEAST_PX, bar.count / most * plot.height()))
            box.moveBottom(plot.bottom())
            painter.fillRect(box, self._shade(tokens.workflow, is_chosen, is_hovered=place == hovered))
            if bar.failed:
                height = max(_LEAST_PX, bar.failed / most * plot.height())
                box.setTop(box.bottom() - height)
                painter.fillRect(box, self._shade(tokens.error, is_chosen, is_hovered=place == hovered))
        painter.setPen(QColor(tokens.dim))
        spot = QRectF(0, plot.top() - 8, plot.left() - 10, 16)
        painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count_text(most))

    def _shade(self, color: str, is_chosen: bool, *, is_hovered: bool) -> QColor:
        return QColor(color if is_hovered else mix(color, self._tokens.panel, 0.75 if is_chosen else 0.3))

    def _paint_lines(self, look: Look) -> None:
        """Draw percentiles, then the mark: its label has room first, and those that would stand in its way are left."""
        painter, tokens, plot = self._painter, self._tokens, self._plot
        taken: list[tuple[float, float]] = []
        if look.marked is not None:
            label, duration_ns = look.marked
            x = self._x(look.scale, duration_ns)
            painter.fillRect(QRectF(x - 1, plot.top() - 3, 2, plot.height() + 3), QColor(tokens.text))
            tip = QPolygonF(
                [
                    QPointF(x - _MARK_PX, plot.top() - 4),
                    QPointF(x + _MARK_PX, plot.top() - 4),
                    QPointF(x, plot.top() + 3),
                ]
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.text))
            painter.drawPolygon(tip)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            self._label(label, duration_ns, tokens.text, taken, x=x, gap=_MARK_PX)
        for line in reversed(look.histogram.lines):
            x = self._x(look.scale, line.duration_ns)
            painter.setPen(QPen(QColor(tokens.dim), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, plot.top() - 6), QPointF(x, plot.bottom()))
            self._label(line.label, line.duration_ns, tokens.dim, taken, x=x)

    def _label(
        self, name: str, duration_ns: int, color: str, taken: list[tuple[float, float]], *, x: float, gap: int = 0
    ) -> None:
        """Write a name with its duration beside a line, or the name alone; nothing where neither has room."""
        for text in (f"{name} {duration_text(duration_ns)}", name):
            width = self._metrics.horizontalAdvance(text) + _PAD_PX
            for left in (x + _PAD_PX + gap, x - width - gap):
                fits = self._rect.left() + 8 <= left and left + width <= self._rect.right() - 4
                if fits and all(left + width <= begin or left >= end for begin, end in taken):
                    taken.append((left, left + width))
                    self._painter.setPen(QColor(color))
                    top = self._plot.top() - _LABEL_PX - _PAD_PX
                    self._painter.drawText(QRectF(left, top, width, _LABEL_PX), Qt.AlignmentFlag.AlignVCenter, text)
                    return
