"""How many of something there were over time, and how many of them were warnings and errors. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

BARS = 120
"""How many bars a range of time is cut into."""


@dataclass(frozen=True, slots=True)
class TimeBar:
    """What happened within one part of the time; `errors` and `warnings` are among `count`."""

    count: int = 0
    warnings: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class TimeBars:
    """Parts of equal length from `first_ns` on, each `step_ns` long. `untold`: how many told no time."""

    bars: tuple[TimeBar, ...] = ()
    first_ns: int = 0
    step_ns: int = 1
    untold: int = 0

    @property
    def total(self) -> int:
        """How many there were, also without a time."""
        return sum(bar.count for bar in self.bars) + self.untold

    def ends(self, place: int) -> tuple[int, int]:
        """Return the first and the last nanosecond of a bar."""
        from_ns = self.first_ns + place * self.step_ns
        return from_ns, from_ns + self.step_ns - 1
