"""The whole trace in a strip of few pixels: one line a span, merged where they fall together. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.features.trace.tree import SpanTree

LANES = 17
COLUMNS = 1_400
"""The strip's own grid: fine enough for any width it gets, coarse enough that ten thousand spans merge."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run on the grid: lane (from the top), first column, one after the last, and what it stands for."""

    lane: int
    left: int
    right: int
    span_type: str
    is_error: bool


def overview_lines(tree: SpanTree) -> tuple[Line, ...]:
    """Return the lines of a trace, top to bottom as the waterfall, at most one for each column, kind and lane.

    The columns cover what `TimeWindow.over` the trace shows. Failed spans come last: nothing is painted over them.
    """
    window = TimeWindow.over(tree.start_ns, tree.end_ns)
    count = max(len(tree.order), LANES)
    merged: dict[tuple[int, str, bool], list[tuple[int, int]]] = {}
    span_ns = max(window.whole_end_ns - window.whole_start_ns, 1)
    for place, position in enumerate(tree.order):
        span = tree.spans[position]
        if not span.has_times:
            continue
        first, last = sorted((span.start_ns, span.end_ns))
        left = (first - window.whole_start_ns) * COLUMNS // span_ns
        right = max(left + 1, (last - window.whole_start_ns) * COLUMNS // span_ns)
        merged.setdefault((place * LANES // count, span.span_type, span.is_error), []).append((left, right))
    lines = (
        Line(lane, left, right, span_type, is_error)
        for (lane, span_type, is_error), runs in merged.items()
        for left, right in _union(runs)
    )
    return tuple(sorted(lines, key=lambda line: (line.is_error, line.lane, line.left - line.right)))


def _union(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    runs.sort()
    joined: list[tuple[int, int]] = []
    for left, right in runs:
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined
