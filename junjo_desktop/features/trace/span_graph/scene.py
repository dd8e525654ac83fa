"""The scene of the call graph: items for its nodes and edges, kept as long as nothing has to move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSceneHelpEvent, QToolTip

from junjo_desktop.features.trace.coloring import ColorBy, span_role
from junjo_desktop.features.trace.span_graph.items import GraphEdgeItem, GraphNodeItem
from junjo_desktop.features.trace.span_graph.model import GraphNode, SpanGraph
from junjo_desktop.features.trace.span_graph.words import edge_sentence, node_sentence
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.layered.scene import LayeredScene
from junjo_desktop.widgets.tooltip import plain_tooltip

_REACH = 4.0


class SpanGraphScene(LayeredScene):
    """Shows one graph at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._graph: SpanGraph | None = None
        self._nodes: dict[str, GraphNodeItem] = {}
        self._edges: dict[str, GraphEdgeItem] = {}
        self._marked: str | None = None
        self._tokens: Tokens | None = None
        self.color_by = ColorBy.KIND
        self.follow_theme()

    @property
    def marked(self) -> str | None:
        """The key of the selected node."""
        return self._marked

    def show_graph(self, graph: SpanGraph, layout: Layout) -> None:
        """Show a graph. With the same layout as before, items stay and only change their figures."""
        self._graph = graph
        if layout is not self._layout:
            self.clear()
            self._layout, self._marked = layout, None
            self._nodes = {key: GraphNodeItem(node, layout.boxes[key]) for key, node in graph.nodes.items()}
            self._edges = {key: GraphEdgeItem(edge, layout.routes[key]) for key, edge in graph.edges.items()}
            for item in (*self._nodes.values(), *self._edges.values()):
                self.addItem(item)
        self.restyle()

    def restyle(self) -> None:
        """Show figures and colours anew."""
        graph = self._graph
        if graph is None:
            return
        longest = max((edge.total_ns for edge in graph.edges.values()), default=0) or 1
        for key, node in graph.nodes.items():
            share = node.self_ns / graph.self_ns if graph.self_ns else 0.0
            has_service = graph.service_count > 1
            self._nodes[key].show_node(node, self._role(graph, node), share, has_service=has_service)
        for key, edge in graph.edges.items():
            self._edges[key].show_edge(edge, edge.total_ns / longest)

    def _role(self, graph: SpanGraph, node: GraphNode) -> Role:
        columns = graph.tree.columns
        label = columns.labels[columns.label_of[node.positions[0]]]
        return span_role(label, self.color_by, is_failed=node.error_count > 0)

    def show_found(self, keys: set[str]) -> None:
        """Mark nodes in which a search found something."""
        for key, item in self._nodes.items():
            item.set_found(key in keys)

    def follow_theme(self) -> None:
        if self._tokens is not current():
            self._tokens = current()
            self.setBackgroundBrush(QColor(current().panel_2))
            self.update()

    def mark(self, key: str | None, *, has_focus: bool) -> None:
        """Show what is selected, and whether the keys go to it."""
        before = self._nodes.get(self._marked or "")
        if before is not None and self._marked != key:
            before.set_marks(is_selected=False, has_focus=False)
        self._marked = key
        for edge in self._edges.values():
            edge.set_near(key is not None and key in (edge.edge.tail, edge.edge.head))
        now = self._nodes.get(key or "")
        if now is not None:
            now.set_marks(is_selected=True, has_focus=has_focus)

    @contextmanager
    def without_marks(self) -> Iterator[None]:
        marked = self._marked
        self.mark(None, has_focus=False)
        for node in self._nodes.values():
            node.set_plain(True)
        try:
            yield
        finally:
            for node in self._nodes.values():
                node.set_plain(False)
            self.mark(marked, has_focus=False)

    def set_texts_visible(self, visible: bool) -> None:
        for edge in self._edges.values():
            edge.set_text(visible)

    def node(self, key: str) -> GraphNodeItem | None:
        return self._nodes.get(key)

    def node_at(self, point: QPointF) -> GraphNodeItem | None:
        return next((item for item in self.items(point) if isinstance(item, GraphNodeItem)), None)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        QToolTip.showText(event.screenPos(), plain_tooltip(self.help_at(event.scenePos())), event.widget())
        event.accept()

    def help_at(self, point: QPointF) -> str:
        """Return what the tooltip at a point of the scene says."""
        if (node := self.node_at(point)) is not None:
            return node_sentence(node.node)
        around = QRectF(point.x() - _REACH, point.y() - _REACH, 2 * _REACH, 2 * _REACH)
        edge = next((item for item in self.items(around) if isinstance(item, GraphEdgeItem)), None)
        return "" if edge is None or self._graph is None else edge_sentence(edge.edge, self._graph)
