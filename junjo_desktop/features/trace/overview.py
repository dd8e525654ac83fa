"""The whole trace in a strip of few pixels: one line a span, merged where they fall together. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

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


@dataclass(frozen=True, slots=True)
class Overview:
    """The strip, and how many spans run in each of its columns."""

    lines: tuple[Line, ...] = ()
    """Top to bottom as the waterfall, at most one for each column, kind and lane. Failed spans come last: nothing is
    painted over them."""
    counts: array[int] = field(default_factory=lambda: array("i", bytes(4 * COLUMNS)))
    failed_counts: array[int] = field(default_factory=lambda: array("i", bytes(4 * COLUMNS)))


def overview_of(tree: SpanTree) -> Overview:
    """Return the overview of a trace. The columns cover what `TimeWindow.over` the trace shows."""
    window = TimeWindow.over(tree.start_ns, tree.end_ns)
    whole_start_ns, span_ns = window.whole_start_ns, max(window.whole_end_ns - window.whole_start_ns, 1)
    columns, count = tree.columns, max(len(tree), LANES)
    starts, ends, failed, label_of = columns.starts, columns.ends, columns.failed, columns.label_of
    types = [label.span_type for label in columns.labels]
    filled: dict[tuple[int, str, bool], bytearray] = {}
    changes, failed_changes = array("i", bytes(4 * (COLUMNS + 1))), array("i", bytes(4 * (COLUMNS + 1)))
    for place, position in enumerate(tree.order):
        first, last = starts[position], ends[position]
        if first <= 0 or last <= 0:
            continue
        if last < first:
            first, last = last, first
        left = (first - whole_start_ns) * COLUMNS // span_ns
        right = (last - whole_start_ns) * COLUMNS // span_ns
        if right <= left:
            right = left + 1
        is_error = bool(failed[position])
        key = (place * LANES // count, types[label_of[position]], is_error)
        cells = filled.get(key)
        if cells is None:
            cells = filled[key] = bytearray(COLUMNS)
        cells[left:right] = b"\1" * (right - left)
        changes[left] += 1
        changes[right] -= 1
        if is_error:
            failed_changes[left] += 1
            failed_changes[right] -= 1
    lines = [
        Line(lane, left, right, span_type, is_error)
        for (lane, span_type, is_error), cells in filled.items()
        for left, right in _runs(cells)
    ]
    lines.sort(key=lambda line: (line.is_error, line.lane, line.left - line.right))
    return Overview(tuple(lines), _sums(changes), _sums(failed_changes))


def _runs(cells: bytearray) -> Iterator[tuple[int, int]]:
    right = 0
    while (left := cells.find(1, right)) >= 0:
        right = cells.find(0, left)
        right = len(cells) if right < 0 else right
        yield left, right


def _sums(changes: array[int]) -> array[int]:
    sums = array("i", accumulate(changes))
    sums.pop()
    return sums
