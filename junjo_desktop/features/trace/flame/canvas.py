"""The flame graph itself: one widget that paints, zooms, and goes from box to box."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from junjo_desktop.features.trace.area import Area
from junjo_desktop.features.trace.axis_ticks import paint_ticks
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder
from junjo_desktop.features.trace.flame.painting import BOX_PX, ROW_PX, FlameLook, FlamePainter
from junjo_desktop.features.trace.flame.pieces import Piece, piece_at
from junjo_desktop.features.trace.flame.walking import Step, next_box
from junjo_desktop.features.trace.flame.words import box_lines, run_lines
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

AXIS_PX = 26
_TOP_PX = AXIS_PX + 4
_DRAG_PX = 4
_WAITING = "Arranging the spans …"
_PAN_SHARE = 0.12
_STEPS: dict[int, Step] = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}


class FlameCanvas(QAbstractScrollArea):
    """`box_chosen` carries the number of a box that the user went to."""

    box_chosen = Signal(object)
    entered_span = Signal()
    """Enter or Space: the user wants to see more of the selected span."""

    def __init__(self, zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = zoom
        self._painter: FlamePainter | None = None
        self._self_ns: array[int] = array("q")
        self._pressed: QPoint | None = None
        self._is_panning = False
        self._area: Area | None = None
        self._area_from_ns: int | None = None
        self._font = ui_font(size_px=12)
        self.look = FlameLook()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Flame graph of the trace")
        zoom.changed.connect(self._repaint)

    def set_area(self, area: Area) -> None:
        """Let Shift and dragging choose an area of time, which is marked; only in order of time."""
        self._area = area
        area.changed.connect(self._repaint)

    @property
    def flame(self) -> Flame | None:
        """What is shown."""
        return None if self._painter is None else self._painter.flame

    @property
    def zoom(self) -> Zoom:
        """The visible part, of time or of work."""
        return self._zoom

    def show_flame(self, flame: Flame, self_ns: array[int], zoom: Zoom) -> None:
        """Show a graph in the window of `zoom`; the height scrolled to is kept."""
        if zoom is not self._zoom:
            self._zoom.changed.disconnect(self._repaint)
            self._zoom = zoom
            zoom.changed.connect(self._repaint)
        self._painter = FlamePainter(flame)
        self._self_ns = self_ns
        self._fit_scroll_bar()
        self._repaint()

    def forget(self) -> None:
        """Show nothing."""
        self._painter = None
        self._repaint()

    def mark_box(self, box: int) -> None:
        """Mark a box as selected, wherever it is."""
        self.look.selected = box
        if self.flame is not None and box != NO_BOX:
            self.setAccessibleDescription(one_line("; ".join(box_lines(self.flame, box, self._self_ns))))
        self._repaint()

    def show_marked(self) -> None:
        """Bring the selected box into sight; the zoom stays. Out of sight itself, the view moves nothing."""
        if self.flame is not None and self.look.selected != NO_BOX and self.isVisible():
            self._scroll_to_row(self.flame.row_of[self.look.selected])
            self._show_time_of(self.flame, self.look.selected)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_marked()

    def fit_box(self) -> None:
        """Zoom to the selected box."""
        if self.flame is not None and self.look.selected != NO_BOX:
            box = self.look.selected
            self._zoom.show(self._zoom.window.around(self.flame.left(box), self.flame.right(box)))

    def box_at(self, at: QPoint) -> Piece | None:
        """Return the piece under a point of the view."""
        row = (at.y() - _TOP_PX + self.verticalScrollBar().value()) // ROW_PX
        if self._painter is None or at.y() < AXIS_PX or not 0 <= row < len(self._painter.flame.rows):
            return None
        lane = self.lane()
        return piece_at(self._painter.row_pieces(row, self._zoom.window, lane.width), at.x() - lane.left)

    def lane(self) -> Lane:
        """Return where time runs."""
        return Lane.of(QRectF(0, 0, self.viewport().width(), AXIS_PX))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, view = current(), self.viewport()
        painter = QPainter(view)
        painter.fillRect(event.rect(), QColor(tokens.panel))
        if self._painter is not None:
            self._paint_area(painter)
            self._paint_rows(painter, self._painter)
        else:
            painter.setPen(QColor(tokens.dim))
            painter.drawText(view.rect(), Qt.AlignmentFlag.AlignCenter, _WAITING)
        axis = QRect(0, 0, view.width(), AXIS_PX)
        painter.fillRect(axis, QColor(tokens.panel_2))
        if self._zoom.window.span_ns > 1 and self._painter is not None:
            paint_ticks(painter, axis, self._zoom.window, self._zoom.origin_ns, self._font)
        painter.fillRect(0, AXIS_PX - 1, view.width(), 1, QColor(tokens.line))
        if self.hasFocus():
            painter.fillRect(0, AXIS_PX, 2, view.height() - AXIS_PX, QColor(tokens.accent))
        painter.end()

    def _paint_area(self, painter: QPainter) -> None:
        if self._area is not None and self._area.is_set and self._is_in_time:
            lane, window = self.lane(), self._zoom.window
            left, right = lane.x(window, self._area.start_ns), lane.x(window, self._area.end_ns)
            ground = QColor(mix(current().accent, current().panel, 0.14))
            painter.fillRect(QRectF(left, AXIS_PX, right - left, self.viewport().height()), ground)

    @property
    def _is_in_time(self) -> bool:
        return self.flame is not None and self.flame.order is FlameOrder.TIME

    def _paint_rows(self, painter: QPainter, rows: FlamePainter) -> None:
        scrolled, lane = self.verticalScrollBar().value(), self.lane()
        first = max(0, (scrolled - _TOP_PX) // ROW_PX)
        last = min(len(rows.flame.rows), (scrolled + self.viewport().height() - _TOP_PX) // ROW_PX + 1)
        for row in range(first, last):
            rows.paint_row(painter, row, _TOP_PX + row * ROW_PX - scrolled, lane, self._zoom.window, self.look)
        rows.paint_selection(painter, _TOP_PX - scrolled, range(first, last), lane, self._zoom.window, self.look)

    def _repaint(self) -> None:
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_scroll_bar()

    def _fit_scroll_bar(self) -> None:
        rows = 0 if self.flame is None else len(self.flame.rows)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, _TOP_PX + rows * ROW_PX - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(ROW_PX)

    def _scroll_to_row(self, row: int) -> None:
        bar, top = self.verticalScrollBar(), row * ROW_PX
        room = self.viewport().height() - _TOP_PX - BOX_PX
        if not bar.value() <= top <= bar.value() + room:
            bar.setValue(max(0, top - room // 2))

    def _show_time_of(self, flame: Flame, box: int) -> None:
        """Pan to a box that is out of sight; the zoom stays."""
        window, left, right = self._zoom.window, flame.left(box), flame.right(box)
        if right < window.start_ns or left > window.end_ns:
            middle = (left + right) // 2
            self._zoom.show(window.shown(middle - window.span_ns // 2, middle + window.span_ns // 2))

    # Hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if self._area is not None and self._area.is_set and event.key() == Qt.Key.Key_Escape:
            self._area.clear()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.look.selected != NO_BOX:
            self.entered_span.emit()
        elif step is not None and self.flame is not None and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            box = next_box(self.flame, self.look.selected, step)
            if box not in (self.look.selected, NO_BOX):
                self.box_chosen.emit(box)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or event.position().y() < AXIS_PX:
            self._zoom.zoom_by(STEP if turned > 0 else 1 / STEP, self._moment_at(event.position().x()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.angleDelta().y() == 0:
            window = self._zoom.window
            self._zoom.show(window.panned(round(-turned / 120 * _PAN_SHARE * window.span_ns)))
        else:
            super().wheelEvent(event)
            return
        event.accept()

    def _moment_at(self, x: float) -> int:
        lane = self.lane()
        return self._zoom.window.moment(x - lane.left, lane.width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = at
            if self._is_in_time and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._area_from_ns = self._moment_at(event.position().x())
        piece = self.box_at(at)
        if event.button() == Qt.MouseButton.RightButton and piece is not None and piece.box != NO_BOX:
            self.box_chosen.emit(piece.box)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        at = event.position().toPoint()
        moved = at - self._pressed
        if self._is_panning or moved.manhattanLength() >= _DRAG_PX:
            self._is_panning = True
            if self._area_from_ns is not None and self._area is not None:
                self._area.drag(self._area_from_ns, self._moment_at(event.position().x()))
                return
            self._pressed = at
            window = self._zoom.window
            self._zoom.show(window.panned(-round(moved.x() * window.span_ns / self.lane().width)))
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._area_from_ns is not None and self._area is not None:
            self._area_from_ns = None
            self._area.settle()
        piece = self.box_at(event.position().toPoint())
        if self._pressed is not None and not self._is_panning and piece is not None and piece.box != NO_BOX:
            self.box_chosen.emit(piece.box)
        self._pressed, self._is_panning = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        piece, lane, window = self.box_at(event.position().toPoint()), self.lane(), self._zoom.window
        if piece is None:
            self._zoom.show_whole()
        else:
            left, right = window.moment(piece.left, lane.width), window.moment(piece.right, lane.width)
            self._zoom.show(window.around(left, right))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event.pos()), self)
            return True
        return super().viewportEvent(event)

    def _tip_at(self, at: QPoint) -> str:
        piece, flame = self.box_at(at), self.flame
        if at.y() < AXIS_PX:
            return "The wheel zooms · drag below to move · double click or 0 shows everything"
        if piece is None or flame is None:
            return ""
        if piece.box != NO_BOX:
            return plain_tooltip("\n".join(box_lines(flame, piece.box, self._self_ns)))
        row = flame.rows[(at.y() - _TOP_PX + self.verticalScrollBar().value()) // ROW_PX]
        spans = row.spans_before[piece.last + 1] - row.spans_before[piece.first]
        failed = row.failed_before[piece.last + 1] - row.failed_before[piece.first]
        return plain_tooltip("\n".join(run_lines(spans, failed)))
