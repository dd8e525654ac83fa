"""Where the keys lead on the map: along edges to the sides, to what is nearest above and below. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable

from junjo_desktop.features.services.map_picture import MapPicture
from junjo_desktop.widgets.layered.model import Layout, Rect

_ASIDE = 3.0
"""How much farther something seems that lies aside from the direction."""


def first_node(picture: MapPicture, layout: Layout) -> str | None:
    """Return the node where a walk begins: the one most to the left, then the highest."""
    return min(picture.nodes, key=lambda key: (layout.boxes[key].x, layout.boxes[key].y), default=None)


def neighbour(picture: MapPicture, layout: Layout, key: str, direction: str) -> str | None:
    """Return the node that lies `left`, `right`, `up` or `down` of `key`; to the sides rather one it is joined with."""
    if direction in ("left", "right"):
        joined = [
            edge.head if edge.tail == key else edge.tail
            for edge in picture.edges.values()
            if key in (edge.tail, edge.head)
        ]
        found = _nearest(layout, key, joined, direction)
        if found is not None:
            return found
    return _nearest(layout, key, picture.nodes, direction)


def next_edge(picture: MapPicture, node: str, current: str | None, step: int) -> str | None:
    """Return the next edge (or, for a step of -1, the one before) of those that begin or end at a node."""
    keys = [edge.key for edge in picture.edges.values() if node in (edge.tail, edge.head)]
    if not keys:
        return None
    if current not in keys:
        return keys[0 if step > 0 else -1]
    return keys[(keys.index(current) + step) % len(keys)]


def _nearest(layout: Layout, key: str, others: Iterable[str], direction: str) -> str | None:
    here = layout.boxes[key]
    best: tuple[float, str] | None = None
    for other in others:
        ahead, aside = _way(here, layout.boxes[other], direction)
        if other != key and ahead > 0:
            found = (ahead + _ASIDE * aside, other)
            best = found if best is None else min(best, found)
    return None if best is None else best[1]


def _way(here: Rect, there: Rect, direction: str) -> tuple[float, float]:
    dx, dy = there.middle_x - here.middle_x, there.middle_y - here.middle_y
    if direction in ("up", "down"):
        return (dy if direction == "down" else -dy), abs(dx)
    return (dx if direction == "right" else -dx), abs(dy)
