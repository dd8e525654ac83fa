"""The scene of the map: items for everything in a picture, kept as long as nothing has to move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSceneHelpEvent, QToolTip

from junjo_desktop.features.services.map_items import MapEdgeItem, MapNodeItem
from junjo_desktop.features.services.map_layout import is_dense
from junjo_desktop.features.services.map_picture import MapPicture
from junjo_desktop.features.services.map_words import edge_words, node_words
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.layered.scene import LayeredScene
from junjo_desktop.widgets.tooltip import plain_tooltip

_REACH = 4.0


class MapScene(LayeredScene):
    """Shows one picture at a time. A node or an edge may be marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: dict[str, MapNodeItem] = {}
        self._edges: dict[str, MapEdgeItem] = {}
        self._marked: str | None = None
        self._has_texts = True
        self._is_dense = False
        self._tokens: Tokens | None = None
        self.follow_theme()

    @property
    def marked(self) -> str | None:
        """The key of what is selected, a node's or an edge's."""
        return self._marked

    def show_picture(self, picture: MapPicture, layout: Layout) -> None:
        """Show `picture`. With the same layout as before, items stay and only change their figures."""
        if layout is self._layout:
            for key, node in picture.nodes.items():
                self._nodes[key].show_node(node)
            for key, edge in picture.edges.items():
                self._edges[key].show_edge(edge)
            return
        self.clear()
        self._layout, self._marked = layout, None
        self._nodes = {key: MapNodeItem(node, layout.boxes[key]) for key, node in picture.nodes.items()}
        self._edges = {key: MapEdgeItem(edge, layout.routes[key]) for key, edge in picture.edges.items()}
        for item in (*self._nodes.values(), *self._edges.values()):
            self.addItem(item)
        self._is_dense = is_dense(picture.plan)
        self._apply_texts()

    def follow_theme(self) -> None:
        if self._tokens is not current():
            self._tokens = current()
            self.setBackgroundBrush(QColor(current().panel_2))
            self.update()

    def mark(self, key: str | None, *, has_focus: bool) -> None:
        """Show what is selected, and whether the keys go to it."""
        for old in (self._nodes.get(self._marked or ""), self._edges.get(self._marked or "")):
            if old is not None and self._marked != key:
                old.set_marks(is_selected=False, has_focus=False)
        if key != self._marked:
            self._marked = key
            self._apply_texts()
        for new in (self._nodes.get(key or ""), self._edges.get(key or "")):
            if new is not None:
                new.set_marks(is_selected=True, has_focus=has_focus)

    @contextmanager
    def without_marks(self) -> Iterator[None]:
        marked, has_texts = self._marked, self._has_texts
        self.mark(None, has_focus=False)
        self.set_texts_visible(True)
        for node in self._nodes.values():
            node.set_plain(True)
        try:
            yield
        finally:
            for node in self._nodes.values():
                node.set_plain(False)
            self.set_texts_visible(has_texts)
            self.mark(marked, has_focus=False)

    def set_texts_visible(self, visible: bool) -> None:
        if visible != self._has_texts:
            self._has_texts = visible
            self._apply_texts()

    def node(self, key: str) -> MapNodeItem | None:
        return self._nodes.get(key)

    def edge(self, key: str) -> MapEdgeItem | None:
        """Return the item of an edge."""
        return self._edges.get(key)

    def node_at(self, point: QPointF) -> MapNodeItem | None:
        return next((item for item in self.items(point) if isinstance(item, MapNodeItem)), None)

    def edge_at(self, point: QPointF) -> MapEdgeItem | None:
        """Return the edge near a point of the scene, where no node is."""
        around = QRectF(point.x() - _REACH, point.y() - _REACH, 2 * _REACH, 2 * _REACH)
        return next((item for item in self.items(around) if isinstance(item, MapEdgeItem)), None)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        QToolTip.showText(event.screenPos(), plain_tooltip(self.help_at(event.scenePos())), event.widget())
        event.accept()

    def help_at(self, point: QPointF) -> str:
        """Return what the tooltip at a point of the scene says."""
        if (node := self.node_at(point)) is not None:
            return node_words(node.drawn.node)
        edge = self.edge_at(point)
        return "" if edge is None else edge_words(edge.drawn.edge)

    def _apply_texts(self) -> None:
        """In a dense drawing only what has to do with the selection stands out, and has its figures beside it."""
        chosen = self._marked
        for edge in self._edges.values():
            is_near = chosen in (edge.key, edge.drawn.tail, edge.drawn.head)
            edge.set_look(
                has_text=self._has_texts and (is_near or not self._is_dense),
                is_faint=self._is_dense and not is_near,
                is_near=self._is_dense and is_near,
            )
