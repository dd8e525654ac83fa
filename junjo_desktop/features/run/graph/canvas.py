"""The view on the scene: zoom, pan, keys and clicks. It keeps its place when the drawing changes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from junjo_desktop.features.run.graph.layout_model import Layout
from junjo_desktop.features.run.graph.picture_model import Picture
from junjo_desktop.features.run.graph.scene import GraphScene

_MARGIN = 28.0
_LEAST_ZOOM, _MOST_ZOOM = 0.04, 4.0
_STEP = 1.2
_LEAST_FIRST_ZOOM = 0.55
_TEXTS_FROM = 0.45
_DRAG_PX = 4
_IN_VIEW = 48.0
_LEFT, _NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_ARROWS = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}


class GraphCanvas(QGraphicsView):
    """`node_pressed` and `node_toggled` carry the key of a node; `walked` carries `left`, `right`, `up` or `down`."""

    node_pressed = Signal(str)
    node_toggled = Signal(str)
    walked = Signal(str)
    entered = Signal()
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = GraphScene(self)
        self.setScene(self.graph)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What has not changed is scrolled, not painted again.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Graph")
        self._pressed_at: QPoint | None = None
        self._panned_to: QPoint | None = None
        self._is_placed_by_user = False

    @property
    def zoom(self) -> float:
        """Pixels of the screen for each pixel of the layout."""
        return self.transform().m11()

    def show_picture(self, picture: Picture, layout: Layout, keep: str | None) -> None:
        """Show a picture; the node `keep` (else what is in the middle) stays where it is on the screen."""
        if layout is self.graph.layout:
            self.graph.show_picture(picture, layout)
            return
        anchor = keep if keep is not None and self.graph.node(keep) is not None else self._key_in_the_middle(picture)
        before = self._place_of(anchor)
        self.graph.show_picture(picture, layout)
        self._set_reach()
        after = self._place_of(anchor)
        if not self._is_placed_by_user and keep is None:
            self.place_at_first()
        elif before is not None and after is not None:
            self._scroll_by(after - before)

    def place_anew(self) -> None:
        """Forget where the user looked: another run is shown."""
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
        if not room.contains(box.center()) or (room.contains(box) is False and box.width() < room.width() * 0.8):
            margin = _IN_VIEW / self.zoom
            self.ensureVisible(item.box, int(min(margin, 200)), int(min(margin / 2, 100)))

    def say(self, words: str) -> None:
        """Tell a screen reader what the keys are on."""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # Hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._is_placed_by_user = True
            self._set_zoom(self.zoom * _STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            self._is_placed_by_user = True
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == _LEFT:
            self._pressed_at = self._panned_to = event.position().toPoint()
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed_at is None or self._panned_to is None:
            item = self.graph.node_at(self.mapToScene(at))
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if item is None else Qt.CursorShape.PointingHandCursor)
            super().mouseMoveEvent(event)
            return
        is_panning = self._panned_to != self._pressed_at
        if is_panning or (at - self._pressed_at).manhattanLength() >= _DRAG_PX:
            self._is_placed_by_user = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scroll_pixels(self._panned_to - at)
            self._panned_to = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != _LEFT or self._pressed_at is None:
            super().mouseReleaseEvent(event)
            return
        was_click = self._panned_to == self._pressed_at
        self._pressed_at = self._panned_to = None
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if was_click:
            self._clicked(self.mapToScene(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _clicked(self, point: QPointF) -> None:
        item = self.graph.node_at(point)
        if item is None:
            return
        if item.is_on_chevron(point):
            self.node_toggled.emit(item.node.key)
        else:
            self.node_pressed.emit(item.node.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() in (_NO_KEYS, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in _ARROWS:
            self.walked.emit(_ARROWS[key])
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.entered.emit()
        else:
            # Not to QGraphicsView, which would scroll: to the page and its keys.
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_reach()
        if not self._is_placed_by_user:
            self.place_at_first()

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

    def _key_in_the_middle(self, picture: Picture) -> str | None:
        middle = self.mapToScene(self.viewport().rect().center())
        known = (item for key in picture.nodes if (item := self.graph.node(key)) is not None)
        nearest = min(known, key=lambda item: (item.box.center() - middle).manhattanLength(), default=None)
        return None if nearest is None else nearest.node.key

    def _place_of(self, key: str | None) -> QPointF | None:
        """Return where the middle of the left border of a node is on the screen: opening a box leaves it there."""
        item = None if key is None else self.graph.node(key)
        if item is None:
            return None
        return QPointF(self.viewportTransform().map(QPointF(item.box.left(), item.box.center().y())))

    def _scroll_by(self, way: QPointF) -> None:
        self._scroll_pixels(QPoint(round(way.x()), round(way.y())))

    def _scroll_pixels(self, way: QPoint) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + way.x())
        down.setValue(down.value() + way.y())
