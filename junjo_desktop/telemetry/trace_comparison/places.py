"""Numbers for places: paths of services, names and types from the root down, the same in every trace.

Among siblings that look the same the turn counts, so that the third retry of a call has its own place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from junjo_desktop.telemetry.trace_comparison.arrangement import Arrangement

Look = tuple[str, str, str]
"""Service, name and type."""
TOP = 0
"""The place around all roots."""


class Place(NamedTuple):
    """`turn` counts from 0; `parent` is the number of the place around it."""

    parent: int
    look: Look
    turn: int


class Places:
    """Gives each place a number from 1."""

    def __init__(self) -> None:
        self._numbers: dict[Place, int] = {}
        self._places: list[Place] = [Place(TOP, ("", "", ""), 0)]

    def __getitem__(self, number: int) -> Place:
        return self._places[number]

    def first_turn(self, number: int) -> int | None:
        """Return the place of the first sibling that looks the same; None where it is not known."""
        place = self._places[number]
        return self._numbers.get(Place(place.parent, place.look, 0))

    def walk(self, tree: Arrangement) -> Iterator[tuple[int, int]]:
        """Yield the position of every span of a trace and the number of its place, parents before children."""
        waiting: list[tuple[Sequence[int], int]] = [(tree.roots, TOP)]
        while waiting:
            positions, parent = waiting.pop()
            turns: dict[Look, int] = {}
            for at in positions:
                span = tree.spans[at]
                look = (span.service_name, span.name, span.span_type)
                turn = turns.get(look, 0)
                turns[look] = turn + 1
                number = self._number(Place(parent, look, turn))
                yield at, number
                if tree.children[at]:
                    waiting.append((tree.children[at], number))

    def _number(self, place: Place) -> int:
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self._places)
            self._places.append(place)
        return number
