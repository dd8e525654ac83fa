"""The strip above the waterfall: the whole trace, and a brush over the part that is visible."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from junjo_desktop.features.trace.overview import COLUMNS, LANES, Overview
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import kind_role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.figures import counted, offset_text
from junjo_desktop.widgets.tooltip import plain_tooltip

_PADDING_PX = 5
_LINE_PX = 2
_HEIGHT_PX = LANES * _LINE_PX + 2 * _PADDING_PX
_EDGE_PX = 5
_CLICK_PX = 4


class Minimap(QWidget):
    """Drag over it to choose a part, drag the part to move it, its edges to widen it; double click shows all."""

    def __init__(self, zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = zoom
        self._overview = Overview()
        self._picture: QPixmap | None = None
        self._grip = ""
        self._pressed_x = 0.0
        self._before = zoom.window
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Overview of the trace")
        zoom.changed.connect(self.update)

    def show_lines(self, overview: Overview) -> None:
        """Show the overview of a trace."""
        self._overview = overview
        self.forget_picture()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def words_at(self, x: float) -> str:
        """Return how many spans the lines at a pixel stand for, and what hands can do."""
        column = max(0, min(int(x * COLUMNS / max(self.width(), 1)), COLUMNS - 1))
        last = max(column + 1, min(int((x + 1) * COLUMNS / max(self.width(), 1)), COLUMNS))
        # The spans of a pixel: those of its fullest column, for one that runs on counts in each.
        count = max(self._overview.counts[column:last])
        failed = max(self._overview.failed_counts[column:last])
        offset = offset_text(self._moment(x) - self._zoom.origin_ns)
        words = f"{counted(count, 'span')} at {offset}{f', {failed:,} failed' if failed else ''}"
        return plain_tooltip(f"{words}\nDrag to choose a part · double click shows everything (0)")

    def forget_picture(self) -> None:
        """Paint anew: the theme or the trace is another."""
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._picture = None
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.panel))
        window = self._zoom.window
        if not window.is_whole:
            part = QRectF(self._x(window.start_ns), 0, self._x(window.end_ns) - self._x(window.start_ns), self.height())
            painter.fillRect(part, QColor(mix(tokens.accent, tokens.panel, 0.16)))
            for edge in (part.left(), part.right() - 1):
                painter.fillRect(QRectF(edge, 0, 1, self.height()), QColor(mix(tokens.accent, tokens.panel, 0.6)))
        if self._picture is None:
            self._picture = self._paint_picture()
        painter.drawPixmap(0, 0, self._picture)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
        painter.end()

    def _paint_picture(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * scale), round(self.height() * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        tokens = current()
        column = self.width() / COLUMNS
        painter = QPainter(picture)
        for line in self._overview.lines:
            color = tokens.error if line.is_error else role_color(tokens, kind_role(line.span_type))
            top = _PADDING_PX + line.lane * _LINE_PX
            width = max((line.right - line.left) * column, 1.0)
            painter.fillRect(QRectF(line.left * column, top, width, _LINE_PX - 1), QColor(color))
        painter.end()
        return picture

    def _x(self, moment_ns: int) -> float:
        window = self._zoom.window
        return (moment_ns - window.whole_start_ns) * self.width() / (window.whole_end_ns - window.whole_start_ns)

    def _moment(self, x: float) -> int:
        window = self._zoom.window
        return window.whole_start_ns + round(x * (window.whole_end_ns - window.whole_start_ns) / max(self.width(), 1))

    def _grip_at(self, x: float) -> str:
        window = self._zoom.window
        if window.is_whole:
            return "new"
        left, right = self._x(window.start_ns), self._x(window.end_ns)
        if abs(x - left) <= _EDGE_PX:
            return "left"
        if abs(x - right) <= _EDGE_PX:
            return "right"
        return "move" if left < x < right else "new"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_x = event.position().x()
            self._grip = self._grip_at(self._pressed_x)
            self._before = self._zoom.window

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if not self._grip:
            edges = self._grip_at(x) in ("left", "right")
            self.setCursor(Qt.CursorShape.SizeHorCursor if edges else Qt.CursorShape.ArrowCursor)
        elif abs(x - self._pressed_x) >= _CLICK_PX or self._zoom.window != self._before:
            self._zoom.show(self._dragged(x))

    def _dragged(self, x: float) -> TimeWindow:
        before, at_ns = self._before, self._moment(x)
        match self._grip:
            case "move":
                return before.panned(at_ns - self._moment(self._pressed_x))
            case "left":
                first, last = sorted((at_ns, before.end_ns))
            case "right":
                first, last = sorted((before.start_ns, at_ns))
            case _:
                first, last = sorted((self._moment(self._pressed_x), at_ns))
        return before.shown(first, last)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grip = ""

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._zoom.show_whole()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom.zoom_by(STEP if event.angleDelta().y() > 0 else 1 / STEP, self._moment(event.position().x()))
        event.accept()
