"""What a chart of bars over time shows. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from junjo_desktop.widgets.figures import moment_text

HUES = ("llm", "tool", "workflow", "retrieval", "database", "node")
"""Names of tokens for parts that have no colour of their own, in order."""


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every bar. `color` is the name of a design token; `values` are None where nothing is known."""

    label: str
    color: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Bars of equal width from `first_ns` on, each `step_ns` long.

    `is_stacked` False: the series are drawn over each other, the first one behind (p95 behind p50). `write` says how a
    value is written.
    """

    title: str
    series: tuple[Series, ...]
    first_ns: int
    step_ns: int
    write: Callable[[float], str]
    is_stacked: bool = True
    summary: str = ""

    @property
    def count(self) -> int:
        """How many bars there are."""
        return len(self.series[0].values) if self.series else 0

    @property
    def most(self) -> float:
        """The height of the highest bar."""
        return max((self.height(place) for place in range(self.count)), default=0.0)

    def height(self, place: int) -> float:
        """How high a bar is."""
        known = [value for each in self.series if (value := each.values[place]) is not None]
        return (sum(known) if self.is_stacked else max(known)) if known else 0.0

    def ends(self, place: int) -> tuple[int, int]:
        """Return the first and the last nanosecond of a bar."""
        from_ns = self.first_ns + place * self.step_ns
        return from_ns, from_ns + self.step_ns - 1

    def words(self, place: int) -> str:
        """Return what a bar says: its time, and each series with its value, from top to bottom."""
        from_ns, to_ns = self.ends(place)
        lines = [f"{clock(from_ns)} – {clock(to_ns + 1)}"]
        told = self.series if not self.is_stacked else tuple(reversed(self.series))
        for each in told:
            value = each.values[place]
            if value:
                lines.append(f"{each.label}: {self.write(value)}")
        if self.is_stacked and len(lines) > 2:
            lines.append(f"in all: {self.write(self.height(place))}")
        return "\n".join(lines)


def clock(moment_ns: int) -> str:
    """Return the local time to the second: parts of a second mean nothing in a chart."""
    return moment_text(moment_ns).rpartition(".")[0]
