"""The plan of a call graph: how large its boxes are, what stands beside its lines, and where the keys lead. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from junjo_desktop.features.trace.span_graph.model import GraphNode, SpanGraph
from junjo_desktop.features.trace.span_graph.words import edge_text, node_failures, node_figures, node_title
from junjo_desktop.widgets.layered.model import Box, Layout, Link, Plan, Rect

LINE_PX, TOP_PX, PADDING_PX = 15.0, 19.0, 12.0
_LEAST_WIDTH, _MOST_WIDTH = 118.0, 250.0
_LABEL_HEIGHT = 14.0
_ASIDE = 3.0
"""How much farther something seems that lies aside from the direction."""


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
    return min(graph.nodes, key=lambda key: (layout.boxes[key].x, layout.boxes[key].y), default=None)


def neighbour(graph: SpanGraph, layout: Layout, key: str, direction: str) -> str | None:
    """Return the node that lies `left`, `right`, `up` or `down` of `key`; to the sides rather one it calls, or that
    calls it.
    """
    if direction in ("left", "right"):
        joined = (
            edge.head if edge.tail == key else edge.tail
            for edge in graph.edges.values()
            if key in (edge.tail, edge.head)
        )
        found = _nearest(layout, key, joined, direction)
        if found is not None:
            return found
    return _nearest(layout, key, graph.nodes, direction)


def _nearest(layout: Layout, key: str, others: Iterable[str], direction: str) -> str | None:
    here = layout.boxes[key]
    best: tuple[float, str] | None = None
    for other in others:
        ahead, aside = _way(here, layout.boxes[other], direction)
        if other != key and ahead > 0:
            found = (ahead + _ASIDE * aside, other)
            best = found if best is None else min(best, found)
    return None if best is None else best[1]


def _way(here: Rect, there: Rect, direction: str) -> tuple[float, float]:
    dx, dy = there.middle_x - here.middle_x, there.middle_y - here.middle_y
    if direction in ("up", "down"):
        return (dy if direction == "down" else -dy), abs(dx)
    return (dx if direction == "right" else -dx), abs(dy)
