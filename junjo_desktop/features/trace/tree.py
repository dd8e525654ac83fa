"""Spans of one trace as a tree that shows every span exactly once, whatever the senders wrote. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag

SKEW_TOLERANCE_NS = 1_000_000
"""How far a child may reach outside its parent before it is marked."""


class Mark(Flag):
    """What is odd about a span's place or times."""

    NONE = 0
    PARENT_MISSING = 1
    """It names a parent that is not stored (yet); it stands at the root level."""
    CYCLE = 2
    """Its ancestors lead back to itself; of that circle it starts first, and stands at the root level."""
    OUTSIDE_PARENT = 4
    """It starts before or ends after its parent by more than `SKEW_TOLERANCE_NS`."""
    ENDS_BEFORE_START = 8
    NO_TIME = 16
    """Its start or its end is zero."""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """What the waterfall shows of one span. Times in nanoseconds since the epoch, as sent."""

    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    span_type: str
    start_ns: int
    end_ns: int
    is_error: bool
    event_count: int = 0
    is_run: bool = False
    """Whether it is a Junjo workflow, subflow or agent, which has a page of its own."""
    tokens: int | None = None
    """In and out of a call of a language model; None when it reported none."""
    dropped_count: int = 0
    """Attributes, events and links that the sender dropped."""

    @property
    def duration_ns(self) -> int:
        """End minus start; negative when the sender's clock went back."""
        return self.end_ns - self.start_ns

    @property
    def has_times(self) -> bool:
        """Whether both of its times were told."""
        return self.start_ns > 0 and self.end_ns > 0


@dataclass(frozen=True, slots=True)
class SpanTree:
    """The tree, by positions in `spans`: siblings by start, then id. `parents` holds -1 for the root level."""

    spans: tuple[SpanRow, ...]
    parents: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]
    marks: tuple[Mark, ...]
    order: tuple[int, ...]
    """Positions from top to bottom with everything unfolded."""
    depths: tuple[int, ...]
    start_ns: int
    end_ns: int
    """The time all spans cover that told their times; equal when none did."""

    def count(self, mark: Mark) -> int:
        """Return how many spans carry `mark`."""
        return sum(1 for marks in self.marks if mark in marks)

    @property
    def root_count(self) -> int:
        """Spans that name no parent."""
        return sum(1 for position in self.roots if self.spans[position].parent_span_id is None)


def build_tree(spans: Sequence[SpanRow]) -> SpanTree:
    """Arrange `spans`, given in any order. A repeated span id is shown each time; its first one has the children."""
    by_id: dict[str, int] = {}
    for position, span in enumerate(spans):
        by_id.setdefault(span.span_id, position)
    parents = [-1 if span.parent_span_id is None else by_id.get(span.parent_span_id, -1) for span in spans]
    broken = _break_cycles(spans, parents)
    children: list[list[int]] = [[] for _ in spans]
    roots: list[int] = []
    for position in sorted(range(len(spans)), key=lambda position: (spans[position].start_ns, spans[position].span_id)):
        (roots if parents[position] < 0 else children[parents[position]]).append(position)
    order, depths = _walk(roots, children)
    starts = [moment for span in spans for moment in (span.start_ns, span.end_ns) if span.has_times]
    return SpanTree(
        spans=tuple(spans),
        parents=tuple(parents),
        children=tuple(map(tuple, children)),
        roots=tuple(roots),
        marks=tuple(_mark(spans, position, parents[position], position in broken) for position in range(len(spans))),
        order=tuple(order),
        depths=tuple(depths),
        start_ns=min(starts, default=0),
        end_ns=max(starts, default=0),
    )


def _break_cycles(spans: Sequence[SpanRow], parents: list[int]) -> set[int]:
    """Cut each circle of parents above its earliest span (in `parents`); return where it was cut."""
    broken: set[int] = set()
    walked_by = [-1] * len(parents)
    for start in range(len(parents)):
        position = start
        while position >= 0 and walked_by[position] < 0:
            walked_by[position] = start
            position = parents[position]
        if position >= 0 and walked_by[position] == start:
            circle = [position]
            while parents[circle[-1]] != position:
                circle.append(parents[circle[-1]])
            first = min(circle, key=lambda member: (spans[member].start_ns, spans[member].span_id))
            parents[first] = -1
            broken.add(first)
    return broken


def _walk(roots: Sequence[int], children: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    order: list[int] = []
    depths = [0] * len(children)
    waiting = list(reversed(roots))
    while waiting:
        position = waiting.pop()
        order.append(position)
        for child in reversed(children[position]):
            depths[child] = depths[position] + 1
            waiting.append(child)
    return order, depths


def _mark(spans: Sequence[SpanRow], position: int, parent: int, broken: bool) -> Mark:
    span = spans[position]
    mark = Mark.NONE
    if broken:
        mark |= Mark.CYCLE
    elif parent < 0 and span.parent_span_id is not None:
        mark |= Mark.PARENT_MISSING
    if not span.has_times:
        mark |= Mark.NO_TIME
    elif span.duration_ns < 0:
        mark |= Mark.ENDS_BEFORE_START
    elif parent >= 0 and _is_outside(span, spans[parent]):
        mark |= Mark.OUTSIDE_PARENT
    return mark


def _is_outside(child: SpanRow, parent: SpanRow) -> bool:
    if not parent.has_times or parent.duration_ns < 0:
        return False
    return child.start_ns < parent.start_ns - SKEW_TOLERANCE_NS or child.end_ns > parent.end_ns + SKEW_TOLERANCE_NS
