"""Where on the scene one looks: zoom, fitting, and keeping one's place when the drawing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.layered.scene import LayeredScene

S = TypeVar("S", bound=LayeredScene)

_MARGIN = 28.0
_LEAST_ZOOM, _MOST_ZOOM = 0.04, 4.0
_STEP = 1.2
_LEAST_FIRST_ZOOM = 0.55
_TEXTS_FROM = 0.45
_IN_VIEW_X, _IN_VIEW_Y = 48, 24


class PlacedView(QGraphicsView, Generic[S]):
    """A view on a `LayeredScene`. Until the user has chosen a place, it shows the whole, or its beginning."""

    def __init__(self, scene: S, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = scene
        scene.setParent(self)
        self.setScene(self.graph)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What has not changed is scrolled, not painted again.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._is_placed_by_user = False

    @property
    def zoom(self) -> float:
        """Pixels of the screen for each pixel of the layout."""
        return self.transform().m11()

    def change_drawing(self, keys: Iterable[str], layout: Layout, change: Callable[[], None], keep: str | None) -> None:
        """Have `change` show another drawing, of nodes with these keys and this layout, in the scene.

        The node `keep` (else what is in the middle) stays where it is on the screen.
        """
        if layout is self.graph.layout:
            change()
            return
        anchor = keep if keep is not None and self.graph.node(keep) is not None else self._key_in_the_middle(keys)
        before = self._place_of(anchor)
        change()
        self._set_reach()
        after = self._place_of(anchor)
        if not self._is_placed_by_user and keep is None:
            self.place_at_first()
        elif before is not None and after is not None:
            self._scroll_by(after - before)
            self._is_placed_by_user = True

    def place_anew(self) -> None:
        """Forget where the user looked: something else is shown."""
        self._is_placed_by_user = False

    def place_at_first(self) -> None:
        """Show the whole if it can be read so, else its beginning."""
        whole = self.graph.whole
        self._set_zoom(max(min(1.0, self._fitting_zoom(whole)), _LEAST_FIRST_ZOOM))
        room = QRectF(self.viewport().rect())
        width, height = room.width() / self.zoom, room.height() / self.zoom
        x = whole.left() - _MARGIN + width / 2
        # A drawing that is lower than the view hangs from a third of the height, as eyes do.
        spare = height - whole.height()
        y = whole.center().y() + (spare / 2 - min(spare / 3, 60.0) if spare > 0 else 0.0)
        self.centerOn(QPointF(x, y))

    def show_whole(self) -> None:
        """Zoom so that everything is in sight, never larger than life."""
        self._fit(self.graph.whole, 1.0)

    def fit_node(self, key: str | None) -> None:
        """Zoom to a node; to everything when there is none."""
        item = None if key is None else self.graph.node(key)
        if item is None:
            self.show_whole()
        else:
            self._fit(item.box.adjusted(-80, -60, 80, 60), 1.6)

    def zoom_in(self) -> None:
        """Zoom in on the middle."""
        self._zoom_by(_STEP)

    def zoom_out(self) -> None:
        """Zoom out of the middle."""
        self._zoom_by(1 / _STEP)

    def show_node(self, key: str | None) -> None:
        """Scroll as little as needed for a node to be in sight."""
        item = None if key is None else self.graph.node(key)
        if item is None:
            return
        box, room = self.mapFromScene(item.box).boundingRect(), self.viewport().rect()
        is_small = box.width() < room.width() * 0.8 and box.height() < room.height() * 0.8
        if not room.contains(box.center()) or (is_small and not room.contains(box)):
            self.ensureVisible(item.box, _IN_VIEW_X, _IN_VIEW_Y)

    def zoom_at_mouse(self, steps: float) -> None:
        """Zoom in (or out, for steps below zero) on what is under the mouse."""
        self._is_placed_by_user = True
        self._set_zoom(self.zoom * _STEP**steps)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_reach()
        if not self._is_placed_by_user:
            self.place_at_first()
            self.show_node(self.graph.marked)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.graph.follow_theme()
        super().paintEvent(event)

    # Place

    def _set_reach(self) -> None:
        """Let every corner of the drawing be brought to every place of the view, or nearly."""
        room = self.viewport().rect()
        across, down = room.width() / self.zoom * 0.8, room.height() / self.zoom * 0.8
        self.setSceneRect(self.graph.whole.adjusted(-across, -down, across, down))

    def _fitting_zoom(self, area: QRectF) -> float:
        room = self.viewport().rect()
        return min(
            max(room.width(), 1) / (area.width() + 2 * _MARGIN), max(room.height(), 1) / (area.height() + 2 * _MARGIN)
        )

    def _fit(self, area: QRectF, largest: float) -> None:
        self._is_placed_by_user = True
        self._set_zoom(min(largest, self._fitting_zoom(area)))
        self.centerOn(area.center())

    def _zoom_by(self, factor: float) -> None:
        self._is_placed_by_user = True
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._set_zoom(self.zoom * factor)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def _set_zoom(self, wanted: float) -> None:
        factor = max(_LEAST_ZOOM, min(wanted, _MOST_ZOOM)) / self.zoom
        if factor != 1.0:
            self.scale(factor, factor)
            self._set_reach()
        self.graph.set_texts_visible(self.zoom >= _TEXTS_FROM)

    def _key_in_the_middle(self, keys: Iterable[str]) -> str | None:
        middle = self.mapToScene(self.viewport().rect().center())
        known = (item for key in keys if (item := self.graph.node(key)) is not None)
        nearest = min(known, key=lambda item: (item.box.center() - middle).manhattanLength(), default=None)
        return None if nearest is None else nearest.key

    def _place_of(self, key: str | None) -> QPointF | None:
        """Return where the middle of the left border of a node is on the screen: opening a box leaves it there."""
        item = None if key is None else self.graph.node(key)
        if item is None:
            return None
        return QPointF(self.viewportTransform().map(QPointF(item.box.left(), item.box.center().y())))

    def _scroll_by(self, way: QPointF) -> None:
        self.scroll_pixels(QPoint(round(way.x()), round(way.y())))

    def scroll_pixels(self, way: QPoint) -> None:
        """Look that many pixels farther to the right and down."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + way.x())
        down.setValue(down.value() + way.y())
