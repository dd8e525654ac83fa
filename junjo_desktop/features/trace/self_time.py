"""Self time: what a span did itself, and not by its children. Qt-free.

The self time of a span is its own time, [start, end), without the union of its children's times. So

* children that overlap (they ran at the same time) are taken away once;
* a child that reaches outside its parent takes away only what lies inside;
* a child without both of its times, or that ends before it starts, takes away nothing;
* a span without both of its times, or that ends before it starts, has no self time;
* only children are looked at: a grandchild outside its own parent takes nothing away.

The children are those of the tree: a circle of parents is cut, an orphan is nobody's child.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree


def self_times(tree: SpanTree) -> Stretches:
    """Return the stretches of time that each span spent itself."""
    firsts, starts, ends = array("i", [0]), array("q"), array("q")
    begins = tree.children.firsts
    for position, (start, end) in enumerate(zip(tree.columns.starts, tree.columns.ends, strict=True)):
        if 0 < start < end:
            if begins[position] == begins[position + 1]:
                starts.append(start)
                ends.append(end)
            else:
                for first, last in _uncovered(tree, position):
                    starts.append(first)
                    ends.append(last)
        firsts.append(len(starts))
    return Stretches(firsts, starts, ends)


def takes_time(span: SpanRow) -> bool:
    """Whether its times were told and it does not end before it starts; it may take no time at all."""
    return 0 < span.start_ns <= span.end_ns


def _uncovered(tree: SpanTree, position: int) -> Iterator[tuple[int, int]]:
    starts, ends = tree.columns.starts, tree.columns.ends
    reached, end = starts[position], ends[position]
    for child in tree.children[position]:
        child_start, child_end = starts[child], ends[child]
        if child_end <= reached or not 0 < child_start <= child_end:
            continue
        if child_start >= end:
            break
        if child_start > reached:
            yield reached, child_start
        reached = child_end
    if reached < end:
        yield reached, end
