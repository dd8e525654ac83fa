"""Stretches of time that belong to spans, many of them held cheaply and found quickly. Qt-free."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class Stretches:
    """For each span, by its position in the tree, stretches [start, end) in order of time; nanoseconds."""

    firsts: array[int]
    """Where the stretches of a span begin; one entry more than there are spans."""
    starts: array[int]
    ends: array[int]

    @classmethod
    def of(cls, count: int, by_span: Mapping[int, Sequence[tuple[int, int]]]) -> Stretches:
        """Hold the stretches of those of `count` spans that have any."""
        counts = array("i", bytes(4 * count))
        starts, ends = array("q"), array("q")
        for position in sorted(by_span):
            counts[position] = len(by_span[position])
            for start, end in by_span[position]:
                starts.append(start)
                ends.append(end)
        return cls(array("i", accumulate(counts, initial=0)), starts, ends)

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

    def totals(self) -> array[int]:
        """Return how long those of each span are together, by position."""
        starts, ends = self.starts, self.ends
        return array(
            "q",
            (
                ends[first] - starts[first] if last == first + 1 else sum(ends[first:last]) - sum(starts[first:last])
                for first, last in pairwise(self.firsts)
            ),
        )

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
