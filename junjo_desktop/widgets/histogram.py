"""The histogram strip: how durations are distributed, and where one of them stands. Drag to choose a range.

By keyboard: ← → go from bar to bar, with Shift they extend the range, Enter chooses it, Escape lets go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.histogram_painting import HistogramPainter, Look
from junjo_desktop.widgets.histogram_scale import Bar, Histogram, HistogramScale
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 154
_LEFT_PX, _TOP_PX, _RIGHT_PX, _BOTTOM_PX = 66, 50, 18, 22
_BAR_PX = 8
_DRAG_PX = 4
_LEAST_BARS = 24
_BARS_PER_ROOT = 6
"""So many bars for the root of how many durations there are: of few, thin bars would tell nothing."""


@dataclass(frozen=True, slots=True)
class DurationRange:
    """Durations in nanoseconds, both ends included."""

    min_ns: int
    max_ns: int


class HistogramStrip(QWidget):
    """`range_chosen` carries a `DurationRange`. `noun` is what is counted: "span"."""

    range_chosen = Signal(object)

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self._histogram = Histogram()
        self._scale = HistogramScale.of(self._histogram, 1)
        self._bars: tuple[Bar, ...] = ()
        self._caption = ""
        self._kept_free_px = 0
        self._marked: tuple[str, int] | None = None
        self._range: DurationRange | None = None
        self._hovered = -1
        self._cursor: tuple[int, int] | None = None
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Distribution of durations")

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown, from left to right."""
        return self._bars

    @property
    def caption(self) -> str:
        """What stands above."""
        return self._caption

    def show_histogram(self, histogram: Histogram) -> None:
        """Show other durations."""
        if histogram != self._histogram:
            self._histogram = histogram
            self._hovered, self._cursor = -1, None
            self._fit()

    def show_caption(self, caption: str) -> None:
        """Say what is shown."""
        self._caption = caption
        self.setAccessibleDescription(caption)
        self.update()

    def show_mark(self, label: str, duration_ns: int | None) -> None:
        """Mark one duration, by a name of a few words; None for none."""
        self._marked = None if duration_ns is None else (label, duration_ns)
        self.update()

    def show_range(self, chosen: DurationRange | None) -> None:
        """Show which durations are chosen; None: all."""
        self._range = chosen
        self.update()

    def keep_free(self, width_px: int) -> None:
        """Leave the right end of the caption to others."""
        self._kept_free_px = width_px
        self.update()

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT_PX, _TOP_PX, -_RIGHT_PX, -_BOTTOM_PX)

    def _fit(self) -> None:
        total = sum(found.count for found in self._histogram.bins)
        worth = max(_LEAST_BARS, round(_BARS_PER_ROOT * math.sqrt(total)))
        self._scale = HistogramScale.of(self._histogram, max(1, min(worth, int(self._plot().width() // _BAR_PX))))
        self._bars = self._scale.bars(self._histogram.bins)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hovered, self._cursor = -1, None
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = Look(self._histogram, self._scale, self._bars, self._caption, self._kept_free_px, self._marked)
        chosen = self._chosen_bars()
        shown = DurationRange(self._bars[chosen[0]].from_ns, self._bars[chosen[1]].to_ns - 1) if chosen else self._range
        limits = None if shown is None else (shown.min_ns, shown.max_ns)
        HistogramPainter(painter, current(), self.rect(), self._plot()).paint(
            look, limits, self._hovered, has_focus=self.hasFocus()
        )
        painter.end()

    # Hands

    def _chosen_bars(self) -> tuple[int, int] | None:
        """Return the first and last bar that are dragged over, or that the keyboard has chosen."""
        if self._pressed is not None and self._dragged is not None:
            ends = sorted((self._nearest_bar(self._pressed), self._nearest_bar(self._dragged)))
            return ends[0], ends[1]
        if self._cursor is not None:
            return min(self._cursor), max(self._cursor)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._histogram.bins:
            self._pressed = event.position().toPoint()
            self._cursor = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None:
            self._hover(at)
        elif self._dragged is not None or abs(at.x() - self._pressed.x()) >= _DRAG_PX:
            self._dragged = at
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        chosen, pressed = self._chosen_bars(), self._pressed
        self._pressed = self._dragged = None
        self.update()
        if chosen is None and pressed is not None and (place := self._bar_at(pressed)) >= 0:
            chosen = (place, place) if self._bars[place].count else None
        if chosen is not None:
            self._choose(*chosen)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if self._bars and self._histogram.bins:
                by = -1 if event.key() == Qt.Key.Key_Left else 1
                self._step(by, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._cursor is not None:
                self._choose(min(self._cursor), max(self._cursor))
            case Qt.Key.Key_Escape if self._cursor is not None:
                self._cursor = None
                self.update()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _step(self, by: int, *, extend: bool) -> None:
        """Go to the next bar that holds something."""
        start = self._cursor[1] if self._cursor is not None else (-1 if by > 0 else len(self._bars))
        place = start + by
        while 0 <= place < len(self._bars) and not self._bars[place].count:
            place += by
        if 0 <= place < len(self._bars):
            self._cursor = (self._cursor[0] if extend and self._cursor is not None else place, place)
            QToolTip.showText(self.mapToGlobal(self._middle(place)), plain_tooltip(self._words(place)), self)
            self.update()

    def _choose(self, first: int, last: int) -> None:
        self._cursor = None
        self.range_chosen.emit(DurationRange(self._bars[first].from_ns, self._bars[last].to_ns - 1))

    def _hover(self, at: QPoint) -> None:
        place = self._bar_at(at)
        if place >= 0 and not self._bars[place].count:
            place = -1
        if place == self._hovered:
            return
        self._hovered = place
        self.setCursor(Qt.CursorShape.ArrowCursor if place < 0 else Qt.CursorShape.PointingHandCursor)
        QToolTip.showText(self.mapToGlobal(at), plain_tooltip(self._words(place) if place >= 0 else ""), self)
        self.update()

    def _words(self, place: int) -> str:
        bar = self._bars[place]
        failed = f", {bar.failed:,} failed" if bar.failed else ""
        ends = f"{duration_text(bar.from_ns)} – {duration_text(bar.to_ns)}"
        return f"{ends}\n{counted(bar.count, self._noun)}{failed}\nClick or drag to list them"

    def _middle(self, place: int) -> QPoint:
        plot = self._plot()
        return QPoint(round(plot.left() + (place + 0.5) * plot.width() / len(self._bars)), round(plot.bottom()))

    def _bar_at(self, at: QPoint) -> int:
        return self._nearest_bar(at) if self._histogram.bins and self._plot().contains(at) else -1

    def _nearest_bar(self, at: QPoint) -> int:
        plot = self._plot()
        place = int((at.x() - plot.left()) * len(self._bars) / max(1.0, plot.width()))
        return max(0, min(place, len(self._bars) - 1))
