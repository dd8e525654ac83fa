"""The critical path: the chain of spans that determined when the trace ended. Qt-free.

It is found by walking back from the end of a root. At every moment the span that is walked through waited for the
child that finished last, so the walk goes

1. from the moment reached back to the end of the child that ended last at or before it: this stretch is the span's own;
2. through that child in the same way, from its end to its start;
3. on from the start of that child, until no child is left: the rest, back to the span's start, is its own.

Children are clipped to the stretch of their parent that is walked through; of children that end at the same moment the
one that started first is taken, since it explains most. Children without both of their times, that end before they
start, or that take no time inside their parent are never on the path.

With several roots the one that ends last is walked: of the spans that name no parent, or where none arrived, of all
that stand at the root level. The stretches cover that root from start to end without gap or overlap.
"""

from __future__ import annotations

from junjo_desktop.features.trace.patient_sort import descending
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree


def critical_path(tree: SpanTree) -> Stretches:
    """Return the stretches of each span that lie on the critical path."""
    by_span: dict[int, list[tuple[int, int]]] = {}
    columns, root = tree.columns, _last_root(tree)
    walks = [] if root is None else [_Walk(tree, root, columns.starts[root], columns.ends[root])]
    while walks:
        walk = walks[-1]
        child = walk.next_child()
        end = walk.start_ns if child is None else child.reached_ns
        if end < walk.reached_ns:
            by_span.setdefault(walk.position, []).append((end, walk.reached_ns))
        if child is None:
            walks.pop()
        else:
            walk.reached_ns = child.start_ns
            walks.append(child)
    for stretches in by_span.values():
        stretches.reverse()
    return Stretches.of(len(tree), by_span)


def _last_root(tree: SpanTree) -> int | None:
    columns = tree.columns
    lasting = [position for position in tree.roots if columns.takes_time(position)]
    named = [position for position in lasting if not columns.parent_ids[position]]
    return max(named or lasting, key=columns.ends.__getitem__, default=None)


class _Walk:
    """Walks back through one span, from `reached_ns` to `start_ns`."""

    def __init__(self, tree: SpanTree, position: int, start_ns: int, end_ns: int) -> None:
        self.position = position
        self.start_ns = start_ns
        self.reached_ns = end_ns
        self._tree = tree
        self._children = tree.children[position]
        starts, ends = tree.columns.starts, tree.columns.ends
        clipped = (
            (min(ends[child], end_ns), -max(starts[child], start_ns), -place)
            for place, child in enumerate(self._children)
            if 0 < starts[child] <= ends[child]
        )
        self._last_first = descending(child for child in clipped if child[0] > -child[1])

    def next_child(self) -> _Walk | None:
        """Return the walk through the child that ended last before the moment reached; None when none did."""
        for end_ns, negative_start_ns, place in self._last_first:
            if end_ns <= self.reached_ns:
                return _Walk(self._tree, self._children[-place], -negative_start_ns, end_ns)
        return None
