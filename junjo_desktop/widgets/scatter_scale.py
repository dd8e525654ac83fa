"""Where a row stands in the scatter strip: time to the right, duration upwards and logarithmic. Qt-free."""

from __future__ import annotations

import math
from dataclasses import dataclass

from junjo_desktop.widgets.scatter_sample import Scatter, ScatterPoint

_LEAST_NS = 1_000
_STEPS = tuple(digit * 10**power for power in range(3, 20) for digit in (1, 2, 5))
_S = 10**9
_LINES = (*(10**power for power in range(3, 11)), 60 * _S, 600 * _S, 3600 * _S, 36_000 * _S, 864_000 * _S)


@dataclass(frozen=True, slots=True)
class ScatterScale:
    """Shares of the strip: x 0 is the first start, 1 the last; y 0 the shortest duration, 1 the longest."""

    first_ns: int
    last_ns: int
    shortest_ns: int
    longest_ns: int

    @classmethod
    def of(cls, scatter: Scatter) -> ScatterScale:
        """Return a scale that holds every point and ends at 1, 2 or 5 times a power of ten."""
        durations = [max(point.duration_ns, _LEAST_NS) for point in scatter.points] or [_LEAST_NS]
        shortest = max(step for step in _STEPS if step <= min(durations))
        longest = min((step for step in _STEPS if step >= max(scatter.max_ns, *durations)), default=_STEPS[-1])
        first, last = scatter.first_start_ns, scatter.last_start_ns
        return cls(first, max(last, first + 1), shortest, max(longest, shortest * 2))

    def x(self, moment_ns: int) -> float:
        """Return the share of the width."""
        return (moment_ns - self.first_ns) / (self.last_ns - self.first_ns)

    def y(self, duration_ns: int) -> float:
        """Return the share of the height, from below."""
        decades = math.log10(self.longest_ns / self.shortest_ns)
        share = math.log10(max(duration_ns, _LEAST_NS) / self.shortest_ns) / decades
        return max(0.0, min(share, 1.0))

    def moment(self, x: float) -> int:
        """Return the moment at a share of the width, within the scale."""
        return self.first_ns + round(max(0.0, min(x, 1.0)) * (self.last_ns - self.first_ns))

    def duration(self, y: float) -> int:
        """Return the duration at a share of the height, within the scale."""
        share = max(0.0, min(y, 1.0))
        decades = math.log10(self.longest_ns / self.shortest_ns)
        return round(self.shortest_ns * math.pow(10, decades * share))

    def lines(self) -> tuple[int, ...]:
        """Return the durations at which lines stand: round ones of seconds, minutes, hours and days."""
        return tuple(line for line in _LINES if self.shortest_ns <= line <= self.longest_ns)

    def place(self, point: ScatterPoint) -> tuple[float, float]:
        """Return both shares of a row."""
        return self.x(point.start_ns), self.y(point.duration_ns)
