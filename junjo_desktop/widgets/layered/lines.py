"""The lines and arrows of a layered drawing as Qt paints them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from junjo_desktop.widgets.layered.model import Point, Route

_ARROW_LENGTH = 8.0
_ARROW_HALF = 4.0


def line_path(route: Route) -> QPainterPath:
    """Return the way of a route, to the inside of its arrow."""
    path = QPainterPath(QPointF(*route.start))
    for number, segment in enumerate(route.segments):
        is_last = number == len(route.segments) - 1
        x, y = segment[-2], segment[-1]
        if is_last:
            # The line ends inside its arrow: a blunt end would stick out at the tip.
            dx, dy = direction_at_end(route)
            x, y = x - dx * _ARROW_LENGTH * 0.7, y - dy * _ARROW_LENGTH * 0.7
        if len(segment) == 2:
            path.lineTo(x, y)
        else:
            path.cubicTo(segment[0], segment[1], segment[2], segment[3], x, y)
    return path


def direction_at_end(route: Route) -> Point:
    """Return where a route leads at its end, as a step of length 1."""
    last = route.segments[-1]
    if len(last) == 6:
        origin: Point = (last[2], last[3])
    elif len(route.segments) > 1:
        origin = (route.segments[-2][-2], route.segments[-2][-1])
    else:
        origin = route.start
    return _unit(origin, route.end)


def direction_at_start(route: Route) -> Point:
    """Return the same at its start."""
    return _unit(route.start, (route.segments[0][0], route.segments[0][1]))


def _unit(origin: Point, goal: Point) -> Point:
    dx, dy = goal[0] - origin[0], goal[1] - origin[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def arrow_path(route: Route) -> QPainterPath:
    """Return the arrow at the end of a route."""
    x, y = route.end
    dx, dy = direction_at_end(route)
    back_x, back_y = x - dx * _ARROW_LENGTH, y - dy * _ARROW_LENGTH
    corners = [
        QPointF(x, y),
        QPointF(back_x - dy * _ARROW_HALF, back_y + dx * _ARROW_HALF),
        QPointF(back_x + dy * _ARROW_HALF, back_y - dx * _ARROW_HALF),
    ]
    return closed_path(corners)


def closed_path(corners: list[QPointF]) -> QPainterPath:
    """Return the border of a polygon."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([*corners, corners[0]]))
    path.closeSubpath()
    return path
