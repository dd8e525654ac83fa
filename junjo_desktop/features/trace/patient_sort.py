"""Sorts many values a piece at a time: one long sort would stop every thread, the window's too. Qt-free."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import TypeVar

_PIECE = 8_192
"""Sorting so many numbers takes some two milliseconds."""

Place = TypeVar("Place", bound=tuple[int, ...])


def descending(values: Iterable[Place]) -> Iterator[Place]:
    """Return values, the greatest first."""
    waiting = iter(values)
    pieces = []
    while piece := list(islice(waiting, _PIECE)):
        piece.sort(reverse=True)
        pieces.append(piece)
    return iter(pieces[0]) if len(pieces) == 1 else merge(*pieces, reverse=True)


def nearest_ranks(values: Iterable[int], percents: Sequence[int]) -> list[int | None]:
    """Return nearest-rank percentiles: each the smallest value that so many percent do not exceed. None of nothing."""
    waiting = iter(values)
    pieces = []
    while piece := list(islice(waiting, _PIECE)):
        piece.sort()
        pieces.append(piece)
    if not pieces:
        return [None] * len(percents)
    count = sum(map(len, pieces))
    return [_ranked(pieces, max(1, -(-count * percent // 100))) for percent in percents]


def _ranked(pieces: Sequence[list[int]], rank: int) -> int:
    """Return the value at a rank, from 1, of sorted pieces together: the least with so many values up to it."""
    low, high = min(piece[0] for piece in pieces), max(piece[-1] for piece in pieces)
    while low < high:
        middle = (low + high) // 2
        if sum(bisect_right(piece, middle) for piece in pieces) >= rank:
            high = middle
        else:
            low = middle + 1
    return low
