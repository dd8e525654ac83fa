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

from junjo_desktop.features.trace.self_time import takes_time
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree


def critical_path(tree: SpanTree) -> Stretches:
    """Return the stretches of each span that lie on the critical path."""
    by_span: list[list[tuple[int, int]]] = [[] for _ in tree.spans]
    root = _last_root(tree)
    walks = [] if root is None else [_Walk(tree, root, tree.spans[root].start_ns, tree.spans[root].end_ns)]
    while walks:
        walk = walks[-1]
        child = walk.next_child()
        end = walk.start_ns if child is None else child.reached_ns
        if end < walk.reached_ns:
            by_span[walk.position].append((end, walk.reached_ns))
        if child is None:
            walks.pop()
        else:
            walk.reached_ns = child.start_ns
            walks.append(child)
    for stretches in by_span:
        stretches.reverse()
    return Stretches.of(by_span)


def _last_root(tree: SpanTree) -> int | None:
    lasting = [position for position in tree.roots if takes_time(tree.spans[position])]
    named = [position for position in lasting if tree.spans[position].parent_span_id is None]
    return max(named or lasting, key=lambda position: tree.spans[position].end_ns, default=None)


class _Walk:
    """Walks back through one span, from `reached_ns` to `start_ns`."""

    def __init__(self, tree: SpanTree, position: int, start_ns: int, end_ns: int) -> None:
        self.position = position
        self.start_ns = start_ns
        self.reached_ns = end_ns
        self._tree = tree
        clipped = (
            (min(child.end_ns, end_ns), -max(child.start_ns, start_ns), -place)
            for place, child in enumerate(tree.spans[number] for number in tree.children[position])
            if takes_time(child)
        )
        self._waiting = sorted(child for child in clipped if child[0] > -child[1])

    def next_child(self) -> _Walk | None:
        """Return the walk through the child that ended last before the moment reached; None when none did."""
        while self._waiting:
            end_ns, negative_start_ns, place = self._waiting.pop()
            if end_ns <= self.reached_ns:
                number = self._tree.children[self.position][-place]
                return _Walk(self._tree, number, -negative_start_ns, end_ns)
        return None
