"""Where the keys lead on the map: along edges to the sides, to what is nearest above and below. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.services.map_picture import MapPicture
from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.layered.walking import first_of, neighbour_of


def first_node(picture: MapPicture, layout: Layout) -> str | None:
    """Return the node where a walk begins: the one most to the left, then the highest."""
    return first_of(layout, picture.nodes)


def neighbour(picture: MapPicture, layout: Layout, key: str, direction: str) -> str | None:
    """Return the node that lies `left`, `right`, `up` or `down` of `key`; to the sides rather one it is joined with."""
    lines = ((edge.tail, edge.head) for edge in picture.edges.values())
    return neighbour_of(layout, key, picture.nodes, lines, direction)


def next_edge(picture: MapPicture, node: str, current: str | None, step: int) -> str | None:
    """Return the next edge (or, for a step of -1, the one before) of those that begin or end at a node."""
    keys = [edge.key for edge in picture.edges.values() if node in (edge.tail, edge.head)]
    if not keys:
        return None
    if current not in keys:
        return keys[0 if step > 0 else -1]
    return keys[(keys.index(current) + step) % len(keys)]
