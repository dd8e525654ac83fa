"""What the layout takes and gives: boxes, links and their places; sizes and places in pixels, y downwards. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Point = tuple[float, float]
Segment = tuple[float, ...]
"""Two numbers: a line to that point. Six: a cubic curve, by both its control points, to its end."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something to be placed. A container has `inner`: its height is that of its header, its width the least one."""

    key: str
    width: float
    height: float
    inner: Plan | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A line with an arrow from box to box. It asks for a place for its label if that has a size."""

    key: str
    tail: str
    head: str
    label_width: float = 0.0
    label_height: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One graph. In a stack, boxes stand one below the other; else they stand in layers, from left to right.

    Keys are unique, also across inner plans. Links between boxes of a stack, or from one to the outside, belong to the
    layered plan around it; a link that ends nowhere is left out.
    """

    boxes: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()
    is_stack: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    """A place."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower border."""
        return self.y + self.height

    @property
    def middle_x(self) -> float:
        """Half way from left to right."""
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        """Half way from top to bottom."""
        return self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Rect:
        """Return the same elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def overlaps(self, other: Rect) -> bool:
        """Whether both cover a common area; touching borders do not."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Rect) -> bool:
        """Whether the other lies wholly inside, borders included."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a link from the border of its tail to the border of its head, and the place of its label."""

    start: Point
    segments: tuple[Segment, ...]
    label: Rect | None = None

    @property
    def end(self) -> Point:
        """Where its arrow points to."""
        return self.segments[-1][-2], self.segments[-1][-1]

    def moved(self, dx: float, dy: float) -> Route:
        """Return the same elsewhere."""
        if not dx and not dy:
            return self
        segments = tuple([_moved(segment, dx, dy) for segment in self.segments])
        label = None if self.label is None else self.label.moved(dx, dy)
        return Route((self.start[0] + dx, self.start[1] + dy), segments, label)


def _moved(segment: Segment, dx: float, dy: float) -> Segment:
    if len(segment) == 2:
        return segment[0] + dx, segment[1] + dy
    x, y, other_x, other_y, end_x, end_y = segment
    return x + dx, y + dy, other_x + dx, other_y + dy, end_x + dx, end_y + dy


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is, by key; the whole lies between (0, 0) and (`width`, `height`)."""

    boxes: Mapping[str, Rect]
    routes: Mapping[str, Route]
    width: float
    height: float
