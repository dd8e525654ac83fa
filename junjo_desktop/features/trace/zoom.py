"""The time window that waterfall, axis and minimap share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from junjo_desktop.features.trace.time_axis import TimeWindow

STEP = 0.8
"""What one press of + leaves of the visible time."""


class Zoom(QObject):
    """Holds the visible part of the trace and the moment its ticks count from; `changed` after every move."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = TimeWindow.over(0, 1)
        self._origin_ns = 0

    @property
    def window(self) -> TimeWindow:
        """The visible part."""
        return self._window

    @property
    def origin_ns(self) -> int:
        """Start of the trace: zero on the axis."""
        return self._origin_ns

    def show_trace(self, start_ns: int, end_ns: int) -> None:
        """Start with all of another trace."""
        self._origin_ns = start_ns
        self.show(TimeWindow.over(start_ns, end_ns))

    def grow(self, start_ns: int, end_ns: int) -> None:
        """Take over the bounds of the same trace after it grew."""
        self._origin_ns = start_ns
        self.show(self._window.grown(start_ns, end_ns))

    def show(self, window: TimeWindow) -> None:
        """Show this part."""
        self._window = window
        self.changed.emit()

    def zoom_by(self, factor: float, at_ns: int | None = None) -> None:
        """Show `factor` times the time; the middle stays where it is when no moment is given."""
        middle = (self._window.start_ns + self._window.end_ns) // 2
        self.show(self._window.zoomed(factor, middle if at_ns is None else at_ns))

    def show_whole(self) -> None:
        """Show everything."""
        self.show(self._window.shown(self._window.whole_start_ns, self._window.whole_end_ns))
