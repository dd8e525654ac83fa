"""What a scene offers to those who look at a layered drawing, at it or write it to a file."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from junjo_desktop.widgets.layered.model import Layout


class Placed(Protocol):
    """The item of one node."""

    @property
    def key(self) -> str: ...
    @property
    def box(self) -> QRectF:
        """Its box, in the scene."""


class LayeredScene(QGraphicsScene):
    """A subclass makes the items of its drawing, and keeps them as long as nothing has to move."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layout = Layout({}, {}, 0, 0)

    @property
    def layout(self) -> Layout:
        """Where everything is."""
        return self._layout

    @property
    def whole(self) -> QRectF:
        """The drawing without what lies around it."""
        return QRectF(0, 0, self._layout.width, self._layout.height)

    @property
    @abstractmethod
    def marked(self) -> str | None:
        """The key of the selected node."""

    @abstractmethod
    def node(self, key: str) -> Placed | None:
        """Return the item of a node."""

    @abstractmethod
    def node_at(self, point: QPointF) -> Placed | None:
        """Return the innermost node at a point of the scene."""

    @abstractmethod
    def follow_theme(self) -> None:
        """Take the colours of the theme in force, if it is another than the last time."""

    @abstractmethod
    def set_texts_visible(self, visible: bool) -> None:
        """Hide the texts beside edges while they are too small to be read."""

    @abstractmethod
    def without_marks(self) -> AbstractContextManager[None]:
        """Show the drawing itself for as long as this lasts: no selection, every text, nothing from kept pictures."""
