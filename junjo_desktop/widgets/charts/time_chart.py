"""Bars over time in parts, with a legend: hover says values, a click or a drag chooses a time."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX, Tokens
from junjo_desktop.widgets.bar_strip import BarStrip
from junjo_desktop.widgets.charts.stacked import StackedBars, clock
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.time_range import TimeRange

_HEIGHT_PX = 196
_TOP_PX, _BOTTOM_PX = 58, 26
_LEAST_PX = 2
_SWATCH_PX = 8
_LONGEST_LABEL = 28
_GRID = 3


class TimeChart(BarStrip):
    """`range_chosen` carries a `TimeRange`. Where nothing is shown, it says `empty`."""

    range_chosen = Signal(object)

    def __init__(self, name: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(name, height_px=_HEIGHT_PX, top_px=_TOP_PX, bottom_px=_BOTTOM_PX, parent=parent)
        self._empty = empty
        self._name = name
        self._shown: StackedBars | None = None
        self._plain = ui_font(size_px=11)
        self._strong = ui_font(weight=QFont.Weight.DemiBold)

    @property
    def shown(self) -> StackedBars | None:
        """What is shown."""
        return self._shown

    def show_bars(self, bars: StackedBars | None) -> None:
        """Show others; None: there is nothing to show."""
        self._shown = bars
        self.show_caption("" if bars is None else bars.summary)
        self.forget_hands()

    @property
    def bar_count(self) -> int:
        return 0 if self._shown is None else self._shown.count

    def holds_any(self, place: int) -> bool:
        return self._shown is not None and self._shown.height(place) > 0

    def words(self, place: int) -> str:
        return "" if self._shown is None else f"{self._shown.words(place)}\nClick to list the calls, drag for more"

    def choose(self, first: int, last: int) -> None:
        if self._shown is not None:
            self.range_chosen.emit(TimeRange(since_ns=self._shown.ends(first)[0], until_ns=self._shown.ends(last)[1]))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.line), 1))
        painter.setBrush(QColor(tokens.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        self._paint_head(painter, tokens)
        if self._shown is None or not self._shown.most:
            painter.setPen(QColor(tokens.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
        else:
            self._paint_axes(painter, self._shown, tokens)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            self._paint_bars(painter, self._shown, tokens)
        painter.end()

    def _paint_head(self, painter: QPainter, tokens: Tokens) -> None:
        painter.setFont(self._strong)
        painter.setPen(QColor(tokens.text))
        title = self._name if self._shown is None else self._shown.title
        painter.drawText(QRectF(14, 8, self.width() - 28, 20), Qt.AlignmentFlag.AlignVCenter, title)
        after = 14 + QFontMetrics(self._strong).horizontalAdvance(title) + 12
        painter.setFont(self._plain)
        painter.setPen(QColor(tokens.dim))
        room = QRectF(after, 8, self.width() - after - 14, 20)
        said = QFontMetrics(self._plain).elidedText(self.said, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, said)
        if self._shown is not None and len(self._shown.series) > 1:
            self._paint_legend(painter, self._shown, tokens)

    def _paint_legend(self, painter: QPainter, bars: StackedBars, tokens: Tokens) -> None:
        metrics = QFontMetrics(self._plain)
        left = 14.0
        for each in bars.series:
            label = isolated(one_line(each.label, _LONGEST_LABEL))
            width = metrics.horizontalAdvance(label)
            if left + width + _SWATCH_PX > self.width() - 14:
                break
            painter.fillRect(QRectF(left, 36, _SWATCH_PX, _SWATCH_PX), _color(each.color, tokens))
            painter.setPen(QColor(tokens.dim))
            painter.drawText(QRectF(left + _SWATCH_PX + 5, 30, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, label)
            left += _SWATCH_PX + 5 + width + 14

    def _paint_axes(self, painter: QPainter, bars: StackedBars, tokens: Tokens) -> None:
        plot = self.plot()
        painter.setFont(self._plain)
        for line in range(_GRID + 1):
            at = plot.bottom() - plot.height() * line / _GRID
            painter.fillRect(QRectF(plot.left(), at, plot.width(), 1), QColor(mix(tokens.line, tokens.panel, 0.7)))
            if line in (0, _GRID):
                text = "0" if line == 0 else bars.write(bars.most)
                painter.setPen(QColor(tokens.dim))
                spot = QRectF(0, at - 8, plot.left() - 8, 16)
                painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        below = QRectF(plot.left(), plot.bottom() + 5, plot.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, clock(bars.first_ns))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, clock(bars.ends(bars.count - 1)[1] + 1))

    def _paint_bars(self, painter: QPainter, bars: StackedBars, tokens: Tokens) -> None:
        plot, most = self.plot(), bars.most
        width = plot.width() / bars.count
        if (chosen := self.chosen_bars()) is not None:
            fill = QColor(tokens.accent)
            fill.setAlphaF(0.15)
            left = plot.left() + chosen[0] * width
            painter.fillRect(QRectF(left, plot.top(), (chosen[1] - chosen[0] + 1) * width, plot.height()), fill)
        gap = 1.0 if width >= 3 else 0.0
        for place in range(bars.count):
            left, bottom = plot.left() + place * width, plot.bottom()
            for each in bars.series:
                value = each.values[place]
                if not value:
                    continue
                height = max(_LEAST_PX, value / most * plot.height())
                color = _color(each.color, tokens)
                if place == self.hovered:
                    color = QColor(mix(color.name(), tokens.text, 0.8))
                painter.fillRect(QRectF(left, bottom - height, max(1.0, width - gap), height), color)
                if bars.is_stacked:
                    bottom -= height


def _color(name: str, tokens: Tokens) -> QColor:
    """Return the colour of a token; `X/soft` is a lighter one."""
    token, _, soft = name.partition("/")
    color: str = getattr(tokens, token)
    return QColor(mix(color, tokens.panel, 0.45) if soft else color)
