"""From layers to columns of items: nodes, the labels between them, and places where longer lines pass. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from junjo_desktop.widgets.layered.heights import Item, Pull
from junjo_desktop.widgets.layered.layers import back_arcs, layers
from junjo_desktop.widgets.layered.loops import loop_room

NODE_GAP = 18.0
LABEL_GAP = 6.0
LINE_GAP = 10.0
_PORT_STEP = 8.0
_PORT_MARGIN = 8.0
_PASSES_PER_NODE = 4
_LEAST_PASSES = 200


@dataclass(frozen=True, slots=True)
class End:
    """Where a line meets a node of this level, or a box stacked inside it.

    `lower` is how far below the node's middle the box's middle is; the insets are from the node's borders to the box's.
    """

    node: int
    height: float
    lower: float = 0.0
    left_inset: float = 0.0
    right_inset: float = 0.0
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link of this level."""

    key: str
    tail: End
    head: End
    label_width: float
    label_height: float


@dataclass(slots=True)
class Chains:
    """Items and columns of one connected part. Items 0 to n-1 are its nodes.

    `ways` has the items a line passes, from tail to head, by the position of its arrow; `lanes` are the positions of
    those that run over or under everything else: arrows that go back, and those that are very long. `ports` is how far
    from the middle of its ends a line stands that is not alone between them.
    """

    items: list[Item] = field(default_factory=list)
    column_of: list[int] = field(default_factory=list)
    label_items: dict[int, int] = field(default_factory=dict)
    ways: dict[int, tuple[int, ...]] = field(default_factory=dict)
    lanes: tuple[int, ...] = ()
    loops: dict[int, list[int]] = field(default_factory=dict)
    ports: dict[int, float] = field(default_factory=dict)
    before: list[list[Pull]] = field(default_factory=list)
    after: list[list[Pull]] = field(default_factory=list)


def chains(sizes: Sequence[tuple[float, float]], arrows: Sequence[Arrow]) -> Chains:
    """Return items and columns for nodes of these sizes (width, height) with these arrows between them."""
    made = Chains()
    arcs = [(arrow.tail.node, arrow.head.node) for arrow in arrows]
    straight = [position for position, (tail, head) in enumerate(arcs) if tail != head]
    back = back_arcs(len(sizes), [arcs[position] for position in straight])
    forward = [position for number, position in enumerate(straight) if number not in back]
    layer = layers(len(sizes), [arcs[position] for position in forward])
    short = _short_enough(forward, arcs, layer, len(sizes))
    made.lanes = tuple(position for position in straight if position not in short)
    for position, (tail, head) in enumerate(arcs):
        if tail == head:
            made.loops.setdefault(tail, []).append(position)
    labelled = {layer[arcs[position][0]] for position in short if arrows[position].label_width > 0}
    column = _columns_of_layers(max(layer, default=-1) + 1, labelled)
    for node, (width, height) in enumerate(sizes):
        above, width_with_loops = loop_room(width, [_label(arrows[loop]) for loop in made.loops.get(node, ())])
        _add(made, Item(height / 2 + above, height / 2, width_with_loops, 2.0, NODE_GAP), column[layer[node]])
    _spread(made, sorted(short), arrows)
    for position in sorted(short):
        _pass_through(made, position, arrows[position], column)
    return made


def _label(arrow: Arrow) -> tuple[float, float]:
    return arrow.label_width, arrow.label_height


def _short_enough(
    forward: Sequence[int], arcs: Sequence[tuple[int, int]], layer: Sequence[int], count: int
) -> set[int]:
    """Return the arrows that pass through the layers: the number of places they pass is limited, shortest first."""
    left = max(_LEAST_PASSES, _PASSES_PER_NODE * count)
    short: set[int] = set()
    for length, position in sorted((layer[arcs[one][1]] - layer[arcs[one][0]], one) for one in forward):
        left -= length - 1
        if left < 0:
            break
        short.add(position)
    return short


def _columns_of_layers(count: int, labelled: set[int]) -> list[int]:
    columns: list[int] = []
    column = 0
    for layer in range(count):
        columns.append(column)
        column += 2 if layer in labelled else 1
    return columns


def _add(made: Chains, item: Item, column: int) -> int:
    made.items.append(item)
    made.column_of.append(column)
    made.before.append([])
    made.after.append([])
    return len(made.items) - 1


def _spread(made: Chains, positions: Sequence[int], arrows: Sequence[Arrow]) -> None:
    """Keep lines apart that have the same ends."""
    alike: dict[tuple[End, End], list[int]] = {}
    for position in positions:
        alike.setdefault((arrows[position].tail, arrows[position].head), []).append(position)
    for (tail, head), together in alike.items():
        step = min(_PORT_STEP, (min(tail.height, head.height) - _PORT_MARGIN) / len(together))
        for number, position in enumerate(together):
            made.ports[position] = (number - (len(together) - 1) / 2) * step


def _pass_through(made: Chains, position: int, arrow: Arrow, column: Sequence[int]) -> None:
    first, last = made.column_of[arrow.tail.node], made.column_of[arrow.head.node]
    node_columns = set(column)
    way = [arrow.tail.node]
    for passed in range(first + 1, last):
        is_label = passed == first + 1 and arrow.label_width > 0 and passed not in node_columns
        if is_label:
            item = Item(arrow.label_height + 2, 3.0, arrow.label_width, 3.0, LABEL_GAP)
            made.label_items[position] = _add(made, item, passed)
        else:
            _add(made, Item(1.0, 1.0, 0.0, 3.0, LINE_GAP), passed)
        way.append(len(made.items) - 1)
    way.append(arrow.head.node)
    made.ways[position] = tuple(way)
    port = made.ports[position]
    for number, (one, other) in enumerate(pairwise(way)):
        lower = arrow.tail.lower + port if number == 0 else 0.0
        its_lower = arrow.head.lower + port if number == len(way) - 2 else 0.0
        made.before[other].append((one, lower - its_lower))
        made.after[one].append((other, its_lower - lower))
