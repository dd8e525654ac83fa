"""What of a row of boxes is painted: boxes that can be seen, and runs of those too narrow for it. Qt-free."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from junjo_desktop.features.trace.flame.model import NO_BOX, FlameRow
from junjo_desktop.features.trace.time_axis import TimeWindow

LEAST_PX = 5
"""Narrower boxes are painted as one run with those beside them; a gap as wide parts two runs."""


class Piece(NamedTuple):
    """One rectangle. Pixels from the left of the view, not cut to it; `first` and `last` are places in the row."""

    left: float
    right: float
    first: int
    last: int
    box: int
    """`NO_BOX` for a run."""


def pieces(row: FlameRow, window: TimeWindow, width: float) -> list[Piece]:
    """Return the pieces of a row from left to right.

    Takes as many steps as there is room for pieces, however many boxes there are.
    """
    lefts, rights, count = row.lefts, row.rights, len(row.boxes)
    start, scale = window.start_ns, width / window.span_ns
    least_ns = max(1, round(LEAST_PX / scale))
    found: list[Piece] = []
    at = bisect_left(rights, start)
    while at < count and lefts[at] <= window.end_ns:
        if rights[at] - lefts[at] >= least_ns:
            found.append(Piece((lefts[at] - start) * scale, (rights[at] - start) * scale, at, at, row.boxes[at]))
            at += 1
            continue
        first, end = at, rights[at]
        while at < count and lefts[at] - end < least_ns and rights[at] - lefts[at] < least_ns:
            at = _end_of_narrow(row, at, least_ns)
            end = max(end, rights[at - 1])
        left = (lefts[first] - start) * scale
        right = max((end - start) * scale, left + LEAST_PX)
        found.append(Piece(left, right, first, at - 1, row.boxes[first] if at - 1 == first else NO_BOX))
    return found


def _end_of_narrow(row: FlameRow, at: int, least_ns: int) -> int:
    """Return the place after the narrow boxes that begin within `least_ns` of the one at `at`.

    Boxes do not overlap, so only the last one that begins there can be wide.
    """
    lefts, count = row.lefts, len(row.boxes)
    beyond = lefts[at] + least_ns
    if at + 1 >= count or lefts[at + 1] >= beyond:
        return at + 1
    end = bisect_left(lefts, beyond, at + 1, count)
    return end - 1 if row.rights[end - 1] - lefts[end - 1] >= least_ns else end


def piece_at(found: list[Piece], x: float) -> Piece | None:
    """Return the piece under a pixel."""
    place = bisect_right(found, x, key=lambda piece: piece.left) - 1
    return found[place] if place >= 0 and x <= found[place].right else None
