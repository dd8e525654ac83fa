"""Spans of one trace as a tree that shows every span exactly once, whatever the senders wrote. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from junjo_desktop.features.trace.arranging import child_lists, cut_cycles, marks_of, walk
from junjo_desktop.features.trace.columns import SpanColumns, SpanRows, columns_of
from junjo_desktop.features.trace.span_row import MARKS, SKEW_TOLERANCE_NS, Mark, SpanRow

__all__ = ["SKEW_TOLERANCE_NS", "Children", "Mark", "SpanRow", "SpanTree", "arranged_tree", "build_tree"]


class Children(Sequence[Sequence[int]]):
    """By position: the positions of a span's children, by start, then id."""

    def __init__(self, firsts: array[int], children: array[int]) -> None:
        self.firsts = firsts
        """Where those of a span begin in `all`; one entry more than there are spans."""
        self.all = children

    def __len__(self) -> int:
        return len(self.firsts) - 1

    @overload
    def __getitem__(self, position: int) -> array[int]: ...
    @overload
    def __getitem__(self, position: slice) -> list[array[int]]: ...
    def __getitem__(self, position: int | slice) -> array[int] | list[array[int]]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        if not 0 <= position < len(self):
            raise IndexError(position)
        return self.all[self.firsts[position] : self.firsts[position + 1]]


class Marks(Sequence[Mark]):
    """By position: what is odd about a span."""

    def __init__(self, values: bytes | bytearray) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, position: int) -> Mark: ...
    @overload
    def __getitem__(self, position: slice) -> list[Mark]: ...
    def __getitem__(self, position: int | slice) -> Mark | list[Mark]:
        if isinstance(position, slice):
            return [MARKS[value] for value in self.values[position]]
        return MARKS[self.values[position]]


@dataclass(frozen=True, slots=True, eq=False)
class SpanTree:
    """The tree, by positions. Many spans are walked through by `columns`; `spans` makes a row each time it is asked."""

    columns: SpanColumns
    parents: array[int]
    """-1 for the root level."""
    children: Children
    roots: array[int]
    marks: Marks
    order: array[int]
    """Positions from top to bottom with everything unfolded."""
    depths: array[int]
    start_ns: int
    end_ns: int
    """The time all spans cover that told their times; equal when none did."""

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def spans(self) -> Sequence[SpanRow]:
        """The spans as rows."""
        return SpanRows(self.columns)

    def position_of(self, span_id: str) -> int | None:
        """Return where a span stands; None when it is not in this trace. The first one of a repeated id."""
        return self.columns.ids.position(span_id)

    def count(self, mark: Mark) -> int:
        """Return how many spans carry `mark`."""
        return sum(1 for marks in self.marks if mark in marks)

    @property
    def root_count(self) -> int:
        """Spans that name no parent."""
        parent_ids = self.columns.parent_ids
        return sum(1 for position in self.roots if not parent_ids[position])


def build_tree(spans: Sequence[SpanRow]) -> SpanTree:
    """Arrange `spans`, given in any order. A repeated span id is shown each time; its first one has the children."""
    columns = columns_of(spans)
    by_id: dict[str, int] = {}
    for position, span in enumerate(spans):
        by_id.setdefault(span.span_id, position)
    parents = array("i", (by_id.get(parent, -1) if parent else -1 for parent in columns.parent_ids))
    by_start = sorted(range(len(spans)), key=lambda position: (spans[position].start_ns, spans[position].span_id))
    return arranged_tree(columns, parents, by_start)


def arranged_tree(
    columns: SpanColumns, parents: array[int], by_start: Iterable[int], cut_before: Sequence[int] = ()
) -> SpanTree:
    """Arrange spans whose parents are known by position (-1: none, or not here).

    `by_start` gives all positions in order of start, then id. `parents` is taken over, and cut where it goes round;
    `cut_before` are positions where it was cut already.
    """
    cut = [*cut_before, *cut_cycles(columns, parents)]
    firsts, children, roots = child_lists(parents, by_start)
    order, depths = walk(firsts, children, roots)
    marks = marks_of(columns, parents, cut)
    start_ns, end_ns = _covered(columns)
    return SpanTree(
        columns=columns,
        parents=parents,
        children=Children(firsts, children),
        roots=roots,
        marks=Marks(marks),
        order=order,
        depths=depths,
        start_ns=start_ns,
        end_ns=end_ns,
    )


def _covered(columns: SpanColumns) -> tuple[int, int]:
    starts, ends = columns.starts, columns.ends
    if len(starts) and min(starts) > 0 and min(ends) > 0:
        return _around(starts, ends)
    told = [place for place in range(len(starts)) if starts[place] > 0 and ends[place] > 0]
    return _around([starts[place] for place in told], [ends[place] for place in told]) if told else (0, 0)


def _around(starts: Sequence[int], ends: Sequence[int]) -> tuple[int, int]:
    bounds = (min(starts), min(ends), max(starts), max(ends))
    return min(bounds), max(bounds)
