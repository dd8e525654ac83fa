"""The scatter strip: durations over time. Drag to choose a window, click a point to open its row."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.figures import count_text, counted, duration_text, moment_text
from junjo_desktop.widgets.scatter_marks import DOT_PX, paint_points, sentence
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT, Scatter, ScatterPoint, told
from junjo_desktop.widgets.scatter_scale import ScatterScale
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 112
_LEFT_PX, _TOP_PX, _RIGHT_PX, _BOTTOM_PX = 66, 26, 18, 22
_REACH_PX = 9
_DRAG_PX = 5
_FLAT_PX = 10


@dataclass(frozen=True, slots=True)
class ChosenWindow:
    """What was dragged over: when rows started, and how long they took (None: a drag along the time only)."""

    since_ns: int
    until_ns: int
    min_duration_ns: int | None
    max_duration_ns: int | None


class ScatterStrip(QWidget):
    """Shows a sample of the listed rows and says how many of how many. `noun` is what one row is: "trace"."""

    window_chosen = Signal(object)
    row_chosen = Signal(str)
    """The id of the row whose point was clicked."""

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self._is_told = False
        self._listed = self._scatter = Scatter()
        self._scale = ScatterScale.of(self._scatter)
        self._font = ui_font(size_px=11)
        self._places: list[QPointF] | None = None
        self._picture: QPixmap | None = None
        self._nearest: ScatterPoint | None = None
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Durations over time")

    @property
    def points(self) -> tuple[ScatterPoint, ...]:
        """What is shown."""
        return self._scatter.points

    @property
    def caption(self) -> str:
        """What the strip shows, in words."""
        scatter = self._scatter
        if not scatter.total:
            return f"No {self._noun}s" if self._is_told else ""
        untold = len(self._listed.points) - len(scatter.points)
        if not scatter.points:
            return f"{counted(scatter.total, self._noun)} · no start time"
        shown = len(scatter.points)
        total = counted(scatter.total, self._noun)
        of = f"{count_text(shown)} of {total}" if scatter.total > SAMPLE_LIMIT else total
        without = f" · {count_text(untold)} without a start time" if untold else ""
        figures = f"p50 {duration_text(scatter.p50_ns)} · p95 {duration_text(scatter.p95_ns)}"
        return f"{of}{without} · {figures} · drag to select"

    def show_scatter(self, scatter: Scatter) -> None:
        """Show other rows."""
        if self._is_told and scatter == self._listed:
            return
        self._is_told = True
        self._listed = scatter
        self._scatter = scatter = told(scatter)
        self._scale = ScatterScale.of(scatter)
        self._nearest = None
        self.setAccessibleDescription(self.caption)
        self._places = None
        self.forget_picture()

    def forget_picture(self) -> None:
        """Paint anew: the theme or the rows are others."""
        self._picture = None
        self.update()

    def position_of(self, point: ScatterPoint) -> QPointF:
        """Return where a row stands, in pixels."""
        x, y = self._scale.place(point)
        plot = self._plot()
        return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())

    def _positions(self) -> list[QPointF]:
        if self._places is None:
            self._places = [self.position_of(point) for point in self._scatter.points]
        return self._places

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._places = None
        self._picture = None
        super().resizeEvent(event)

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT_PX, _TOP_PX, -_RIGHT_PX, -_BOTTOM_PX)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        if self._picture is None:
            self._picture = self._paint_picture(tokens)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._nearest is not None:
            painter.setPen(QPen(QColor(tokens.text), 1.4))
            painter.drawEllipse(self.position_of(self._nearest), DOT_PX + 2.6, DOT_PX + 2.6)
        self._paint_drag(painter, tokens)
        painter.end()

    def _paint_picture(self, tokens: Tokens) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * scale), round(self.height() * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(QColor(tokens.panel))
        painter = QPainter(picture)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
        painter.setFont(self._font)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QRectF(14, 4, self.width() - 28, 18), Qt.AlignmentFlag.AlignVCenter, self.caption)
        if self._scatter.points:
            self._paint_scale(painter, tokens)
            paint_points(painter, tokens, self._scatter.points, self._positions())
        painter.end()
        return picture

    def _paint_scale(self, painter: QPainter, tokens: Tokens) -> None:
        plot = self._plot()
        metrics = QFontMetrics(self._font)
        free_above = plot.bottom() + metrics.height()
        for duration_ns in self._scale.lines():
            y = plot.bottom() - self._scale.y(duration_ns) * plot.height()
            painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), QColor(mix(tokens.line, tokens.panel, 0.6)))
            if y + metrics.height() / 2 <= free_above:
                spot = QRectF(0, y - 8, _LEFT_PX - 10, 16)
                painter.setPen(QColor(tokens.dim))
                text = duration_text(duration_ns).replace(".00", "").replace(".0", "")
                painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                free_above = y - metrics.height() / 2
        painter.setPen(QColor(tokens.dim))
        below = QRectF(plot.left(), plot.bottom() + 3, plot.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, moment_text(self._scale.first_ns).partition(".")[0])
        last = moment_text(self._scale.last_ns).partition(".")[0]
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)

    def _paint_drag(self, painter: QPainter, tokens: Tokens) -> None:
        box = self._dragged_box()
        if box is not None:
            fill = QColor(tokens.accent)
            fill.setAlphaF(0.15)
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(fill)
            painter.drawRect(box)

    def _dragged_box(self) -> QRectF | None:
        if self._pressed is None or self._dragged is None:
            return None
        plot = self._plot()
        box = QRectF(self._pressed, self._dragged).normalized()
        if box.height() < _FLAT_PX:
            box.setTop(plot.top())
            box.setBottom(plot.bottom())
        return box.intersected(plot.adjusted(-4, -4, 4, 4))

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._scatter.points:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None:
            self._hover(at)
        elif self._dragged is not None or (at - self._pressed).manhattanLength() >= _DRAG_PX:
            self._dragged = at
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        box, pressed = self._dragged_box(), self._pressed
        is_flat = (
            self._pressed is not None
            and self._dragged is not None
            and (abs(self._dragged.y() - self._pressed.y()) < _FLAT_PX)
        )
        self._pressed = self._dragged = None
        self.update()
        if box is not None:
            self.window_chosen.emit(self._window_of(box, is_flat=is_flat))
        elif pressed is not None and (point := self._point_at(pressed)) is not None:
            self.row_chosen.emit(point.row_id)

    def _window_of(self, box: QRectF, *, is_flat: bool) -> ChosenWindow:
        plot, scale = self._plot(), self._scale
        return ChosenWindow(
            scale.moment((box.left() - plot.left()) / plot.width()),
            scale.moment((box.right() - plot.left()) / plot.width()),
            None if is_flat else scale.duration((plot.bottom() - box.bottom()) / plot.height()),
            None if is_flat else scale.duration((plot.bottom() - box.top()) / plot.height()),
        )

    def leaveEvent(self, event: QEvent) -> None:
        self._nearest = None
        self.update()
        super().leaveEvent(event)

    def _hover(self, at: QPoint) -> None:
        nearest = self._point_at(at)
        if nearest is self._nearest:
            return
        self._nearest = nearest
        self.setCursor(Qt.CursorShape.ArrowCursor if nearest is None else Qt.CursorShape.PointingHandCursor)
        text = "" if nearest is None else sentence(nearest)
        QToolTip.showText(self.mapToGlobal(at), plain_tooltip(text), self)
        self.update()

    def _point_at(self, at: QPoint) -> ScatterPoint | None:
        best, best_distance = None, float(_REACH_PX)
        for point, place in zip(self._scatter.points, self._positions(), strict=True):
            distance = max(abs(place.x() - at.x()), abs(place.y() - at.y()))
            if distance < best_distance or (distance == best_distance and point.mark == "failed"):
                best, best_distance = point, distance
        return best
