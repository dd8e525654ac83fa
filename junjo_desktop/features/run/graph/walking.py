"""Where the arrow keys lead: along edges to the right and left, to what is nearest above and below. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from junjo_desktop.features.run.graph.picture_model import Picture
from junjo_desktop.widgets.layered.model import Layout, Rect


class Direction(StrEnum):
    """An arrow key."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


_ASIDE = 3.0
"""How much farther something seems that lies aside from the direction."""


def first_node(picture: Picture, layout: Layout) -> str | None:
    """Return the node where a walk begins: the one most to the left, then the highest."""
    return min(picture.nodes, key=lambda key: (layout.boxes[key].x, layout.boxes[key].y), default=None)


def neighbour(picture: Picture, layout: Layout, key: str, direction: Direction) -> str | None:
    """Return the node that an arrow key leads to from `key`; None if there is nothing in that direction.

    To the sides along an edge that was taken rather than one that was not, to a node that ran rather than one that did
    not; without edges, and up and down, to what is nearest. Up from the first node in a group or an opened subflow
    leads to its header.
    """
    along = _along_edges(picture, layout, key, direction)
    if along is not None:
        return along
    boxes = layout.boxes
    around = set(_around(picture, key))
    others = [other for other in picture.nodes if other != key and other not in around]
    is_open = picture.nodes[key].is_container
    if is_open and direction in (Direction.DOWN, Direction.RIGHT):
        inside = [other for other in others if picture.nodes[other].parent == key]
        if inside:
            return min(inside, key=lambda other: (boxes[other].y, boxes[other].x))
    nearest = _nearest(boxes, key, others, direction)
    parent = picture.nodes[key].parent
    if parent is not None and (nearest is None or picture.nodes[nearest].parent != parent):
        return parent if direction in (Direction.UP, Direction.LEFT) else nearest
    return nearest


def _along_edges(picture: Picture, layout: Layout, key: str, direction: Direction) -> str | None:
    if direction not in (Direction.LEFT, Direction.RIGHT):
        return None
    here = layout.boxes[key]
    best: tuple[bool, bool, float, str] | None = None
    for edge in picture.edges.values():
        start, end = (edge.tail, edge.head) if direction is Direction.RIGHT else (edge.head, edge.tail)
        there = layout.boxes[end]
        is_on = there.x > here.x if direction is Direction.RIGHT else there.x < here.x
        if start != key or not is_on:
            continue
        found = (not edge.is_taken, not picture.nodes[end].runs, abs(there.middle_y - here.middle_y), end)
        best = found if best is None else min(best, found)
    return None if best is None else best[3]


def _around(picture: Picture, key: str) -> Iterable[str]:
    parent = picture.nodes[key].parent
    while parent is not None:
        yield parent
        parent = picture.nodes[parent].parent


def _nearest(boxes: Mapping[str, Rect], key: str, others: Iterable[str], direction: Direction) -> str | None:
    here = boxes[key]
    best: tuple[float, str] | None = None
    for other in others:
        ahead, aside = _way(here, boxes[other], direction)
        if ahead > 0:
            found = (ahead + _ASIDE * aside, other)
            best = found if best is None else min(best, found)
    return None if best is None else best[1]


def _way(here: Rect, there: Rect, direction: Direction) -> tuple[float, float]:
    """Return how far ahead something is, and how far aside of the area straight ahead."""
    dx, dy = there.middle_x - here.middle_x, there.middle_y - here.middle_y
    if direction in (Direction.UP, Direction.DOWN):
        gap = max(there.x - here.right, here.x - there.right, 0.0)
        return (dy if direction is Direction.DOWN else -dy), gap + abs(dx) * 0.1
    gap = max(there.y - here.bottom, here.y - there.bottom, 0.0)
    return (dx if direction is Direction.RIGHT else -dx), gap + abs(dy) * 0.1
