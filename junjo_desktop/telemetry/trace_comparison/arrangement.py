"""The spans of one trace as a tree that holds each of them exactly once, whatever the senders wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.trace_comparison.model import ComparedSpan


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The tree, by positions in `spans`; siblings are in order of start, then id.

    A span stands at the top when it names no parent, one that is not there, or one of its own descendants.
    """

    spans: Sequence[ComparedSpan]
    roots: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    start_ns: int
    """When the first span began that told it; 0 where none did."""


def arrange(spans: Sequence[ComparedSpan]) -> Arrangement:
    """Arrange spans that are given in any order."""
    by_id: dict[str, int] = {}
    for position, span in enumerate(spans):
        by_id.setdefault(span.span_id, position)
    parents = [-1 if span.parent_span_id is None else by_id.get(span.parent_span_id, -1) for span in spans]
    _cut_cycles(spans, parents)
    children: list[list[int]] = [[] for _ in spans]
    roots: list[int] = []
    for position in sorted(range(len(spans)), key=lambda at: (spans[at].start_ns, spans[at].span_id)):
        (roots if parents[position] < 0 else children[parents[position]]).append(position)
    return Arrangement(
        spans=spans,
        roots=tuple(roots),
        children=tuple(map(tuple, children)),
        start_ns=min((span.start_ns for span in spans if span.start_ns > 0), default=0),
    )


def _cut_cycles(spans: Sequence[ComparedSpan], parents: list[int]) -> None:
    """Make the first to start of each circle of parents stand at the top."""
    walked_by = [-1] * len(parents)
    for start in range(len(parents)):
        at = start
        while at >= 0 and walked_by[at] < 0:
            walked_by[at] = start
            at = parents[at]
        if at >= 0 and walked_by[at] == start:
            circle = [at]
            while parents[circle[-1]] != at:
                circle.append(parents[circle[-1]])
            parents[min(circle, key=lambda member: (spans[member].start_ns, spans[member].span_id))] = -1
