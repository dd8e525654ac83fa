"""What is usual at one place of many traces, and whether a span there is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from junjo_desktop.telemetry.trace_comparison.model import ComparedSpan, PathFigures, Verdict

Figure = TypeVar("Figure", int, float)

_SLOW_SHARE = 0.95
_LEAST_SEEN = 5
"""Traces at a place, below which nobody is called slow or odd there."""
_LEAST_SLOWER_SHARE = 0.05
_LEAST_SLOWER_NS = 10_000
"""Slower than the median by less than this share or time is no finding, however regular the others are."""
_RARE_SHARE = 0.05
_MISSED_SHARE = 0.5


class Seen:
    """What other traces have at one place."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0
        self._durations_ns: list[int] = []
        self._offsets_ns: list[int] = []

    def add(self, duration_ns: int | None, offset_ns: int, *, is_error: bool) -> None:
        """Take a span into account; its offset is from the start of its trace. To be done before anything is asked."""
        self.count += 1
        self.failed += is_error
        if duration_ns is not None:
            self._durations_ns.append(duration_ns)
            self._offsets_ns.append(offset_ns)

    @cached_property
    def durations_ns(self) -> list[int]:
        """Those that were told, in order."""
        return sorted(self._durations_ns)

    @cached_property
    def offset_ns(self) -> int | None:
        """The median of when it begins."""
        return quantile(sorted(self._offsets_ns), 0.5)

    def figures(self) -> PathFigures:
        """Return what is told of the place."""
        return PathFigures(
            seen=self.count,
            failed=self.failed,
            median_ns=quantile(self.durations_ns, 0.5),
            p95_ns=quantile(self.durations_ns, _SLOW_SHARE),
            offset_ns=self.offset_ns,
        )


def judged(span: ComparedSpan, seen: Seen) -> tuple[Verdict, float | None]:
    """Return what a span is among those at its place, and the share of them that it was slower than."""
    durations, lasted = seen.durations_ns, span.duration_ns
    slower_than = None
    if lasted is not None and durations:
        slower_than = bisect_left(durations, lasted) / len(durations)
    if seen.count < _LEAST_SEEN:
        return Verdict.USUAL, slower_than
    if span.is_error and seen.failed <= seen.count * _RARE_SHARE:
        return Verdict.FAILED, slower_than
    median = quantile(durations, 0.5)
    if lasted is not None and median is not None and slower_than is not None and slower_than >= _SLOW_SHARE:
        more = lasted - median
        if more >= max(_LEAST_SLOWER_NS, median * _LEAST_SLOWER_SHARE):
            return Verdict.SLOWER, slower_than
    return Verdict.USUAL, slower_than


def is_missed(seen: Seen, others: int) -> bool:
    """Whether a trace that has nothing at a place lacks something; `others` counts the traces that were looked at."""
    return others >= _LEAST_SEEN and seen.count >= others * _MISSED_SHARE


def quantile(ordered: Sequence[Figure], share: float) -> Figure | None:
    """Return the smallest value that at least this share does not exceed; None of nothing."""
    if not ordered:
        return None
    return ordered[min(max(-(-len(ordered) * round(share * 100) // 100) - 1, 0), len(ordered) - 1)]
