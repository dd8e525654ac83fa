"""Hands on a layered drawing: clicks, drags, the wheel, arrow keys, and what a screen reader is told."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from junjo_desktop.widgets.layered.placed_view import PlacedView, S

_DRAG_PX = 4
_LEFT, _NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_ARROWS = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}


class LayeredCanvas(PlacedView[S]):
    """`node_pressed` carries the key of a node; `walked` carries `left`, `right`, `up` or `down`."""

    node_pressed = Signal(str)
    node_pointed = Signal(str)
    """Carries the key of a node on which a menu is asked for."""
    walked = Signal(str)
    entered = Signal()
    focus_changed = Signal()

    def __init__(self, scene: S, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Graph")
        self._pressed_at: QPoint | None = None
        self._panned_to: QPoint | None = None

    def say(self, words: str) -> None:
        """Tell a screen reader what the keys are on."""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_at_mouse(event.angleDelta().y() / 120)
            event.accept()
        else:
            self._is_placed_by_user = True
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == _LEFT:
            self._pressed_at = self._panned_to = event.position().toPoint()
            event.accept()
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.point_at(self.mapToScene(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed_at is None or self._panned_to is None:
            shapes = Qt.CursorShape
            can_press = self.can_press(self.mapToScene(at))
            self.viewport().setCursor(shapes.PointingHandCursor if can_press else shapes.ArrowCursor)
            super().mouseMoveEvent(event)
            return
        is_panning = self._panned_to != self._pressed_at
        if is_panning or (at - self._pressed_at).manhattanLength() >= _DRAG_PX:
            self._is_placed_by_user = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.scroll_pixels(self._panned_to - at)
            self._panned_to = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != _LEFT or self._pressed_at is None:
            super().mouseReleaseEvent(event)
            return
        was_click = self._panned_to == self._pressed_at
        self._pressed_at = self._panned_to = None
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if was_click:
            self.press_at(self.mapToScene(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def can_press(self, point: QPointF) -> bool:
        """Whether a click at a point of the scene does something."""
        return self.graph.node_at(point) is not None

    def press_at(self, point: QPointF) -> None:
        """A point of the scene was clicked."""
        item = self.graph.node_at(point)
        if item is not None:
            self.node_pressed.emit(item.key)

    def point_at(self, point: QPointF) -> None:
        """A menu is asked for at a point of the scene."""
        item = self.graph.node_at(point)
        if item is not None:
            self.node_pointed.emit(item.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() in (_NO_KEYS, Qt.KeyboardModifier.KeypadModifier)
        if key in _ARROWS and (plain or event.modifiers() == Qt.KeyboardModifier.ControlModifier):
            # With Ctrl also where the page takes plain arrows for the state updates.
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
