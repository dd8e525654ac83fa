"""Boxes of a flame graph in rows, each row in order, so that what is on screen is found quickly. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from junjo_desktop.features.trace.tree import SpanRow, SpanTree

NO_BOX = -1


class FlameOrder(StrEnum):
    """How boxes are arranged."""

    TIME = "time"
    """Each span where its time is."""
    LEFT_HEAVY = "left_heavy"
    """Spans with the same names above them joined, the ones that took most on the left."""


@dataclass(frozen=True, slots=True)
class FlameRow:
    """Boxes from left to right, none over another. The counts are those of all boxes before each, and of all."""

    boxes: array[int]
    lefts: tuple[int, ...]
    rights: tuple[int, ...]
    """Of any size: the work of a trace may be more than 64 bits hold."""
    spans_before: array[int]
    failed_before: array[int]


@dataclass(frozen=True, slots=True)
class Flame:
    """A flame graph. Left and right in nanoseconds: since the epoch, or of work from 0 (left heavy)."""

    tree: SpanTree
    order: FlameOrder
    members: Sequence[Sequence[int]]
    """By box: the positions of its spans in the tree."""
    parents: array[int]
    row_of: array[int]
    """By box; `NO_BOX` for one that is not drawn."""
    place_of: array[int]
    """By box: where it stands in its row."""
    box_of: array[int]
    """By position of a span."""
    first_children: array[int]
    failed: bytes
    """By box: how many of its spans failed, as a yes or no."""
    rows: tuple[FlameRow, ...]
    start_ns: int
    end_ns: int
    undrawn_count: int
    """Spans that told no times."""

    def left(self, box: int) -> int:
        """Return where a drawn box begins."""
        return self.rows[self.row_of[box]].lefts[self.place_of[box]]

    def right(self, box: int) -> int:
        """Return where a drawn box ends."""
        return self.rows[self.row_of[box]].rights[self.place_of[box]]

    def span(self, box: int) -> SpanRow:
        """Return the first span of a box: all of its spans have its name, service and type."""
        return self.tree.spans[self.members[box][0]]

    def path(self, box: int) -> list[int]:
        """Return the box and the boxes above it, from the inside out."""
        found = []
        while box != NO_BOX:
            found.append(box)
            box = self.parents[box]
        return found


def arranged(
    tree: SpanTree,
    order: FlameOrder,
    members: Sequence[Sequence[int]],
    parents: array[int],
    placed: Sequence[tuple[int, int, int]],
    box_of: array[int],
) -> Flame:
    """Arrange boxes in rows; `placed` holds (row, left, right) of each, row `NO_BOX` for one that is not drawn."""
    is_failed = tree.columns.failed
    failed = bytes(
        is_failed[positions[0]] if len(positions) == 1 else any(is_failed[position] for position in positions)
        for positions in members
    )
    by_row: dict[int, list[int]] = {}
    for box, (row, _, _) in enumerate(placed):
        if row != NO_BOX:
            by_row.setdefault(row, []).append(box)
    place_of = array("i", [NO_BOX]) * len(members)
    rows = []
    for row in range(max(by_row, default=-1) + 1):
        boxes = sorted(by_row.get(row, ()), key=placed.__getitem__)
        for place, box in enumerate(boxes):
            place_of[box] = place
        rows.append(_row(boxes, placed, members, failed))
    drawn = [place for place in placed if place[0] != NO_BOX]
    return Flame(
        tree=tree,
        order=order,
        members=members,
        parents=parents,
        row_of=array("i", (row for row, _, _ in placed)),
        place_of=place_of,
        box_of=box_of,
        first_children=_first_children(parents, placed),
        failed=failed,
        rows=tuple(rows),
        start_ns=min((left for _, left, _ in drawn), default=0),
        end_ns=max((right for _, _, right in drawn), default=0),
        undrawn_count=len(placed) - len(drawn),
    )


def _row(
    boxes: Sequence[int],
    placed: Sequence[tuple[int, int, int]],
    members: Sequence[Sequence[int]],
    failed: bytes,
) -> FlameRow:
    return FlameRow(
        boxes=array("i", boxes),
        lefts=tuple(placed[box][1] for box in boxes),
        rights=tuple(placed[box][2] for box in boxes),
        spans_before=array("i", accumulate((len(members[box]) for box in boxes), initial=0)),
        failed_before=array("i", accumulate((failed[box] for box in boxes), initial=0)),
    )


def _first_children(parents: array[int], placed: Sequence[tuple[int, int, int]]) -> array[int]:
    """Return, by box, the child that is drawn highest and most to the left."""
    firsts = array("i", [NO_BOX]) * len(parents)
    for box, parent in enumerate(parents):
        if parent == NO_BOX or placed[box][0] == NO_BOX:
            continue
        if firsts[parent] == NO_BOX or placed[box] < placed[firsts[parent]]:
            firsts[parent] = box
    return firsts
