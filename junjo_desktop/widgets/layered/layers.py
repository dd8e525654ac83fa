"""First steps of a layered (Sugiyama) layout: which arcs go back, and in which layer each node stands. Qt-free.

Nodes are numbers from 0; arcs are (tail, head).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Arc = tuple[int, int]


def components(count: int, arcs: Sequence[Arc]) -> list[list[int]]:
    """Return the connected parts, each in order of its nodes, in order of their first nodes."""
    leader = list(range(count))
    for tail, head in arcs:
        first, second = sorted((_leader(leader, tail), _leader(leader, head)))
        leader[second] = first
    parts: dict[int, list[int]] = {}
    for node in range(count):
        parts.setdefault(_leader(leader, node), []).append(node)
    return list(parts.values())


def _leader(leader: list[int], node: int) -> int:
    while leader[node] != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node


def back_arcs(count: int, arcs: Sequence[Arc]) -> frozenset[int]:
    """Return the positions of arcs that close a cycle when the graph is walked depth first from where it begins."""
    out: list[list[int]] = [[] for _ in range(count)]
    is_entered = [False] * count
    for position, (tail, head) in enumerate(arcs):
        out[tail].append(position)
        is_entered[head] = True
    begins = [node for node in range(count) if not is_entered[node]]
    unseen, open_, done = 0, 1, 2
    state = [unseen] * count
    back: set[int] = set()
    for begin in (*begins, *range(count)):
        if state[begin] != unseen:
            continue
        state[begin] = open_
        path: list[tuple[int, Iterator[int]]] = [(begin, iter(out[begin]))]
        while path:
            node, rest = path[-1]
            for position in rest:
                head = arcs[position][1]
                if state[head] == open_:
                    back.add(position)
                elif state[head] == unseen:
                    state[head] = open_
                    path.append((head, iter(out[head])))
                    break
            else:
                state[node] = done
                path.pop()
    return frozenset(back)


def layers(count: int, arcs: Sequence[Arc]) -> list[int]:
    """Return the layer of each node, from 0; every arc leads to a later layer. `arcs` have no cycle.

    A node stands as early as it can; one that leads to more than leads to it, as late as it can: lines are shorter.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before = [0] * count
    for tail, head in arcs:
        after[tail].append(head)
        before[head] += 1
    missing = list(before)
    order = [node for node in range(count) if not before[node]]
    layer = [0] * count
    for node in order:  # grows while it is walked
        for head in after[node]:
            layer[head] = max(layer[head], layer[node] + 1)
            missing[head] -= 1
            if not missing[head]:
                order.append(head)
    for node in reversed(order):
        if len(after[node]) > before[node]:
            layer[node] = min(layer[head] for head in after[node]) - 1
    first = min(layer, default=0)
    return [number - first for number in layer]
