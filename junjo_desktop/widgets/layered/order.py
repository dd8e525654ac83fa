"""The order of items within their columns, with few crossings: barycentres, swept there and back. Qt-free."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

_SWEEPS = 8
_EXCHANGED_UP_TO = 120
"""Items. Neighbours change places one by one only in drawings as small as people read whole."""

Near = Sequence[Sequence[int]]


def ordered(column_of: Sequence[int], before: Near, after: Near) -> list[list[int]]:
    """Return the items of each column from top to bottom.

    `before` and `after` have the neighbours of each item in the column to its left and to its right.
    """
    columns = _first_order(column_of, before, after)
    place = _places(columns, len(column_of))
    best, fewest = [list(column) for column in columns], _crossings(columns, after, place)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        if sweep % 2:
            _sweep(columns, place, after, range(len(columns) - 2, -1, -1))
        else:
            _sweep(columns, place, before, range(1, len(columns)))
        if len(column_of) <= _EXCHANGED_UP_TO:
            _exchange(columns, place, before, after)
        count = _crossings(columns, after, place)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def _first_order(column_of: Sequence[int], before: Near, after: Near) -> list[list[int]]:
    columns: list[list[int]] = [[] for _ in range(max(column_of, default=-1) + 1)]
    is_seen = [False] * len(column_of)
    begins = (item for item in range(len(column_of)) if not before[item])
    for begin in (*begins, *range(len(column_of))):
        waiting = [begin]
        while waiting:
            item = waiting.pop()
            if is_seen[item]:
                continue
            is_seen[item] = True
            columns[column_of[item]].append(item)
            waiting.extend(reversed(after[item]))
    return columns


def _places(columns: Sequence[Sequence[int]], count: int) -> list[int]:
    place = [0] * count
    for column in columns:
        for number, item in enumerate(column):
            place[item] = number
    return place


def _sweep(columns: list[list[int]], place: list[int], near: Near, sequence: Iterable[int]) -> None:
    for number in sequence:
        column = columns[number]
        if len(column) < 2:
            continue
        wish: dict[int, float] = {}
        for item in column:
            around = near[item]
            if len(around) == 1:
                wish[item] = place[around[0]]
            elif around:
                wish[item] = sum([place[other] for other in around]) / len(around)
            else:
                wish[item] = place[item]
        column.sort(key=wish.__getitem__)
        for at, item in enumerate(column):
            place[item] = at


def _exchange(columns: list[list[int]], place: list[int], before: Near, after: Near) -> None:
    for column in columns:
        for at in range(len(column) - 1):
            upper, lower = column[at], column[at + 1]
            now = _pair_crossings(upper, lower, place, before) + _pair_crossings(upper, lower, place, after)
            then = _pair_crossings(lower, upper, place, before) + _pair_crossings(lower, upper, place, after)
            if then < now:
                column[at], column[at + 1] = lower, upper
                place[upper], place[lower] = at + 1, at


def _pair_crossings(upper: int, lower: int, place: Sequence[int], near: Near) -> int:
    return sum(place[one] > place[other] for one in near[upper] for other in near[lower])


def _crossings(columns: Sequence[Sequence[int]], after: Near, place: Sequence[int]) -> int:
    total = 0
    for column in columns:
        seen: list[int] = []
        for item in column:
            # In rising order: lines of the same item do not cross one another.
            for end in sorted([place[other] for other in after[item]]):
                at = bisect_right(seen, end)
                total += len(seen) - at
                seen.insert(at, end)
    return total
