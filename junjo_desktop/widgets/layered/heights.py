"""How high each item of a layered drawing stands: near its neighbours, in order, never over another. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROUNDS = 3
_NO_PULL = 0.1


@dataclass(slots=True)
class Item:
    """A box, or a place where a line passes. `above` and `below` are measured from its middle line.

    `weight` says how much it insists on being level with its neighbours; `gap` is the room it wants to others.
    """

    above: float
    below: float
    width: float
    weight: float
    gap: float


Pull = tuple[int, float]
"""Another item, and how much lower than that item's middle one's own middle wants to be."""


def heights(
    items: Sequence[Item],
    columns: Sequence[Sequence[int]],
    before: Sequence[Sequence[Pull]],
    after: Sequence[Sequence[Pull]],
) -> list[float]:
    """Return the middle of each item, in whole pixels; within a column, items keep their order and their gaps."""
    middle = [0.0] * len(items)
    depths = [_depths(items, column) for column in columns]
    for column, depth in zip(columns, depths, strict=True):
        half = depth[-1] / 2 if depth else 0.0
        for item, down in zip(column, depth, strict=True):
            middle[item] = down - half
    for _ in range(_ROUNDS):
        _sweep(items, columns, depths, before, middle, range(1, len(columns)))
        _sweep(items, columns, depths, after, middle, range(len(columns) - 2, -1, -1))
    _sweep(items, columns, depths, before, middle, range(1, len(columns)))
    return [float(round(height)) for height in middle]


def _depths(items: Sequence[Item], column: Sequence[int]) -> list[float]:
    """Return how far below the first middle each middle is when the column is as tight as can be."""
    depths: list[float] = []
    for at, item in enumerate(column):
        if not at:
            depths.append(0.0)
            continue
        one, other = items[column[at - 1]], items[item]
        # One more pixel: middles are rounded at the end.
        depths.append(depths[-1] + one.below + max(one.gap, other.gap) + other.above + 1)
    return depths


def _sweep(
    items: Sequence[Item],
    columns: Sequence[Sequence[int]],
    depths: Sequence[Sequence[float]],
    pulls: Sequence[Sequence[Pull]],
    middle: list[float],
    sequence: Iterable[int],
) -> None:
    for number in sequence:
        column, depth = columns[number], depths[number]
        wishes: list[float] = []
        for item, down in zip(column, depth, strict=True):
            near = pulls[item]
            if len(near) == 1:
                other, lower = near[0]
                wishes.append(middle[other] + lower - down)
            elif near:
                wishes.append(_median([middle[other] + lower for other, lower in near]) - down)
            else:
                wishes.append(middle[item] - down)
        weights = [items[item].weight if pulls[item] else _NO_PULL for item in column]
        for item, down, found in zip(column, depth, _rising(wishes, weights), strict=True):
            middle[item] = found + down


def _median(values: list[float]) -> float:
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _rising(wishes: list[float], weights: Sequence[float]) -> list[float]:
    """Return the never falling numbers that are nearest to the wishes: pool adjacent violators."""
    if all(one <= other for one, other in pairwise(wishes)):
        return wishes
    pools: list[tuple[float, float, int]] = []
    for wish, weight in zip(wishes, weights, strict=True):
        value, mass, count = wish, weight, 1
        while pools and pools[-1][0] > value:
            upper, its_mass, its_count = pools.pop()
            value = (upper * its_mass + value * mass) / (its_mass + mass)
            mass += its_mass
            count += its_count
        pools.append((value, mass, count))
    return [value for value, _, count in pools for _ in range(count)]
