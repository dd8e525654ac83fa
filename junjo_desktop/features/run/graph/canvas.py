"""Hands on the graph of a run: what every drawing has, and subflows that open in place."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.run.graph.picture_model import Picture
from junjo_desktop.features.run.graph.scene import GraphScene
from junjo_desktop.widgets.layered.canvas import LayeredCanvas
from junjo_desktop.widgets.layered.model import Layout


class GraphCanvas(LayeredCanvas[GraphScene]):
    """`node_toggled` carries the key of a node that is to be opened or closed."""

    node_toggled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(GraphScene(), parent)

    def show_picture(self, picture: Picture, layout: Layout, keep: str | None) -> None:
        """Show a picture; the node `keep` (else what is in the middle) stays where it is on the screen."""
        self.change_drawing(picture.nodes, layout, partial(self.graph.show_picture, picture, layout), keep)

    def press_at(self, point: QPointF) -> None:
        """Press a node, or open or close it at its chevron."""
        item = self.graph.node_at(point)
        if item is not None and item.is_on_chevron(point):
            self.node_toggled.emit(item.key)
        else:
            super().press_at(point)
