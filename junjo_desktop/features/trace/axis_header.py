"""The header of the waterfall: the time axis with its ticks. Dragging over it zooms into that part."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from junjo_desktop.features.trace.axis_ticks import paint_ticks
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current

SPAN_COLUMN, TIME_COLUMN = 0, 1
HEIGHT_PX = 26
_GRIP_PX = 6
_CLICK_PX = 4
_PADDING_PX = 8


class AxisHeader(QHeaderView):
    """Two sections; the second one is the axis of `zoom`."""

    def __init__(self, zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._zoom = zoom
        self._font = ui_font(size_px=12)
        self._strong = ui_font(size_px=12, weight=QFont.Weight.DemiBold)
        self._dragged_from: int | None = None
        self._dragged_to = 0
        self.setFixedHeight(HEIGHT_PX)
        self.setStretchLastSection(True)
        self.setSectionsMovable(False)
        self.setMinimumSectionSize(120)
        self.setAccessibleName("Time axis")
        self.setToolTip("Drag to zoom into a part · Ctrl+wheel zooms · double click or 0 shows everything")
        zoom.changed.connect(self._repaint)

    def _repaint(self) -> None:
        self.viewport().update()

    def lane(self) -> Lane:
        """Return where time runs, in the header's own pixels."""
        left = self.sectionViewportPosition(TIME_COLUMN)
        return Lane.of(QRectF(left, 0, self.sectionSize(TIME_COLUMN), HEIGHT_PX))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = current()
        painter.fillRect(rect, QColor(tokens.panel_2))
        if section == TIME_COLUMN:
            if self._zoom.origin_ns:
                paint_ticks(painter, rect, self._zoom.window, self._zoom.origin_ns, self._font)
            self._paint_drag(painter, rect)
        else:
            painter.setFont(self._strong)
            painter.setPen(QColor(tokens.dim))
            painter.drawText(rect.adjusted(_PADDING_PX, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "Span")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))

    def _paint_drag(self, painter: QPainter, rect: QRect) -> None:
        if self._dragged_from is None:
            return
        first, last = sorted((self._dragged_from, self._dragged_to))
        part = QRect(first, rect.top(), last - first, rect.height()).intersected(rect)
        painter.fillRect(part, QColor(mix(current().accent, current().panel_2, 0.25)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_on_axis(event.position().toPoint()):
            self._dragged_from = self._dragged_to = round(event.position().x())
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is None:
            super().mouseMoveEvent(event)
            return
        self._dragged_to = round(event.position().x())
        self._repaint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is None:
            super().mouseReleaseEvent(event)
            return
        first, last = sorted((self._dragged_from, self._dragged_to))
        self._dragged_from = None
        if last - first >= _CLICK_PX:
            lane, window = self.lane(), self._zoom.window
            self._zoom.show(
                window.shown(window.moment(first - lane.left, lane.width), window.moment(last - lane.left, lane.width))
            )
        self._repaint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_on_axis(event.position().toPoint()):
            self._zoom.show_whole()
            return
        super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        lane, window = self.lane(), self._zoom.window
        at_ns = window.moment(event.position().x() - lane.left, lane.width)
        self._zoom.zoom_by(STEP if event.angleDelta().y() > 0 else 1 / STEP, at_ns)
        event.accept()

    def _is_on_axis(self, at: QPoint) -> bool:
        # The first pixels of the section are Qt's handle for its width.
        return at.x() >= self.sectionViewportPosition(TIME_COLUMN) + _GRIP_PX
