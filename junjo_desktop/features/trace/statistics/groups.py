"""The spans of a trace in groups: how many, how many failed, how long. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.features.trace.columns import NO_TOKENS, Label
from junjo_desktop.features.trace.patient_sort import nearest_ranks
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.tree import SpanTree
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
    return _label_of(span, grouping)


def span_groups(tree: SpanTree, self_ns: Sequence[int], grouping: Grouping) -> tuple[SpanGroup, ...]:
    """Return the groups of a trace in the order in which they first appear; `self_ns` by position."""
    columns = tree.columns
    names = [_label_of(label, grouping) for label in columns.labels]
    members: dict[str, array[int]] = {name: array("i") for name in names}
    by_label = [members[name] for name in names]
    label_of = columns.label_of
    for position in tree.order:
        by_label[label_of[position]].append(position)
    # A dictionary keeps its order, and labels come in any: the first member tells when a group appeared.
    firsts = {positions[0]: name for name, positions in members.items()}
    found = [firsts[position] for position in tree.order if position in firsts]
    whole_ns = sum(self_ns)
    return tuple(_group(name, tree, self_ns, members[name], whole_ns) for name in found)


def _label_of(label: Label | SpanRow, grouping: Grouping) -> str:
    match grouping:
        case Grouping.NAME:
            return label.name
        case Grouping.SERVICE:
            return label.service_name
        case Grouping.KIND:
            return kind_word(label.span_type)


def _group(label: str, tree: SpanTree, self_ns: Sequence[int], positions: array[int], whole_ns: int) -> SpanGroup:
    columns = tree.columns
    starts, ends = columns.starts, columns.ends
    durations = array("q", (ends[at] - starts[at] for at in positions if 0 < starts[at] <= ends[at]))
    p50_ns, p95_ns, max_ns = nearest_ranks(durations, (50, 95, 100))
    tokens = [told for at in positions if (told := columns.tokens[at]) != NO_TOKENS]
    types = {columns.labels[number].span_type for number in set(map(columns.label_of.__getitem__, positions))}
    own_ns = sum(map(self_ns.__getitem__, positions))
    return SpanGroup(
        label=label,
        span_type=next(iter(types)) if len(types) == 1 else "",
        count=len(positions),
        error_count=sum(map(columns.failed.__getitem__, positions)),
        total_ns=sum(durations),
        self_ns=own_ns,
        self_share=own_ns / whole_ns if whole_ns else 0.0,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        max_ns=max_ns,
        tokens=sum(tokens) if tokens else None,
        positions=positions,
    )
