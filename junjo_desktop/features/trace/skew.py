"""Clocks of other hosts and services, corrected by an estimate: the rule that Jaeger uses. Qt-free.

What is stored never changes. Walking down the tree, a span keeps the correction of its parent as long as service and
host are the same. Where they differ, the correction is found anew, from the span as it was sent and its parent as it
is corrected already:

* it lies inside its parent: none;
* it lasts longer than its parent: only so much that it does not begin before it;
* else it is put in the middle of its parent: what is left of the parent's time is taken as the way there and back.

Spans without both of their times, or that end before they start, move with their parent and tell nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace

from junjo_desktop.features.trace.columns import SpanColumns
from junjo_desktop.features.trace.patient_sort import descending
from junjo_desktop.features.trace.span_row import Mark
from junjo_desktop.features.trace.tree import SpanTree, arranged_tree

_TELLABLE_NS = 1_000
"""Corrections of less are none."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A tree of the same spans at other times."""

    tree: SpanTree
    shifts: Mapping[int, int]
    """By position, of those that were moved: nanoseconds, positive for later."""


def skews(tree: SpanTree) -> dict[int, int]:
    """Return by how much each span is to be moved, of those that are."""
    columns = tree.columns
    starts, ends, label_of = columns.starts, columns.ends, columns.label_of
    places: dict[tuple[str, str], int] = {}
    place_of = [places.setdefault((one.service_name, one.host_name), len(places)) for one in columns.labels]
    shifts: dict[int, int] = {}
    if len(places) < 2:
        return shifts
    for position in tree.order:
        parent = tree.parents[position]
        if parent < 0:
            continue
        shift = shifts.get(parent, 0)
        is_elsewhere = place_of[label_of[position]] != place_of[label_of[parent]]
        if is_elsewhere and 0 < starts[position] <= ends[position] and 0 < starts[parent] <= ends[parent]:
            shift = _shift(starts[position], ends[position], starts[parent] + shift, ends[parent] + shift)
        if shift:
            shifts[position] = shift
    return shifts


def _shift(start: int, end: int, parent_start: int, parent_end: int) -> int:
    if parent_start <= start and end <= parent_end:
        return 0
    if end - start > parent_end - parent_start:
        return max(0, parent_start - start)
    shift = parent_start + (parent_end - parent_start - (end - start)) // 2 - start
    return shift if abs(shift) >= _TELLABLE_NS else 0


def corrected(tree: SpanTree) -> Corrected:
    """Return the tree with its clocks corrected; the same one when there is nothing to correct."""
    shifts = skews(tree)
    if not shifts:
        return Corrected(tree, shifts)
    starts, ends = tree.columns.starts[:], tree.columns.ends[:]
    for position, shift in shifts.items():
        if starts[position] > 0:
            starts[position] += shift
        if ends[position] > 0:
            ends[position] += shift
    columns = replace(tree.columns, starts=starts, ends=ends)
    cut = [position for position, value in enumerate(tree.marks.values) if value & Mark.CYCLE.value]
    return Corrected(arranged_tree(columns, tree.parents[:], _by_start(columns), cut), shifts)


def _by_start(columns: SpanColumns) -> array[int]:
    """Return positions in order of start, then id."""
    starts, ids = columns.starts, columns.ids
    places = descending((starts[position], position) for position in range(len(columns)))
    ordered = array("i", (position for _, position in places))
    ordered.reverse()
    # Those that start at the same moment stand together: ids are compared only among them.
    first = 0
    for place in range(1, len(ordered) + 1):
        if place == len(ordered) or starts[ordered[place]] != starts[ordered[first]]:
            if place - first > 1:
                ordered[first:place] = array("i", sorted(ordered[first:place], key=ids.one))
            first = place
    return ordered
