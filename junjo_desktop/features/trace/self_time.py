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

from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanRow, SpanTree


def self_times(tree: SpanTree) -> Stretches:
    """Return the stretches of time that each span spent itself."""
    return Stretches.of(_uncovered(tree, position) for position in range(len(tree.spans)))


def takes_time(span: SpanRow) -> bool:
    """Whether its times were told and it does not end before it starts; it may take no time at all."""
    return span.start_ns > 0 and span.end_ns >= span.start_ns


def _uncovered(tree: SpanTree, position: int) -> list[tuple[int, int]]:
    span = tree.spans[position]
    found: list[tuple[int, int]] = []
    if not takes_time(span):
        return found
    reached, end = span.start_ns, span.end_ns
    for number in tree.children[position]:
        child = tree.spans[number]
        if child.end_ns <= reached or not takes_time(child):
            continue
        if child.start_ns >= end:
            break
        if child.start_ns > reached:
            found.append((reached, child.start_ns))
        reached = child.end_ns
    if reached < end:
        found.append((reached, end))
    return found
