"""Hands on the map: what every drawing has, and edges that can be pressed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.services.map_picture import MapPicture
from junjo_desktop.features.services.map_scene import MapScene
from junjo_desktop.widgets.layered.canvas import LayeredCanvas
from junjo_desktop.widgets.layered.model import Layout


class MapCanvas(LayeredCanvas[MapScene]):
    """`edge_pressed` carries the key of an edge."""

    edge_pressed = Signal(str)
    edge_pointed = Signal(str)
    """Carries the key of an edge on which a menu is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MapScene(), parent)

    def show_picture(self, picture: MapPicture, layout: Layout) -> None:
        """Show a picture; what is in the middle stays where it is on the screen."""
        self.change_drawing(picture.nodes, layout, partial(self.graph.show_picture, picture, layout), None)

    def can_press(self, point: QPointF) -> bool:
        return super().can_press(point) or self.graph.edge_at(point) is not None

    def press_at(self, point: QPointF) -> None:
        edge = self.graph.edge_at(point)
        if edge is not None and self.graph.node_at(point) is None:
            self.edge_pressed.emit(edge.key)
        else:
            super().press_at(point)

    def point_at(self, point: QPointF) -> None:
        edge = self.graph.edge_at(point)
        if edge is not None and self.graph.node_at(point) is None:
            self.edge_pointed.emit(edge.key)
        else:
            super().point_at(point)

    def show_edge(self, key: str) -> None:
        """Scroll as little as needed for the middle of an edge to be in sight."""
        edge = self.graph.edge(key)
        if edge is not None and not self.viewport().rect().contains(self.mapFromScene(edge.middle)):
            self.centerOn(edge.middle)
