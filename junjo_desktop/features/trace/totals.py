"""What is inside a stretch of time of a trace: how many spans, how long, how many failed, of which types. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.features.trace.columns import NO_TOKENS
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree

_MODEL_CALLS = ("llm", "embedding")


@dataclass(frozen=True, slots=True)
class TypeTotal:
    """The part of one span type. Nanoseconds within the stretch."""

    span_type: str
    count: int
    self_ns: int | None


@dataclass(frozen=True, slots=True)
class AreaTotals:
    """Spans that run within [start, end) of a trace, or stand in it without taking time; ns since the epoch."""

    start_ns: int
    end_ns: int
    count: int
    whole_count: int
    """Those that begin and end inside."""
    covered_ns: int
    """How much of the stretch any span covers."""
    self_ns: int | None
    """What spans did themselves within the stretch, together; None while it is not worked out."""
    error_count: int
    call_count: int
    """Calls of models."""
    tokens: int | None
    """As calls reported them that begin and end inside; None when none did."""
    types: tuple[TypeTotal, ...]
    """The most own time first, else the most spans."""


def totals_between(tree: SpanTree, start_ns: int, end_ns: int, self_times: Stretches | None) -> AreaTotals:
    """Add up the spans that run between two moments."""
    columns = tree.columns
    inside = [
        position
        for position, (start, end) in enumerate(zip(columns.starts, columns.ends, strict=True))
        if 0 < start < end_ns and end >= start and (end > start_ns or start >= start_ns)
    ]
    whole = [at for at in inside if columns.starts[at] >= start_ns and columns.ends[at] <= end_ns]
    types = [label.span_type for label in columns.labels]
    counts: dict[str, int] = {}
    own: dict[str, int] = {}
    for at in inside:
        span_type = types[columns.label_of[at]]
        counts[span_type] = counts.get(span_type, 0) + 1
        if self_times is not None:
            own[span_type] = own.get(span_type, 0) + _within(self_times, at, start_ns, end_ns)
    tokens = [told for at in whole if (told := columns.tokens[at]) != NO_TOKENS]
    found = [TypeTotal(span_type, count, own.get(span_type)) for span_type, count in counts.items()]
    return AreaTotals(
        start_ns=start_ns,
        end_ns=end_ns,
        count=len(inside),
        whole_count=len(whole),
        covered_ns=_covered(tree, inside, start_ns, end_ns),
        self_ns=None if self_times is None else sum(own.values()),
        error_count=sum(map(columns.failed.__getitem__, inside)),
        call_count=sum(counts.get(span_type, 0) for span_type in _MODEL_CALLS),
        tokens=sum(tokens) if tokens else None,
        types=tuple(sorted(found, key=lambda total: (-(total.self_ns or 0), -total.count, total.span_type))),
    )


def _within(stretches: Stretches, position: int, start_ns: int, end_ns: int) -> int:
    first, last = stretches.firsts[position], stretches.firsts[position + 1]
    return sum(
        max(0, min(stretches.ends[at], end_ns) - max(stretches.starts[at], start_ns)) for at in range(first, last)
    )


def _covered(tree: SpanTree, inside: Sequence[int], start_ns: int, end_ns: int) -> int:
    starts, ends = tree.columns.starts, tree.columns.ends
    covered, reached = 0, start_ns
    # Positions of a stored trace are in order of time; those of another are put in order first.
    for at in sorted(inside, key=starts.__getitem__):
        end = min(ends[at], end_ns)
        if end > reached:
            covered += end - max(reached, starts[at])
            reached = end
    return covered
