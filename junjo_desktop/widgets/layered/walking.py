"""Where the keys lead on a drawing: along lines to the sides, to what is nearest above and below. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable

from junjo_desktop.widgets.layered.model import Layout, Rect

_ASIDE = 3.0
"""How much farther something seems that lies aside from the direction."""


def first_of(layout: Layout, keys: Iterable[str]) -> str | None:
    """Return where a walk begins: the box most to the left, then the highest."""
    return min(keys, key=lambda key: (layout.boxes[key].x, layout.boxes[key].y), default=None)


def neighbour_of(
    layout: Layout, key: str, keys: Iterable[str], lines: Iterable[tuple[str, str]], direction: str
) -> str | None:
    """Return the box that lies `left`, `right`, `up` or `down` of `key`; to the sides rather one it is joined with.

    `lines` are keys of boxes: tail and head.
    """
    if direction in ("left", "right"):
        joined = [head if tail == key else tail for tail, head in lines if key in (tail, head)]
        found = _nearest(layout, key, joined, direction)
        if found is not None:
            return found
    return _nearest(layout, key, keys, direction)


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
