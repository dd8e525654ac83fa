"""What a histogram of durations shows, and where: steps of a logarithmic scale, joined to visible bars. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST_STEPS = 24
"""A scale has at least so many steps: one duration alone is a bar, not a wall."""
_S = 10**9
_ROUND_NS = (*(10**power for power in range(3, 11)), 60 * _S, 600 * _S, 3600 * _S, 36_000 * _S, 864_000 * _S)
_FINER = tuple(
    tuple(digit * 10 ** (power - 1) for power in range(3, 19) for digit in digits)
    for digits in ((10, 20, 50), (10, 15, 20, 30, 40, 50, 60, 80), range(10, 100, 2), range(10, 100))
)
_FEW = 3


@dataclass(frozen=True, slots=True)
class Bin:
    """How many durations fall into a step of the scale, and how many of them are failures."""

    step: int
    count: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A duration that is marked by name: "p95"."""

    label: str
    duration_ns: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bins in ascending order, of a scale with so many steps a decade; step 0 is 1 ns."""

    bins: tuple[Bin, ...] = ()
    steps_per_decade: int = 200
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """What one bar stands for: durations from `from_ns` up to, not including, `to_ns`."""

    from_ns: int
    to_ns: int
    count: int
    failed: int


@dataclass(frozen=True, slots=True)
class HistogramScale:
    """Bars of the same width on a logarithmic scale. Shares of the width go from 0 to 1."""

    first_step: int
    steps_per_bar: int
    bar_count: int
    steps_per_decade: int

    @classmethod
    def of(cls, histogram: Histogram, most_bars: int) -> HistogramScale:
        """Return the finest scale of at most `most_bars` that holds every bin."""
        first = histogram.bins[0].step if histogram.bins else 0
        steps = (histogram.bins[-1].step - first + 1) if histogram.bins else 1
        if steps < _LEAST_STEPS:
            first -= (_LEAST_STEPS - steps) // 2
            steps = _LEAST_STEPS
        per_bar = math.ceil(steps / max(1, most_bars))
        return cls(first, per_bar, math.ceil(steps / per_bar), histogram.steps_per_decade)

    def x(self, duration_ns: int) -> float:
        """Return where a duration stands; one beyond the scale at its end."""
        step = math.log10(max(duration_ns, 1)) * self.steps_per_decade
        return max(0.0, min((step - self.first_step) / (self.bar_count * self.steps_per_bar), 1.0))

    def duration(self, x: float) -> int:
        """Return the duration at a share of the width."""
        step = self.first_step + max(0.0, min(x, 1.0)) * self.bar_count * self.steps_per_bar
        return round(math.pow(10, step / self.steps_per_decade))

    def bars(self, bins: Sequence[Bin]) -> tuple[Bar, ...]:
        """Return all bars from left to right, empty ones too."""
        counts = [[0, 0] for _ in range(self.bar_count)]
        for found in bins:
            bar = counts[min((found.step - self.first_step) // self.steps_per_bar, self.bar_count - 1)]
            bar[0] += found.count
            bar[1] += found.failed
        edges = [self._edge(place) for place in range(self.bar_count + 1)]
        return tuple(Bar(edges[place], edges[place + 1], count, failed) for place, (count, failed) in enumerate(counts))

    def ticks(self) -> tuple[int, ...]:
        """Return the round durations within the scale: those of whole decades, finer ones where these are few."""
        low, high = self._edge(0), self._edge(self.bar_count)
        found: tuple[int, ...] = ()
        for round_ns in (_ROUND_NS, *_FINER):
            found = tuple(tick for tick in round_ns if low <= tick <= high)
            if len(found) >= _FEW:
                break
        return found

    def _edge(self, place: int) -> int:
        step = self.first_step + place * self.steps_per_bar
        return math.ceil(math.pow(10, step / self.steps_per_decade))
