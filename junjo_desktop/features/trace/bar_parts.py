"""Which parts of a span's bar are its own work, and which lie on the critical path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.time_axis import TimeWindow

PATH_PX = 2


@dataclass(frozen=True, slots=True)
class BarParts:
    """The parts of one span."""

    analysis: Analysis
    position: int
    shows_path: bool

    @property
    def is_divided(self) -> bool:
        """Whether children took some of its time."""
        columns = self.analysis.tree.columns
        return self.analysis.self_ns[self.position] < columns.ends[self.position] - columns.starts[self.position]

    def paint_self(self, painter: QPainter, box: QRectF, lane: Lane, window: TimeWindow, color: QColor) -> None:
        """Fill what the span did itself."""
        _fill(painter, box, lane, window, self._seen(self.analysis.self_times, lane, window), color)

    def paint_path(self, painter: QPainter, box: QRectF, lane: Lane, window: TimeWindow, color: QColor) -> None:
        """Underline what lies on the critical path, where it is to be shown."""
        if self.shows_path:
            foot = QRectF(box.left(), box.bottom() - PATH_PX, box.width(), PATH_PX)
            _fill(painter, foot, lane, window, self._seen(self.analysis.critical_path, lane, window), color)

    def _seen(self, stretches: Stretches, lane: Lane, window: TimeWindow) -> Iterator[tuple[int, int]]:
        pixel_ns = max(1, round(window.span_ns / lane.width))
        return stretches.seen(self.position, window.start_ns, window.end_ns, pixel_ns)


def _fill(
    painter: QPainter,
    box: QRectF,
    lane: Lane,
    window: TimeWindow,
    stretches: Iterator[tuple[int, int]],
    color: QColor,
) -> None:
    for start, end in stretches:
        first, last = max(lane.x(window, start), box.left()), min(lane.x(window, end), box.right())
        painter.fillRect(QRectF(first, box.top(), max(last - first, 1), box.height()), color)
