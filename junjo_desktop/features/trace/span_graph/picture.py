"""The plan of a call graph: how large its boxes are, what stands beside its lines, and where the keys lead. Qt-free."""

from __future__ import annotations

from typing import Protocol

from junjo_desktop.features.trace.span_graph.model import GraphNode, SpanGraph
from junjo_desktop.features.trace.span_graph.words import edge_text, node_failures, node_figures, node_title
from junjo_desktop.widgets.layered.model import Box, Layout, Link, Plan
from junjo_desktop.widgets.layered.walking import first_of, neighbour_of

LINE_PX, TOP_PX, PADDING_PX = 15.0, 19.0, 12.0
_LEAST_WIDTH, _MOST_WIDTH = 118.0, 250.0
_LABEL_HEIGHT = 14.0


class Measure(Protocol):
    """Knows how wide texts are, in pixels."""

    def label(self, text: str) -> float: ...
    def header(self, text: str) -> float: ...
    def edge(self, text: str) -> float: ...


def plan_of(graph: SpanGraph, measure: Measure) -> Plan:
    """Return what the layout needs to know."""
    height = TOP_PX + LINE_PX * (2 if graph.service_count > 1 else 1) + 11
    boxes = tuple(Box(key, _width(graph, node, measure), height) for key, node in graph.nodes.items())
    links = []
    for key, edge in graph.edges.items():
        text = edge_text(edge)
        size = (measure.edge(text), _LABEL_HEIGHT) if text else (0.0, 0.0)
        links.append(Link(key, edge.tail, edge.head, *size))
    return Plan(boxes, tuple(links))


def _width(graph: SpanGraph, node: GraphNode, measure: Measure) -> float:
    figures = " · ".join(text for text in (node_failures(node), node_figures(node)) if text)
    texts = [measure.label(node_title(node)), measure.header(figures)]
    if graph.service_count > 1:
        texts.append(measure.header(node.service_name[:60]))
    return min(max(max(texts) + 2 * PADDING_PX, _LEAST_WIDTH), _MOST_WIDTH)


def first_node(graph: SpanGraph, layout: Layout) -> str | None:
    """Return where a walk begins: the node most to the left, then the highest."""
    return first_of(layout, graph.nodes)


def neighbour(graph: SpanGraph, layout: Layout, key: str, direction: str) -> str | None:
    """Return the node that lies `left`, `right`, `up` or `down` of `key`; to the sides rather one it calls, or that
    calls it.
    """
    lines = ((edge.tail, edge.head) for edge in graph.edges.values())
    return neighbour_of(layout, key, graph.nodes, lines, direction)
