"""A flame graph in order of time: each span below its parent, what ran at the same time below each other. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import overload

from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder, arranged
from junjo_desktop.features.trace.tree import SpanTree


def time_order(tree: SpanTree) -> Flame:
    """Arrange the spans of a trace; the box of a span has its position. Spans without times are not drawn.

    Children that do not overlap stand side by side. Where they do, each with all below it gets rows of its own, so
    that no box covers another and what stands under a box is below it in the tree.
    """
    blocks = _Blocks(tree)
    placed = [(NO_BOX, 0, 0)] * len(tree.spans)
    rows = [0] * len(tree.spans)
    for position in tree.order:
        parent = tree.parents[position]
        rows[position] = blocks.offsets[position] + (rows[parent] + 1 if parent >= 0 else 0)
        times = _times(tree, position)
        if times is not None:
            placed[position] = (rows[position], *times)
    drawn = array("i", (position if row[0] != NO_BOX else NO_BOX for position, row in enumerate(placed)))
    return arranged(tree, FlameOrder.TIME, _Alone(len(tree.spans)), _drawn_parents(tree, placed), placed, drawn)


class _Alone(Sequence[Sequence[int]]):
    """The members of boxes that hold one span each, the one with their number; takes no memory."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, box: int) -> tuple[int]: ...
    @overload
    def __getitem__(self, box: slice) -> list[tuple[int]]: ...
    def __getitem__(self, box: int | slice) -> tuple[int] | list[tuple[int]]:
        if isinstance(box, slice):
            return [(one,) for one in range(*box.indices(self._count))]
        if not 0 <= box < self._count:
            raise IndexError(box)
        return (box,)


def _times(tree: SpanTree, position: int) -> tuple[int, int] | None:
    """Return when a span ran, earlier first; None when not both of its times were told."""
    start, end = tree.columns.starts[position], tree.columns.ends[position]
    if start <= 0 or end <= 0:
        return None
    return (start, end) if start <= end else (end, start)


def _drawn_parents(tree: SpanTree, placed: Sequence[tuple[int, int, int]]) -> array[int]:
    parents = array("i", tree.parents)
    for position in tree.order:
        parent = parents[position]
        if parent >= 0 and placed[parent][0] == NO_BOX:
            parents[position] = parents[parent]
    return parents


class _Blocks:
    """Every span with all below it as one block: when it begins and ends, and how many rows it takes."""

    def __init__(self, tree: SpanTree) -> None:
        self._tree = tree
        self._spread: list[tuple[int, int] | None] = [None] * len(tree.spans)
        self._heights = [1] * len(tree.spans)
        self.offsets = [0] * len(tree.spans)
        """How many rows below the first one under its parent the block of a span begins."""
        firsts = tree.children.firsts
        for position in reversed(tree.order):
            times = _times(tree, position)
            if firsts[position] < firsts[position + 1]:
                children = tree.children[position]
                self._heights[position] = 1 + self._stack(children)
                self._spread[position] = self._around(times, children)
            else:
                self._spread[position] = times
        self._stack(tree.roots)

    def _around(self, times: tuple[int, int] | None, children: Sequence[int]) -> tuple[int, int] | None:
        known = [spread for child in children if (spread := self._spread[child]) is not None]
        if times is not None:
            known.append(times)
        if not known:
            return None
        return min(start for start, _ in known), max(end for _, end in known)

    def _stack(self, siblings: Sequence[int]) -> int:
        """Put blocks side by side where their times allow it, else into lanes below; return the rows they take."""
        if len(siblings) == 1:
            return self._heights[siblings[0]]
        spreads = ((self._spread[position], position) for position in siblings)
        waiting = sorted((spread, position) for spread, position in spreads if spread is not None)
        lane_of: list[tuple[int, int]] = []
        heights: list[int] = []
        busy: list[tuple[int, int]] = []
        free: list[int] = []
        for (start, end), position in waiting:
            while busy and busy[0][0] <= start:
                heappush(free, heappop(busy)[1])
            lane = heappop(free) if free else len(heights)
            if lane == len(heights):
                heights.append(0)
            heights[lane] = max(heights[lane], self._heights[position])
            heappush(busy, (end, lane))
            lane_of.append((position, lane))
        tops = [0]
        for height in heights:
            tops.append(tops[-1] + height)
        for position, lane in lane_of:
            self.offsets[position] = tops[lane]
        return tops[-1]
