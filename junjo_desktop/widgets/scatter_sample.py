"""What the scatter strip shows: a bounded sample of the listed rows, and figures over all of them. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

SAMPLE_LIMIT = 2_000
"""How many rows the scatter strip shows at most."""

Mark = Literal["done", "failed", "cancelled", "open"]
"""How a point is drawn: each has a shape and a colour of its own. `open`: it has not ended."""


@dataclass(frozen=True, slots=True)
class ScatterPoint:
    """One row in the scatter strip. `start_ns` is 0 when it told no start."""

    row_id: str
    name: str
    start_ns: int
    duration_ns: int
    mark: Mark = "done"


@dataclass(frozen=True, slots=True)
class Scatter:
    """A bounded, stable sample of the listed rows, and figures over all of them. Times in nanoseconds."""

    points: tuple[ScatterPoint, ...] = ()
    total: int = 0
    first_start_ns: int = 0
    last_start_ns: int = 0
    p50_ns: int = 0
    p95_ns: int = 0
    max_ns: int = 0


def told(scatter: Scatter) -> Scatter:
    """Return `scatter` without rows that told no start: they would begin in 1970 and press all others flat."""
    if scatter.first_start_ns > 0:
        return scatter
    points = tuple(point for point in scatter.points if point.start_ns > 0)
    return replace(
        scatter,
        points=points,
        first_start_ns=min((point.start_ns for point in points), default=0),
        max_ns=max((point.duration_ns for point in points), default=0),
    )
