"""The mouse on what shows time: the wheel zooms and moves, dragging moves, dragging with Shift chooses an area."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from junjo_desktop.features.trace.area import Area
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.zoom import STEP, Zoom

_DRAG_PX = 4
_PAN_SHARE = 0.12
_NOTCH = 120


class TimeHand:
    """Serves one view; `lane` says where time runs in it. Each method returns whether the event was its own."""

    def __init__(self, zoom: Callable[[], Zoom], lane: Callable[[], Lane], area: Area | None) -> None:
        self._zoom = zoom
        self._lane = lane
        self._area = area
        self._pressed: QPoint | None = None
        self._area_from_ns: int | None = None
        self.is_dragging = False

    def moment_at(self, x: float) -> int:
        """Return the moment at a pixel of the view; the middle of what is shown beside the lane."""
        lane, window = self._lane(), self._zoom().window
        if x < lane.left:
            return (window.start_ns + window.end_ns) // 2
        return window.moment(x - lane.left, lane.width)

    def wheel(self, event: QWheelEvent, *, zooms: bool = False) -> bool:
        """Ctrl and the wheel zoom, Shift and the wheel move; `zooms`: the wheel alone, too."""
        modifiers = event.modifiers()
        turned = event.angleDelta().y() or event.angleDelta().x()
        zoom = self._zoom()
        if zooms or modifiers & Qt.KeyboardModifier.ControlModifier:
            zoom.zoom_by(STEP if turned > 0 else 1 / STEP, self.moment_at(event.position().x()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or event.angleDelta().y() == 0:
            zoom.show(zoom.window.panned(round(-turned / _NOTCH * _PAN_SHARE * zoom.window.span_ns)))
        else:
            return False
        event.accept()
        return True

    def press(self, event: QMouseEvent) -> bool:
        """Begin to drag; an area with Shift."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._pressed, self.is_dragging = event.position().toPoint(), False
        self._area_from_ns = None
        if self._area is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._area_from_ns = self.moment_at(event.position().x())
        return self._area_from_ns is not None

    def move(self, event: QMouseEvent) -> QPoint | None:
        """Go on; return how far the mouse moved when it drags what is shown, None when there is nothing to do."""
        if self._pressed is None:
            return None
        at = event.position().toPoint()
        moved = at - self._pressed
        if not self.is_dragging and moved.manhattanLength() < _DRAG_PX:
            return None
        self.is_dragging = True
        if self._area_from_ns is not None and self._area is not None:
            self._area.drag(self._area_from_ns, self.moment_at(event.position().x()))
            return None
        self._pressed = at
        zoom = self._zoom()
        zoom.show(zoom.window.panned(-round(moved.x() * zoom.window.span_ns / max(self._lane().width, 1))))
        return moved

    def release(self) -> bool:
        """End; return whether the mouse was dragged."""
        was_dragged, self.is_dragging = self.is_dragging, False
        chose_area = self._area_from_ns is not None
        self._pressed = self._area_from_ns = None
        if chose_area and self._area is not None:
            if was_dragged:
                self._area.settle()
            else:
                self._area.clear()
        return was_dragged or chose_area
