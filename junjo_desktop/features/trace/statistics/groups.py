"""The spans of a trace in groups: how many, how many failed, how long. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.features.trace.self_time import takes_time
from junjo_desktop.features.trace.tree import SpanRow, SpanTree
from junjo_desktop.theme.roles import kind_word


class Grouping(StrEnum):
    """What the spans of a group have in common."""

    NAME = "name"
    SERVICE = "service"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class SpanGroup:
    """One group. Durations in nanoseconds, of the spans that told both of their times; None when none did."""

    label: str
    span_type: str
    """The type of all of its spans; empty when they differ."""
    count: int
    error_count: int
    total_ns: int
    """All durations together: what ran at the same time counts each time."""
    self_ns: int
    self_share: float
    """Of the self time of the whole trace, 0 to 1."""
    p50_ns: int | None
    p95_ns: int | None
    max_ns: int | None
    tokens: int | None
    """In and out, as the calls of language models reported them; None when none did."""
    positions: array[int]
    """Its spans, in the order of the waterfall."""


def group_label(span: SpanRow, grouping: Grouping) -> str:
    """Return the label of the group that a span belongs to."""
    match grouping:
        case Grouping.NAME:
            return span.name
        case Grouping.SERVICE:
            return span.service_name
        case Grouping.KIND:
            return kind_word(span.span_type)


def span_groups(tree: SpanTree, self_ns: Sequence[int], grouping: Grouping) -> tuple[SpanGroup, ...]:
    """Return the groups of a trace in the order in which they first appear; `self_ns` by position."""
    members: dict[str, array[int]] = {}
    for position in tree.order:
        label = group_label(tree.spans[position], grouping)
        if label not in members:
            members[label] = array("q")
        members[label].append(position)
    whole_ns = sum(self_ns)
    return tuple(_group(label, tree, self_ns, positions, whole_ns) for label, positions in members.items())


def _group(label: str, tree: SpanTree, self_ns: Sequence[int], positions: array[int], whole_ns: int) -> SpanGroup:
    spans = [tree.spans[position] for position in positions]
    durations = sorted(span.duration_ns for span in spans if takes_time(span))
    tokens = [span.tokens for span in spans if span.tokens is not None]
    types = {span.span_type for span in spans}
    own_ns = sum(self_ns[position] for position in positions)
    return SpanGroup(
        label=label,
        span_type=next(iter(types)) if len(types) == 1 else "",
        count=len(spans),
        error_count=sum(span.is_error for span in spans),
        total_ns=sum(durations),
        self_ns=own_ns,
        self_share=own_ns / whole_ns if whole_ns else 0.0,
        p50_ns=percentile(durations, 50),
        p95_ns=percentile(durations, 95),
        max_ns=durations[-1] if durations else None,
        tokens=sum(tokens) if tokens else None,
        positions=positions,
    )


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Return the nearest-rank percentile of values in order: the smallest that `percent` % of them do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None
