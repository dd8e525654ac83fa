"""Stretches of time that belong to spans, many of them held cheaply and found quickly. Qt-free."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretches:
    """For each span, by its position in the tree, stretches [start, end) in order of time; nanoseconds."""

    firsts: array[int]
    """Where the stretches of a span begin; one entry more than there are spans."""
    starts: array[int]
    ends: array[int]

    @classmethod
    def of(cls, by_span: Iterable[Sequence[tuple[int, int]]]) -> Stretches:
        """Hold the stretches of each span, given in order of positions."""
        firsts, starts, ends = array("q", [0]), array("q"), array("q")
        for stretches in by_span:
            for start, end in stretches:
                starts.append(start)
                ends.append(end)
            firsts.append(len(starts))
        return cls(firsts, starts, ends)

    def has(self, position: int) -> bool:
        """Whether the span has any."""
        return self.firsts[position] < self.firsts[position + 1]

    def at(self, position: int) -> list[tuple[int, int]]:
        """Return all stretches of a span."""
        first, last = self.firsts[position], self.firsts[position + 1]
        return list(zip(self.starts[first:last], self.ends[first:last], strict=True))

    def total(self, position: int) -> int:
        """Return how long they are together."""
        first, last = self.firsts[position], self.firsts[position + 1]
        return sum(self.ends[first:last]) - sum(self.starts[first:last])

    def seen(self, position: int, start_ns: int, end_ns: int, least_ns: int) -> Iterator[tuple[int, int]]:
        """Yield what falls into [start, end], joined where two begin within `least_ns`: a pixel, say.

        Takes as many steps as there are pixels, however many stretches there are.
        """
        last = self.firsts[position + 1]
        at = bisect_right(self.ends, start_ns, self.firsts[position], last)
        while at < last and self.starts[at] < end_ns:
            end = max(at + 1, bisect_left(self.starts, self.starts[at] + least_ns, at, last))
            yield self.starts[at], self.ends[end - 1]
            at = end
