"""Makes the picture of a map: nodes, edges, and the plan of their layout. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.map_words import WIDEST_LABEL, node_title
from junjo_desktop.store.service_map import Edge, Node, NodeKey, NodeKind, ServiceMap
from junjo_desktop.widgets.layered.model import Box, Link, Plan

NODE_HEIGHT = 44.0
ICON_ROOM = 30.0
MOST_OUTSIDE = 24
MOST_NODES = 150
"""Of more, those with the most requests: nobody finds anything in a larger drawing."""
_LEAST_WIDTH, _MOST_WIDTH = 132.0, 232.0
_PADDING = 14.0
_LABEL_HEIGHT = 14.0
_LEAST_LINE, _MOST_LINE = 1.2, 4.0


class Measure(Protocol):
    """Knows how wide texts are, in pixels."""

    def label(self, text: str) -> float:
        """Return the width of a node's label."""

    def edge(self, text: str) -> float:
        """Return the width of the text beside an edge."""


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """One node and its key in the drawing."""

    key: str
    node: Node


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """One edge; `width` is that of its line in pixels: the more calls, the thicker."""

    key: str
    tail: str
    head: str
    edge: Edge
    width: float


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Everything that is drawn. `hidden` nodes were left out."""

    nodes: Mapping[str, DrawnNode]
    edges: Mapping[str, DrawnEdge]
    plan: Plan
    hidden: int = 0

    @property
    def outside(self) -> frozenset[str]:
        """The keys of the nodes that send no telemetry."""
        return frozenset(key for key, drawn in self.nodes.items() if drawn.node.key.kind is not NodeKind.SERVICE)


NOTHING = MapPicture({}, {}, Plan())


def node_key(key: NodeKey) -> str:
    """Return the key of a node in the drawing."""
    return f"{key.kind.name}\n{key.name}"


def picture_of(found: ServiceMap, chosen: ServicesFilter, *, with_outside: bool, measure: Measure) -> MapPicture:
    """Return what is drawn of a map: what passes the filter, and whom that calls or is called by."""
    drawn = found.shown(with_outside=with_outside, most_outside=MOST_OUTSIDE)
    kept = _kept(drawn, chosen)
    ranked = sorted(kept, key=lambda key: (-max(drawn.nodes[key].requests.calls, 1), key))
    shown = set(ranked[:MOST_NODES])
    # In the order of names: figures that change do not change the drawing.
    nodes = {node_key(key): DrawnNode(node_key(key), drawn.nodes[key]) for key in sorted(shown)}
    most = max((edge.tally.calls for edge in drawn.edges.values()), default=1)
    edges: dict[str, DrawnEdge] = {}
    for _, edge in sorted(drawn.edges.items()):
        if edge.tail in shown and edge.head in shown:
            tail, head = node_key(edge.tail), node_key(edge.head)
            key = f"{tail}\n{edge.kind}\n{head}"
            edges[key] = DrawnEdge(key, tail, head, edge, _line_width(edge.tally.calls, most))
    label_width = measure.edge(WIDEST_LABEL)
    plan = Plan(
        tuple(Box(key, _width(node, measure), NODE_HEIGHT) for key, node in nodes.items()),
        tuple(Link(key, edge.tail, edge.head, label_width, _LABEL_HEIGHT) for key, edge in edges.items()),
    )
    return MapPicture(nodes, edges, plan, len(kept) - len(shown))


def _kept(drawn: ServiceMap, chosen: ServicesFilter) -> set[NodeKey]:
    if chosen.service is None and not chosen.text.strip():
        return set(drawn.nodes)
    found = {key for key in drawn.nodes if _passes(key, chosen)}
    around = {
        end
        for edge in drawn.edges.values()
        if edge.tail in found or edge.head in found
        for end in (edge.tail, edge.head)
    }
    return found | around


def _passes(key: NodeKey, chosen: ServicesFilter) -> bool:
    if chosen.service is not None and (key.kind is not NodeKind.SERVICE or key.name != chosen.service):
        return False
    return chosen.passes(key.name, key.kind.value)


def _line_width(calls: int, most: int) -> float:
    share = math.log1p(calls) / math.log1p(max(most, 1))
    return _LEAST_LINE + (_MOST_LINE - _LEAST_LINE) * share**3


def _width(drawn: DrawnNode, measure: Measure) -> float:
    text = max(measure.label(node_title(drawn.node)), measure.edge(WIDEST_LABEL))
    return min(max(text + ICON_ROOM + _PADDING, _LEAST_WIDTH), _MOST_WIDTH)
