"""The strip of what there was over time: bars, with warnings and errors in their colours. Drag to choose a time."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.bar_strip import BarStrip
from junjo_desktop.widgets.figures import count_text, counted, moment_text
from junjo_desktop.widgets.time_bars_data import TimeBar, TimeBars
from junjo_desktop.widgets.time_range import TimeRange

_GAP_PX = 1
_LEAST_PX = 2


class TimeBarsStrip(BarStrip):
    """`range_chosen` carries a `TimeRange`. `noun` is what is counted: "record"."""

    range_chosen = Signal(object)

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(f"{noun.capitalize()}s over time", height_px=98, top_px=28, bottom_px=22, parent=parent)
        self._noun = noun
        self._shown = TimeBars()
        self._font = ui_font(size_px=11)

    @property
    def shown(self) -> TimeBars:
        """What is shown."""
        return self._shown

    def show_bars(self, bars: TimeBars) -> None:
        """Show others."""
        if bars != self._shown:
            self._shown = bars
            self.show_caption(self._describe(bars))
            self.forget_hands()

    def _describe(self, bars: TimeBars) -> str:
        parts = [counted(bars.total, self._noun)]
        for count, word in (
            (sum(bar.errors for bar in bars.bars), "error"),
            (sum(bar.warnings for bar in bars.bars), "warning"),
        ):
            if count:
                parts.append(counted(count, word))
        if bars.untold:
            parts.append(f"{count_text(bars.untold)} without a time")
        return " · ".join([*parts, "drag to select"] if bars.bars else parts)

    # The bars

    @property
    def bar_count(self) -> int:
        """How many bars there are."""
        return len(self._shown.bars)

    def holds_any(self, place: int) -> bool:
        """Whether anything happened then."""
        return self._shown.bars[place].count > 0

    def words(self, place: int) -> str:
        """Return what happened in a part of the time."""
        bar, (from_ns, to_ns) = self._shown.bars[place], self._shown.ends(place)
        more = "".join(
            f", {counted(count, word)}" for count, word in ((bar.errors, "error"), (bar.warnings, "warning")) if count
        )
        ends = f"{_clock(from_ns)} – {_clock(to_ns)}"
        return f"{ends}\n{counted(bar.count, self._noun)}{more}\nClick or drag to list them"

    def choose(self, first: int, last: int) -> None:
        """Announce the time of these bars."""
        self.range_chosen.emit(TimeRange(since_ns=self._shown.ends(first)[0], until_ns=self._shown.ends(last)[1]))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
        painter.setFont(self._font)
        painter.setPen(QColor(tokens.dim))
        spot = QRectF(14, 4, self.width() - 28 - self.kept_free_px, 18)
        caption = QFontMetrics(self._font).elidedText(self.said, Qt.TextElideMode.ElideRight, round(spot.width()))
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, caption)
        if self._shown.bars:
            self._paint_axis(painter, tokens)
            self._paint_bars(painter, tokens)
        painter.end()

    def _paint_axis(self, painter: QPainter, tokens: Tokens) -> None:
        plot, bars = self.plot(), self._shown
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), QColor(tokens.line))
        painter.setPen(QColor(tokens.dim))
        below = QRectF(plot.left(), plot.bottom() + 3, plot.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, _clock(bars.first_ns))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, _clock(bars.ends(len(bars.bars) - 1)[1]))
        most = QRectF(0, plot.top() - 8, plot.left() - 10, 16)
        painter.drawText(
            most,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            count_text(max(bar.count for bar in bars.bars)),
        )

    def _paint_bars(self, painter: QPainter, tokens: Tokens) -> None:
        plot, bars = self.plot(), self._shown.bars
        width = plot.width() / len(bars)
        most = max(bar.count for bar in bars) or 1
        if (chosen := self.chosen_bars()) is not None:
            fill = QColor(tokens.accent)
            fill.setAlphaF(0.15)
            left = plot.left() + chosen[0] * width
            painter.fillRect(QRectF(left, plot.top(), (chosen[1] - chosen[0] + 1) * width, plot.height()), fill)
        for place, bar in enumerate(bars):
            left = plot.left() + place * width
            bottom = plot.bottom()
            for count, color in _parts(bar, tokens):
                height = max(_LEAST_PX, count / most * plot.height())
                box = QRectF(left, bottom - height, max(_GAP_PX + 1.0, width) - _GAP_PX, height)
                is_hovered = place == self.hovered
                painter.fillRect(box, QColor(color if is_hovered else mix(color, tokens.panel, 0.75)))
                bottom -= height
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(plot.adjusted(-2, -1, 2, 1))


def _parts(bar: TimeBar, tokens: Tokens) -> tuple[tuple[int, str], ...]:
    """Return what a bar is made of, from below: the worst stands on the ground, where it is compared best."""
    rest = bar.count - bar.errors - bar.warnings
    parts = ((bar.errors, tokens.error), (bar.warnings, tokens.warning), (rest, tokens.node))
    return tuple((count, color) for count, color in parts if count)


def _clock(moment_ns: int) -> str:
    return moment_text(moment_ns).partition(".")[0]
