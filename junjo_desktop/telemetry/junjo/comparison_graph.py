"""What was changed in the graph of a workflow between two runs of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from junjo_desktop.telemetry.junjo.graph_model import Graph, GraphEdge, GraphNode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NamedEdge:
    """An edge by the labels of its nodes, and its condition."""

    tail: str
    head: str
    condition: str | None


@dataclass(frozen=True)
class GraphDifference:
    """What only one of two graphs has. `position` is the row of the run or subflow whose graphs they are.

    Ids of nodes change with any change of their graph, so nodes are told apart by their label and kind, and by how
    many there are of each.
    """

    name: str
    position: int
    new_nodes: tuple[GraphNode, ...] = ()
    gone_nodes: tuple[GraphNode, ...] = ()
    new_edges: tuple[NamedEdge, ...] = ()
    gone_edges: tuple[NamedEdge, ...] = ()
    is_order_only: bool = field(default=False)
    """Both have the same nodes and edges, and yet are not of one structure: the order of the edges differs."""

    @property
    def count(self) -> int:
        """How many nodes and edges only one of them has."""
        return len(self.new_nodes) + len(self.gone_nodes) + len(self.new_edges) + len(self.gone_edges)

    @property
    def words(self) -> tuple[object, ...]:
        """All that it says, without ids: equal where another run of the same subflow shows the same."""
        labels = (tuple(node.label for node in nodes) for nodes in (self.new_nodes, self.gone_nodes))
        return (self.name, *labels, self.new_edges, self.gone_edges)


def is_same_structure(left: Graph, right: Graph) -> bool | None:
    """Whether both are one structure, as their ids tell; None where one has none."""
    if left.structural_id is None or right.structural_id is None:
        return None
    return left.structural_id == right.structural_id


def graph_difference(name: str, position: int, left: Graph, right: Graph) -> GraphDifference | None:
    """Return what differs; None when nothing does."""
    is_same = is_same_structure(left, right)
    if is_same:
        return None
    gone_nodes, new_nodes = _only(
        left.nodes, right.nodes, [_node_looks(node) for node in left.nodes], [_node_looks(node) for node in right.nodes]
    )
    edges_left, edges_right = _named(left), _named(right)
    gone_edges, new_edges = _only(edges_left, edges_right, edges_left, edges_right)
    found = GraphDifference(name, position, new_nodes, gone_nodes, new_edges, gone_edges, is_same is False)
    if found.count:
        return GraphDifference(name, position, new_nodes, gone_nodes, new_edges, gone_edges)
    return found if found.is_order_only else None


def _node_looks(node: GraphNode) -> Hashable:
    return node.label, node.kind


def _named(graph: Graph) -> tuple[NamedEdge, ...]:
    labels = {node.id: node.label for node in graph.nodes}
    return tuple(_named_edge(edge, labels) for edge in graph.edges if edge.subflow_id is None)


def _named_edge(edge: GraphEdge, labels: dict[str, str]) -> NamedEdge:
    return NamedEdge(labels.get(edge.tail, ""), labels.get(edge.head, ""), edge.label)


def _only(
    left: Sequence[T], right: Sequence[T], left_looks: Iterable[Hashable], right_looks: Iterable[Hashable]
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Return what only the left has, and what only the right has; of several that look the same, the last."""
    left_looks, right_looks = list(left_looks), list(right_looks)
    return _beyond(left, left_looks, Counter(right_looks)), _beyond(right, right_looks, Counter(left_looks))


def _beyond(items: Sequence[T], looks: Iterable[Hashable], there: Counter[Hashable]) -> tuple[T, ...]:
    found: list[T] = []
    for item, look in zip(items, looks, strict=True):
        if there[look]:
            there[look] -= 1
        else:
            found.append(item)
    return tuple(found)
