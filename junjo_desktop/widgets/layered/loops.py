"""Arrows from a node to itself: arcs above it, one over the other, each with its label. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.widgets.layered.model import Rect, Route

_FIRST_RISE = 22.0
_RISE = 12.0
_LABEL_GAP = 3.0
_FIRST_HALF = 18.0
_HALF_STEP = 6.0
_BULGE = 16.0
_TOP_OF_CUBIC = 0.75
"""A symmetric cubic curve rises to three quarters of its control points."""


def loop_room(width: float, labels: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the room that loops with labels of these sizes need above a node, and the width of both."""
    if not labels:
        return 0.0, width
    rises = _rises(labels)
    return rises[-1] + _label_room(labels[-1]), max(width, *(label_width for label_width, _ in labels))


def loop_routes(node: Rect, labels: Sequence[tuple[float, float]]) -> list[Route]:
    """Return a route for each loop, innermost first."""
    routes = []
    for number, (rise, (width, height)) in enumerate(zip(_rises(labels), labels, strict=True)):
        half = min(_FIRST_HALF + _HALF_STEP * number, node.width / 2 - 4)
        top, middle = node.y, node.middle_x
        control = top - rise / _TOP_OF_CUBIC
        right, left = middle + half, middle - half
        curve = (right + _BULGE, control, left - _BULGE, control, left, top)
        place = None
        if width > 0:
            x = middle - width / 2 if width <= node.width else node.x
            place = Rect(x, top - rise - _LABEL_GAP - height, width, height)
        routes.append(Route((right, top), (curve,), place))
    return routes


def _rises(labels: Sequence[tuple[float, float]]) -> list[float]:
    rises = [_FIRST_RISE]
    for label in labels[:-1]:
        rises.append(rises[-1] + _label_room(label) + _RISE)
    return rises


def _label_room(label: tuple[float, float]) -> float:
    return label[1] + 2 * _LABEL_GAP if label[0] > 0 else 0.0
