"""Two sequences laid beside each other: which items are partners, and what stands alone between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

Pair = tuple[int | None, int | None]
"""A place in the left sequence and one in the right; None where that side has no partner."""

_MOST_CELLS = 250_000
"""Of the table that finds the longest common subsequence; longer sequences are paired by their turns."""


def aligned(left: Sequence[int], right: Sequence[int]) -> list[Pair]:
    """Lay two sequences of numbers beside each other: equal numbers are partners, as many in order as possible.

    Everything of both is in the result once, in order; what stands alone at the left comes before what does at the
    right.
    """
    shortest = min(len(left), len(right))
    head = while_same(left, right, shortest)
    tail = while_same(left[::-1], right[::-1], shortest - head)
    one, other = left[head : len(left) - tail], right[head : len(right) - tail]
    is_small = len(one) * len(other) <= _MOST_CELLS
    found = _longest_common(one, other) if is_small else rising(_by_turns(one, other))
    partners = [(at, at) for at in range(head)]
    partners += [(head + at, head + to) for at, to in found]
    partners += [(len(left) - tail + at, len(right) - tail + at) for at in range(tail)]
    return list(with_the_rest(partners, len(left), len(right)))


def while_same(one: Sequence[int], other: Sequence[int], limit: int) -> int:
    """Return how many items at the beginning are the same, at most `limit`."""
    return next((at for at in range(limit) if one[at] != other[at]), limit)


def with_the_rest(partners: Sequence[tuple[int, int]], left: int, right: int) -> Iterator[Pair]:
    """Yield partners with, before each, what stands alone at the left, then at the right.

    `left` and `right` are the lengths of the sequences.
    """
    at = to = 0
    for one, other in (*partners, (left, right)):
        yield from ((place, None) for place in range(at, one))
        yield from ((None, place) for place in range(to, other))
        if (one, other) != (left, right):
            yield one, other
        at, to = one + 1, other + 1


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return as many of the pairs as can stay in order; `pairs` are in order of their second."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for place, (at, _) in enumerate(pairs):
        length = bisect_left(ends, at)
        before.append(at_end[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        at_end[length : length + 1] = [place]
    kept: list[tuple[int, int]] = []
    place = at_end[-1] if at_end else -1
    while place >= 0:
        kept.append(pairs[place])
        place = before[place]
    return kept[::-1]


def _longest_common(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    if not one or not other:
        return []
    # best[i][j]: how many pairs can be reached with one[i:] and other[j:].
    best = [[0] * (len(other) + 1)]
    for number in reversed(one):
        below, row = best[-1], [0] * (len(other) + 1)
        for to in range(len(other) - 1, -1, -1):
            row[to] = below[to + 1] + 1 if number == other[to] else max(below[to], row[to + 1])
        best.append(row)
    best.reverse()
    pairs: list[tuple[int, int]] = []
    at = to = 0
    while at < len(one) and to < len(other) and best[at][to]:
        if one[at] == other[to]:
            pairs.append((at, to))
            at, to = at + 1, to + 1
        elif best[at + 1][to] >= best[at][to + 1]:
            at += 1
        else:
            to += 1
    return pairs


def _by_turns(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    """Pair the first of each number with the first, the second with the second, and so on."""
    places: dict[int, list[int]] = {}
    for at in range(len(one) - 1, -1, -1):
        places.setdefault(one[at], []).append(at)
    return [(places[number].pop(), to) for to, number in enumerate(other) if places.get(number)]
