"""A flame graph of work: spans with the same stack of names joined, what took most on the left. Qt-free.

A box is as wide as the self times of its spans and of all spans below them together. Boxes therefore always fit into
the box above, and what ran at the same time counts each time: the whole is the work done, not the time it took.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence

from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder, arranged
from junjo_desktop.features.trace.tree import SpanTree

Stack = tuple[str, str, str]


def left_heavy(tree: SpanTree, self_ns: Sequence[int], roots: Sequence[int] | None = None) -> Flame:
    """Join the spans of a trace by name, service and type below the same box; `self_ns` by position.

    `roots`: only these spans and what is below them.
    """
    work = work_of(tree, self_ns)
    members: list[Sequence[int]] = []
    parents, box_of = array("i"), array("i", [NO_BOX]) * len(tree.spans)
    placed: list[tuple[int, int, int]] = []
    waiting: deque[tuple[Sequence[int], int, int, int]] = deque()
    waiting.append((tree.roots if roots is None else roots, NO_BOX, 0, 0))
    while waiting:
        positions, parent, row, left = waiting.popleft()
        for joined in _by_weight(tree, positions, work):
            box, width = len(members), sum(work[position] for position in joined)
            members.append((joined[0],) if len(joined) == 1 else joined)
            parents.append(parent)
            placed.append((row, left, left + width))
            for position in joined:
                box_of[position] = box
            children = [child for position in joined for child in tree.children[position]]
            if children:
                waiting.append((children, box, row + 1, left))
            left += width
    return arranged(tree, FlameOrder.LEFT_HEAVY, members, parents, placed, box_of)


def work_of(tree: SpanTree, self_ns: Sequence[int]) -> list[int]:
    """Return, by position, the self time of a span and of all below it."""
    work = list(self_ns)
    for position in reversed(tree.order):
        if (parent := tree.parents[position]) >= 0:
            work[parent] += work[position]
    return work


def _by_weight(tree: SpanTree, positions: Sequence[int], work: Sequence[int]) -> list[array[int]]:
    joined: dict[Stack, array[int]] = {}
    columns = tree.columns
    for position in positions:
        label = columns.labels[columns.label_of[position]]
        key = (label.name, label.service_name, label.span_type)
        if key not in joined:
            joined[key] = array("q")
        joined[key].append(position)
    heavy = sorted(joined.items(), key=lambda item: (-sum(work[position] for position in item[1]), item[0]))
    return [members for _, members in heavy]
