"""Siblings that repeat: of many with the same service, name and type under one parent, one row is made. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from junjo_desktop.features.trace.columns import Label
from junjo_desktop.features.trace.patient_sort import nearest_ranks
from junjo_desktop.features.trace.tree import SpanTree

MORE_THAN = 20
"""Siblings of one kind that are more than these are folded."""
_GRAIN = 4_096
"""Gaps between members of less than this part of their time are not kept."""

FoldKey = tuple[str, str, str, str]
"""What a fold is known by while the trace grows: id of the parent (empty: root level), service, name, type."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Siblings of one kind. Times in nanoseconds; percentiles of those that told theirs, None when none did."""

    key: FoldKey
    parent: int
    """Position; -1 for the root level."""
    members: array[int]
    """Positions, by start."""
    failed_count: int
    """Members that failed, or in which something failed; 0 where such ones have rows of their own."""
    p50_ns: int | None
    p99_ns: int | None
    starts: array[int]
    """When members ran: stretches in order, joined where they meet or nearly do."""
    ends: array[int]

    @property
    def label(self) -> tuple[str, str, str]:
        """Service, name and type of the members."""
        return self.key[1], self.key[2], self.key[3]


def find_folds(tree: SpanTree) -> list[Fold]:
    """Return what is folded, by parent and the first member of each.

    Siblings that failed, or in which something failed, keep rows of their own; unless these, too, are many: then they
    are members like the others, and counted.
    """
    kinds: dict[tuple[str, str, str], int] = {}
    kind_of_label = [kinds.setdefault(_kind(label), len(kinds)) for label in tree.columns.labels]
    spoiled = _spoiled(tree)
    return [
        _fold(tree, parent, members, spoiled)
        for parent, siblings in _crowds(tree)
        for members in _repeated(tree, siblings, kind_of_label, spoiled)
    ]


def _kind(label: Label) -> tuple[str, str, str]:
    return label.service_name, label.name, label.span_type


def _crowds(tree: SpanTree) -> Iterator[tuple[int, array[int]]]:
    """Yield parents with many children, and these."""
    if len(tree.roots) > MORE_THAN:
        yield -1, tree.roots
    firsts = tree.children.firsts
    before = 0
    for parent, first in enumerate(firsts[1:]):
        if first - before > MORE_THAN:
            yield parent, tree.children[parent]
        before = first


def _spoiled(tree: SpanTree) -> bytearray:
    """Return, by position, whether a span failed or anything below it."""
    spoiled = bytearray(len(tree))
    at = tree.columns.failed.find(1)
    while at >= 0:
        above = at
        while above >= 0 and not spoiled[above]:
            spoiled[above] = 1
            above = tree.parents[above]
        at = tree.columns.failed.find(1, at + 1)
    return spoiled


def _repeated(
    tree: SpanTree, siblings: Sequence[int], kind_of_label: Sequence[int], spoiled: bytearray
) -> Iterator[array[int]]:
    label_of = tree.columns.label_of
    well: dict[int, array[int]] = {}
    every: dict[int, array[int]] = {}
    for position in siblings:
        kind = kind_of_label[label_of[position]]
        if kind not in every:
            well[kind], every[kind] = array("i"), array("i")
        every[kind].append(position)
        if not spoiled[position]:
            well[kind].append(position)
    for kind, members in every.items():
        if len(members) - len(well[kind]) > MORE_THAN:
            yield members
        elif len(well[kind]) > MORE_THAN:
            yield well[kind]


def _fold(tree: SpanTree, parent: int, members: array[int], spoiled: bytearray) -> Fold:
    columns = tree.columns
    label = columns.labels[columns.label_of[members[0]]]
    durations = (
        columns.ends[position] - columns.starts[position] for position in members if columns.takes_time(position)
    )
    p50_ns, p99_ns = nearest_ranks(durations, (50, 99))
    starts, ends = _stretches(tree, members)
    return Fold(
        key=("" if parent < 0 else columns.ids.one(parent), *_kind(label)),
        parent=parent,
        members=members,
        failed_count=sum(map(spoiled.__getitem__, members)),
        p50_ns=p50_ns,
        p99_ns=p99_ns,
        starts=starts,
        ends=ends,
    )


def _stretches(tree: SpanTree, members: array[int]) -> tuple[array[int], array[int]]:
    begins, finishes = tree.columns.starts, tree.columns.ends
    starts, ends = array("q"), array("q")
    told = [position for position in members if tree.columns.takes_time(position)]
    if not told:
        return starts, ends
    grain_ns = (max(map(finishes.__getitem__, told)) - begins[told[0]]) // _GRAIN
    start, end = begins[told[0]], finishes[told[0]]
    for position in told:
        if begins[position] > end + grain_ns:
            starts.append(start)
            ends.append(end)
            start, end = begins[position], finishes[position]
        elif finishes[position] > end:
            end = finishes[position]
    starts.append(start)
    ends.append(end)
    return starts, ends
