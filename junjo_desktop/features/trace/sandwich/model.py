"""All spans of one name: what called them, merged from the inside out, and what they call, merged. Qt-free.

Only the outermost spans of the name count: one that runs within another of the same name is part of what that one
calls, so no time counts twice. Boxes are as wide as the self times below them together, as in the left heavy order.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junjo_desktop.features.trace.flame.left_heavy import left_heavy, work_of
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder, arranged
from junjo_desktop.features.trace.tree import SpanTree

Name = tuple[str, str, str]
"""Name, service and type: what all spans of a box have in common."""


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """Both halves; nanoseconds of work."""

    tree: SpanTree
    name: Name
    count: int
    """Of all spans of the name, those within others too."""
    error_count: int
    self_ns: int
    callers: Flame
    """From the bottom up; no row where nothing called any of them."""
    callees: Flame
    """The name itself in the first row."""

    @property
    def total_ns(self) -> int:
        """The work of the spans and of all below them."""
        return self.callees.end_ns - self.callees.start_ns


def name_at(tree: SpanTree, position: int) -> Name:
    """Return what a span is merged by."""
    columns = tree.columns
    label = columns.labels[columns.label_of[position]]
    return label.name, label.service_name, label.span_type


def sandwich(tree: SpanTree, self_ns: Sequence[int], name: Name) -> Sandwich:
    """Return the sandwich of a name; `self_ns` by position."""
    columns = tree.columns
    labels = {
        number
        for number, label in enumerate(columns.labels)
        if (label.name, label.service_name, label.span_type) == name
    }
    is_named = bytes(label in labels for label in columns.label_of)
    within = bytearray(len(tree))
    outermost = array("i")
    for position in tree.order:
        parent = tree.parents[position]
        within[position] = parent >= 0 and (within[parent] or is_named[parent])
        if is_named[position] and not within[position]:
            outermost.append(position)
    named = [position for position in range(len(tree)) if is_named[position]]
    return Sandwich(
        tree=tree,
        name=name,
        count=len(named),
        error_count=sum(columns.failed[position] for position in named),
        self_ns=sum(self_ns[position] for position in named),
        callers=_callers(tree, work_of(tree, self_ns), outermost),
        callees=left_heavy(tree, self_ns, outermost),
    )


def _callers(tree: SpanTree, work: Sequence[int], outermost: Sequence[int]) -> Flame:
    members: list[Sequence[int]] = []
    parents, box_of = array("i"), array("i", [NO_BOX]) * len(tree)
    placed: list[tuple[int, int, int]] = []
    first = _above(tree, {position: work[position] for position in outermost})
    waiting: deque[tuple[dict[int, int], int, int, int]] = deque([(first, NO_BOX, 0, 0)])
    while waiting:
        weights, parent, depth, left = waiting.popleft()
        for joined in _by_weight(tree, weights):
            box, width = len(members), sum(joined.values())
            members.append(array("i", joined))
            parents.append(parent)
            placed.append((depth, left, left + width))
            for position in joined:
                if box_of[position] == NO_BOX:
                    box_of[position] = box
            if above := _above(tree, joined):
                waiting.append((above, box, depth + 1, left))
            left += width
    deepest = max((depth for depth, _, _ in placed), default=0)
    flipped = [(deepest - depth, left, right) for depth, left, right in placed]
    return arranged(tree, FlameOrder.LEFT_HEAVY, members, parents, flipped, box_of)


def _above(tree: SpanTree, weights: Mapping[int, int]) -> dict[int, int]:
    """Return the parents of spans, each with the weight of those that it called."""
    above: dict[int, int] = {}
    for position, weight in weights.items():
        parent = tree.parents[position]
        if parent >= 0:
            above[parent] = above.get(parent, 0) + weight
    return above


def _by_weight(tree: SpanTree, weights: Mapping[int, int]) -> list[dict[int, int]]:
    joined: dict[Name, dict[int, int]] = {}
    for position, weight in weights.items():
        joined.setdefault(name_at(tree, position), {})[position] = weight
    heavy = sorted(joined.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return [members for _, members in heavy]
