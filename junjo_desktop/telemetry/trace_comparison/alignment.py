"""Lays the spans of two traces beside each other.

What stands below two partners is aligned in order of start: spans of the same service, name and type are partners, as
many as possible without changing the order. What is left and looks the same is paired in its turn: spans that run at
the same time have no order. The first roots of both are partners whatever they are called, or nothing else would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from junjo_desktop.telemetry.sequences import Pair, aligned
from junjo_desktop.telemetry.trace_comparison.arrangement import Arrangement


class Place(NamedTuple):
    """A row: positions in the spans of either trace, None where it has none; `parent` is the row around it."""

    left: int | None
    right: int | None
    depth: int
    parent: int | None
    is_moved: bool = False
    """Whether its partner stands elsewhere among what is beside it."""


def align(left: Arrangement, right: Arrangement) -> list[Place]:
    """Return every span of both exactly once, in order of the trees."""
    numbers = _Numbers()
    rows: list[Place] = []
    waiting = [
        Place(one, other, 0, None, is_moved) for one, other, is_moved in reversed(list(_tops(left, right, numbers)))
    ]
    while waiting:
        row = waiting.pop()
        at = len(rows)
        rows.append(row)
        inside = _inside(left, row.left), _inside(right, row.right)
        if inside[0] or inside[1]:
            pairs = _paired(left, right, *inside, numbers)
            waiting += [
                Place(one, other, row.depth + 1, at, is_moved) for one, other, is_moved in reversed(list(pairs))
            ]
    return rows


class _Numbers:
    """Gives spans that look the same the same number."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], int] = {}

    def of(self, arrangement: Arrangement, positions: Sequence[int]) -> list[int]:
        known, spans = self._known, arrangement.spans
        found = []
        for at in positions:
            span = spans[at]
            found.append(known.setdefault((span.service_name, span.name, span.span_type), len(known)))
        return found


def _inside(arrangement: Arrangement, position: int | None) -> Sequence[int]:
    return () if position is None else arrangement.children[position]


def _tops(left: Arrangement, right: Arrangement, numbers: _Numbers) -> Iterator[tuple[int | None, int | None, bool]]:
    one, other = left.roots, right.roots
    if one and other:
        first = _first_root(left), _first_root(right)
        yield *first, False
        one = tuple(at for at in one if at != first[0])
        other = tuple(at for at in other if at != first[1])
    yield from _paired(left, right, one, other, numbers)


def _first_root(arrangement: Arrangement) -> int:
    """Return the first span that names no parent, else the first of those that stand at the top."""
    roots = arrangement.roots
    return next((at for at in roots if arrangement.spans[at].parent_span_id is None), roots[0])


def _paired(
    left: Arrangement, right: Arrangement, one: Sequence[int], other: Sequence[int], numbers: _Numbers
) -> Iterator[tuple[int | None, int | None, bool]]:
    if not one or not other:
        yield from ((at, None, False) for at in one)
        yield from ((None, at, False) for at in other)
        return
    alike = numbers.of(left, one), numbers.of(right, other)
    for at, to, is_moved in _with_moved(aligned(*alike), *alike):
        yield None if at is None else one[at], None if to is None else other[to], is_moved


def _with_moved(
    pairs: Sequence[Pair], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[int | None, int | None, bool]]:
    """Pair what stands alone on both sides and looks the same, at its place in the left trace."""
    free: dict[int, list[int]] = {}
    for at, to in reversed(pairs):
        if at is None and to is not None:
            free.setdefault(right[to], []).append(to)
    taken: set[int] = set()
    partner: dict[int, int] = {}
    for at, to in pairs:
        if to is None and at is not None and free.get(left[at]):
            partner[at] = free[left[at]].pop()
            taken.add(partner[at])
    for at, to in pairs:
        if to is None and at is not None and at in partner:
            yield at, partner[at], True
        elif at is not None or to not in taken:
            yield at, to, False
