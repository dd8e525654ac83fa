"""Places a graph with everything in it: groups with their children stacked, opened subflows with their own graphs.

Inner graphs are laid out first; outside, each is one box of a known size. The order of boxes does not depend on their
sizes, so that opening one only moves others aside. The same plan gives the same layout, always. Qt-free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from junjo_desktop.widgets.layered.level import Arrow, End, LevelPlaces, place_level
from junjo_desktop.widgets.layered.model import Box, Layout, Plan, Rect, Route

_STACK_GAP = 10.0
_PADDING = 12.0
_EMPTY_HEIGHT = 12.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its size, and what is inside it, which begins at `inset` from its corner."""

    box: Box
    width: float
    height: float
    inner: _Level | None = None
    inset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Level:
    boxes: tuple[_Placed, ...]
    places: LevelPlaces
    is_stack: bool


def lay_out(plan: Plan) -> Layout:
    """Return the place of every box and link of `plan`."""
    level = _level(plan)
    boxes: dict[str, Rect] = {}
    routes: dict[str, Route] = {}
    _collect(level, 0.0, 0.0, boxes, routes)
    return Layout(boxes, routes, level.places.width, level.places.height)


def _collect(level: _Level, x: float, y: float, boxes: dict[str, Rect], routes: dict[str, Route]) -> None:
    for key, route in level.places.routes.items():
        routes[key] = route.moved(x, y)
    for placed, rect in zip(level.boxes, level.places.nodes, strict=True):
        boxes[placed.box.key] = rect.moved(x, y)
        if placed.inner is not None:
            dx, dy = placed.inset
            _collect(placed.inner, x + rect.x + dx, y + rect.y + dy, boxes, routes)


def _level(plan: Plan, least_width: float = 0.0) -> _Level:
    boxes = tuple(_placed(box) for box in plan.boxes)
    if plan.is_stack:
        return _stack(boxes, least_width)
    ends = {end_key: end for number, placed in enumerate(boxes) for end_key, end in _ends(placed, number)}
    arrows = []
    for link in plan.links:
        tail, head = ends.get(link.tail), ends.get(link.head)
        if tail is None or head is None:
            continue
        arrows.append(Arrow(link.key, tail, head, link.label_width, link.label_height))
    between = [arrow for arrow in arrows if not _is_within(arrow)]
    places = place_level([(placed.width, placed.height) for placed in boxes], between)
    within = [arrow for arrow in arrows if _is_within(arrow)]
    for number, arrow in enumerate(within):
        places.routes[arrow.key] = _within(places.nodes[arrow.tail.node], arrow, (number + 1) / (len(within) + 1))
    return _Level(boxes, places, is_stack=False)


def _placed(box: Box) -> _Placed:
    if box.inner is None:
        return _Placed(box, _even(box.width), _even(box.height))
    inner = _level(box.inner, _even(box.width) - 2 * _PADDING)
    width, height = inner.places.width, inner.places.height or _EMPTY_HEIGHT
    return _Placed(
        box,
        _even(max(box.width, width + 2 * _PADDING)),
        _even(box.height + height + _PADDING),
        inner,
        (_PADDING, box.height),
    )


def _even(size: float) -> float:
    """Return a whole even number of pixels: middles and borders then both lie on whole ones."""
    return float(2 * -(-size // 2))


def _stack(boxes: Sequence[_Placed], least_width: float) -> _Level:
    """Put boxes one below the other; those with nothing inside are as wide as the widest of them, or as the group."""
    width = max((placed.width for placed in boxes), default=0.0)
    alike = max((placed.width for placed in boxes if placed.inner is None), default=0.0)
    alike = max(alike, least_width)
    width = max(width, alike)
    rects: list[Rect] = []
    y = 0.0
    for placed in boxes:
        rects.append(Rect(0.0, y, alike if placed.inner is None else placed.width, placed.height))
        y += placed.height + _STACK_GAP
    return _Level(tuple(boxes), LevelPlaces(tuple(rects), {}, width, max(y - _STACK_GAP, 0.0)), is_stack=True)


def _ends(placed: _Placed, number: int) -> Iterator[tuple[str, End]]:
    """Yield where links may end: at the box, and at boxes stacked inside it."""
    yield placed.box.key, End(number, placed.height)
    yield from _inner_ends(placed, number, 0.0, 0.0, placed)


def _inner_ends(placed: _Placed, number: int, x: float, y: float, outer: _Placed) -> Iterator[tuple[str, End]]:
    if placed.inner is None or not placed.inner.is_stack:
        return
    x, y = x + placed.inset[0], y + placed.inset[1]
    for child, rect in zip(placed.inner.boxes, placed.inner.places.nodes, strict=True):
        lower = y + rect.middle_y - outer.height / 2
        yield child.box.key, End(number, rect.height, lower, x + rect.x, outer.width - x - rect.right, is_inside=True)
        yield from _inner_ends(child, number, x + rect.x, y + rect.y, outer)


def _is_within(arrow: Arrow) -> bool:
    return arrow.tail.node == arrow.head.node and (arrow.tail.is_inside or arrow.head.is_inside)


def _within(node: Rect, arrow: Arrow, share: float) -> Route:
    """Return the way of a link that does not leave a group: between a child and the group, or two of its children.

    `share` (between 0 and 1) keeps such links apart. They have no place for a label.
    """
    tail, head = arrow.tail, arrow.head
    lower = tail.lower + (share - 0.5) * tail.height * 0.4
    its_lower = head.lower + (share - 0.5) * head.height * 0.4
    if not tail.is_inside:
        return Route((node.x, node.middle_y + its_lower), ((node.x + head.left_inset, node.middle_y + its_lower),))
    if not head.is_inside:
        return Route((node.right - tail.right_inset, node.middle_y + lower), ((node.right, node.middle_y + lower),))
    if tail == head:
        its_lower += tail.height * 0.2
    out = node.right - _PADDING * share
    start = node.right - tail.right_inset, node.middle_y + lower
    end = node.right - head.right_inset, node.middle_y + its_lower
    return Route(start, ((out, start[1]), (out, end[1]), end))
