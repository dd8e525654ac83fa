"""The scene: items for everything in a picture, kept as long as nothing has to move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSceneHelpEvent, QToolTip

from junjo_desktop.features.run.graph.edge_items import EdgeItems, EdgeLook
from junjo_desktop.features.run.graph.node_item import NodeItem
from junjo_desktop.features.run.graph.picture_model import Picture
from junjo_desktop.features.run.graph.picture_words import edge_tooltip, node_tooltip
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.layered.scene import LayeredScene
from junjo_desktop.widgets.tooltip import plain_tooltip

_REACH = 4.0
"""How near the mouse has to be to a line, in pixels of the layout."""


class GraphScene(LayeredScene):
    """Shows one picture at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: dict[str, NodeItem] = {}
        self._edges: dict[str, EdgeItems] = {}
        self._has_texts = True
        self._marked: str | None = None
        self._tokens: Tokens | None = None
        self._looks: dict[bool, EdgeLook] = {}
        self.follow_theme()

    @property
    def marked(self) -> str | None:
        """The key of the selected node."""
        return self._marked

    def show_picture(self, picture: Picture, layout: Layout) -> None:
        """Show `picture`. With the same layout as before, items stay and only change their looks."""
        if layout is self._layout:
            for key, node in picture.nodes.items():
                self._nodes[key].show_node(node)
            for key, edge in picture.edges.items():
                if edge != self._edges[key].edge:
                    self._edges[key].show_edge(edge)
                    self._edges[key].restyle(self._looks[edge.is_taken])
            return
        self.clear()
        self._layout, self._marked = layout, None
        depths = {key: _depth(picture, key) for key in picture.nodes}
        self._nodes = {key: NodeItem(node, layout.boxes[key], depths[key]) for key, node in picture.nodes.items()}
        self._edges = {
            key: EdgeItems(
                edge,
                layout.routes[key],
                max(depths[edge.tail], depths[edge.head]),
                leaves_stack=picture.nodes[edge.tail].is_stack,
                enters_stack=picture.nodes[edge.head].is_stack,
            )
            for key, edge in picture.edges.items()
        }
        for node_item in self._nodes.values():
            self.addItem(node_item)
        for edge_items in self._edges.values():
            for item in edge_items.items():
                self.addItem(item)
        self._restyle_edges()
        self._apply_texts()

    def follow_theme(self) -> None:
        """Take the colours of the theme in force, if it is another than the last time."""
        if self._tokens is current():
            return
        self._tokens = current()
        self.setBackgroundBrush(QColor(current().panel_2))
        self._looks = {is_taken: EdgeLook(self._tokens, is_taken=is_taken) for is_taken in (True, False)}
        self._restyle_edges()
        for node in self._nodes.values():
            node.update()

    def mark(self, key: str | None, *, has_focus: bool) -> None:
        """Show which node is selected, and whether the keys go to it."""
        if self._marked is not None and self._marked != key and self._marked in self._nodes:
            self._nodes[self._marked].set_marks(is_selected=False, has_focus=False)
        self._marked = key
        if key is not None and key in self._nodes:
            self._nodes[key].set_marks(is_selected=True, has_focus=has_focus)

    @contextmanager
    def without_marks(self) -> Iterator[None]:
        """Show the drawing itself for as long as this lasts: no selection, every text, nothing from kept pictures."""
        has_texts = self._has_texts
        self.set_texts_visible(True)
        for node in self._nodes.values():
            node.set_plain(True)
        try:
            yield
        finally:
            for node in self._nodes.values():
                node.set_plain(False)
            self.set_texts_visible(has_texts)

    def set_texts_visible(self, visible: bool) -> None:
        """Hide the texts beside edges while they are too small to be read."""
        if visible != self._has_texts:
            self._has_texts = visible
            self._apply_texts()

    def node_at(self, point: QPointF) -> NodeItem | None:
        """Return the innermost node at a point of the scene."""
        return next((item for item in self.items(point) if isinstance(item, NodeItem)), None)

    def node(self, key: str) -> NodeItem | None:
        """Return the item of a node."""
        return self._nodes.get(key)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        # Made when it is asked for: thousands of items would each keep a text that nobody reads.
        QToolTip.showText(event.screenPos(), plain_tooltip(self.help_at(event.scenePos())), event.widget())
        event.accept()

    def help_at(self, point: QPointF) -> str:
        """Return what the tooltip at a point of the scene says."""
        around = QRectF(point.x() - _REACH, point.y() - _REACH, 2 * _REACH, 2 * _REACH)
        for item in self.items(around):
            if isinstance(item, NodeItem):
                if not item.node.is_container or item.is_on_header(point):
                    return node_tooltip(item.node)
                continue
            for edge in self._edges.values():
                if item in edge.items():
                    return edge_tooltip(edge.edge)
        return ""

    def _restyle_edges(self) -> None:
        for edge in self._edges.values():
            edge.restyle(self._looks[edge.edge.is_taken])

    def _apply_texts(self) -> None:
        for edge in self._edges.values():
            if edge.text is not None:
                edge.text.setVisible(self._has_texts)


def _depth(picture: Picture, key: str) -> int:
    depth, parent = 0, picture.nodes[key].parent
    while parent is not None:
        depth, parent = depth + 1, picture.nodes[parent].parent
    return depth
