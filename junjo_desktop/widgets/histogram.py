"""The histogram strip: how durations are distributed, and where one of them stands. Drag to choose a range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.bar_strip import BarStrip
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.histogram_painting import HistogramPainter, Look
from junjo_desktop.widgets.histogram_scale import Bar, Histogram, HistogramScale

_BAR_PX = 8
_LEAST_BARS = 24
_BARS_PER_ROOT = 6
"""So many bars for the root of how many durations there are: of few, thin bars would tell nothing."""


@dataclass(frozen=True, slots=True)
class DurationRange:
    """Durations in nanoseconds, both ends included."""

    min_ns: int
    max_ns: int


class HistogramStrip(BarStrip):
    """`range_chosen` carries a `DurationRange`. `noun` is what is counted: "span"."""

    range_chosen = Signal(object)

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__("Distribution of durations", height_px=154, top_px=50, bottom_px=22, parent=parent)
        self._noun = noun
        self._histogram = Histogram()
        self._scale = HistogramScale.of(self._histogram, 1)
        self._bars: tuple[Bar, ...] = ()
        self._marked: tuple[str, int] | None = None
        self._range: DurationRange | None = None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown, from left to right."""
        return self._bars

    @property
    def marked(self) -> tuple[str, int] | None:
        """The duration that is marked, and what it is called."""
        return self._marked

    def show_histogram(self, histogram: Histogram) -> None:
        """Show other durations."""
        if histogram != self._histogram:
            self._histogram = histogram
            self.forget_hands()
            self.fit()

    def show_mark(self, label: str, duration_ns: int | None) -> None:
        """Mark one duration, by a name of a few words; None for none."""
        self._marked = None if duration_ns is None else (label, duration_ns)
        self.update()

    def show_range(self, chosen: DurationRange | None) -> None:
        """Show which durations are chosen; None: all."""
        self._range = chosen
        self.update()

    def fit(self) -> None:
        total = sum(found.count for found in self._histogram.bins)
        worth = max(_LEAST_BARS, round(_BARS_PER_ROOT * math.sqrt(total)))
        self._scale = HistogramScale.of(self._histogram, max(1, min(worth, int(self.plot().width() // _BAR_PX))))
        self._bars = self._scale.bars(self._histogram.bins)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = Look(self._histogram, self._scale, self._bars, self.said, self.kept_free_px, self._marked)
        chosen = self.chosen_bars()
        shown = self._range_of(*chosen) if chosen is not None else self._range
        limits = None if shown is None else (shown.min_ns, shown.max_ns)
        HistogramPainter(painter, current(), self.rect(), self.plot()).paint(
            look, limits, self.hovered, has_focus=self.hasFocus()
        )
        painter.end()

    # The bars

    @property
    def bar_count(self) -> int:
        """How many bars there are."""
        return len(self._bars) if self._histogram.bins else 0

    def holds_any(self, place: int) -> bool:
        """Whether some duration is in a bar."""
        return self._bars[place].count > 0

    def words(self, place: int) -> str:
        """Return how many durations a bar stands for."""
        bar = self._bars[place]
        failed = f", {bar.failed:,} failed" if bar.failed else ""
        ends = f"{duration_text(bar.from_ns)} – {duration_text(bar.to_ns)}"
        return f"{ends}\n{counted(bar.count, self._noun)}{failed}\nClick or drag to list them"

    def choose(self, first: int, last: int) -> None:
        """Announce the durations of these bars."""
        self.range_chosen.emit(self._range_of(first, last))

    def _range_of(self, first: int, last: int) -> DurationRange:
        # All that is counted with the shortest is at the left end: some take less than the scale can say.
        least = 0 if first == 0 else self._bars[first].from_ns
        return DurationRange(least, self._bars[last].to_ns - 1)
