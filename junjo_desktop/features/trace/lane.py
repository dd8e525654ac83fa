"""Where in a row time runs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from junjo_desktop.features.trace.time_axis import TimeWindow

EDGE_PX = 8
"""Room left of the first and right of the last moment."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The part of a row in which time runs: where it starts, how wide it is, and its middle; pixels."""

    left: float
    width: float
    middle: float

    @classmethod
    def of(cls, rect: QRectF) -> Lane:
        """Return the lane of a cell."""
        return cls(rect.left() + EDGE_PX, max(rect.width() - 2 * EDGE_PX, 1), rect.center().y())

    def x(self, window: TimeWindow, moment_ns: int) -> float:
        """Return where a moment stands, cut a little outside the lane: far coordinates break painters."""
        return self.left + max(-self.width, min(window.x(moment_ns, self.width), 2 * self.width))
