"""One level of a layout: nodes of known sizes and the arrows between them, in layers from left to right. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from junjo_desktop.widgets.layered.chains import Arrow, Chains, End, chains
from junjo_desktop.widgets.layered.heights import heights
from junjo_desktop.widgets.layered.lanes import TRACK_STEP, LaneRoutes, Skyline, Tracks, assign_tracks
from junjo_desktop.widgets.layered.layers import components
from junjo_desktop.widgets.layered.loops import loop_routes
from junjo_desktop.widgets.layered.model import Rect, Route, Segment
from junjo_desktop.widgets.layered.order import ordered

_COLUMN_GAP = 44.0
_LABEL_COLUMN_GAP = 24.0
_PART_GAP = 24.0
_ALONE_GAP = 20.0


@dataclass(frozen=True, slots=True)
class LevelPlaces:
    """Places of the nodes, by position; routes of the arrows, by key; all between (0, 0) and (`width`, `height`)."""

    nodes: tuple[Rect, ...]
    routes: dict[str, Route]
    width: float
    height: float


def place_level(sizes: Sequence[tuple[float, float]], arrows: Sequence[Arrow]) -> LevelPlaces:
    """Place nodes of these sizes (width, height). Parts that nothing connects stand one below the other."""
    parts = components(len(sizes), [(arrow.tail.node, arrow.head.node) for arrow in arrows])
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    its_arrows: list[list[Arrow]] = [[] for _ in parts]
    for arrow in arrows:
        its_arrows[part_of[arrow.tail.node]].append(arrow)
    placed = [_place_part(sizes, part, own) for part, own in zip(parts, its_arrows, strict=True)]
    return _packed(len(sizes), parts, placed)


def _packed(count: int, parts: Sequence[Sequence[int]], placed: Sequence[LevelPlaces]) -> LevelPlaces:
    """Put larger parts in rows of their own, and then the single nodes side by side.

    Which part stands in which row does not depend on sizes: opening a box moves no other to another row.
    """
    large = [number for number, part in enumerate(parts) if len(part) > 1]
    alone = [number for number, part in enumerate(parts) if len(part) == 1]
    across = max(4, math.isqrt(len(alone)))
    rows = [[number] for number in large]
    rows += [alone[start : start + across] for start in range(0, len(alone), across)]
    nodes: list[Rect | None] = [None] * count
    routes: dict[str, Route] = {}
    width = height = 0.0
    for row in rows:
        x, tallest = 0.0, 0.0
        top = height + _PART_GAP if height else 0.0
        for number in row:
            x += _ALONE_GAP if x else 0.0
            for node, rect in zip(parts[number], placed[number].nodes, strict=True):
                nodes[node] = rect.moved(x, top)
            routes.update((key, route.moved(x, top)) for key, route in placed[number].routes.items())
            x += placed[number].width
            tallest = max(tallest, placed[number].height)
        width, height = max(width, x), top + tallest
    return LevelPlaces(tuple(rect for rect in nodes if rect is not None), routes, width, height)


def _place_part(sizes: Sequence[tuple[float, float]], part: Sequence[int], arrows: Sequence[Arrow]) -> LevelPlaces:
    if len(part) == len(sizes):
        return _Part(sizes, arrows).places()
    number_in_part = {node: number for number, node in enumerate(part)}
    own = [
        replace(
            arrow,
            tail=replace(arrow.tail, node=number_in_part[arrow.tail.node]),
            head=replace(arrow.head, node=number_in_part[arrow.head.node]),
        )
        for arrow in arrows
    ]
    return _Part([sizes[node] for node in part], own).places()


class _Part:
    def __init__(self, sizes: Sequence[tuple[float, float]], arrows: Sequence[Arrow]) -> None:
        self._arrows = arrows
        self._made = made = chains(sizes, arrows)
        before = [[other for other, _ in pulls] for pulls in made.before]
        after = [[other for other, _ in pulls] for pulls in made.after]
        self._columns = ordered(made.column_of, before, after)
        self._middle = heights(made.items, self._columns, made.before, made.after)
        self._tracks = assign_tracks(made, arrows, self._columns, self._middle)
        self._spans = _spans(made, self._columns, self._tracks, len(sizes))
        self._nodes = [
            Rect(self._spans[made.column_of[node]][0], self._middle[node] - height / 2, width, height)
            for node, (width, height) in enumerate(sizes)
        ]

    def places(self) -> LevelPlaces:
        """Return everything, moved so that it begins at (0, 0)."""
        sky = Skyline(self._made, self._columns, self._middle)
        routes = {position: self._along(position) for position in self._made.ways}
        for node, loops in self._made.loops.items():
            labels = [(self._arrows[loop].label_width, self._arrows[loop].label_height) for loop in loops]
            routes.update(zip(loops, loop_routes(self._nodes[node], labels), strict=True))
        lanes = LaneRoutes(self._made, self._arrows, self._tracks, self._nodes, self._spans, sky).routes()
        routes.update(lanes)
        xs = [x for route in lanes.values() for x in _xs(route)]
        left, right = min([self._spans[0][0], *xs]), max([self._spans[-1][1], *xs])
        top, bottom = min(sky.top), max(sky.bottom)
        return LevelPlaces(
            tuple(node.moved(-left, -top) for node in self._nodes),
            {self._arrows[position].key: routes[position].moved(-left, -top) for position in sorted(routes)},
            right - left,
            bottom - top,
        )

    def _along(self, position: int) -> Route:
        made, arrow = self._made, self._arrows[position]
        way, port = made.ways[position], made.ports[position]
        tail, head = self._nodes[way[0]], self._nodes[way[-1]]
        start = tail.right - arrow.tail.right_inset, tail.middle_y + arrow.tail.lower + port
        pen = _Pen(start)
        pen.level_to(self._spans[made.column_of[way[0]]][1])
        for item in way[1:-1]:
            left, right = self._spans[made.column_of[item]]
            pen.curve_to(left, self._middle[item])
            pen.level_to(right)
        pen.curve_to(head.x, head.middle_y + arrow.head.lower + port)
        pen.level_to(head.x + arrow.head.left_inset)
        return Route(start, tuple(pen.segments), self._label_place(position))

    def _label_place(self, position: int) -> Rect | None:
        item = self._made.label_items.get(position)
        if item is None:
            return None
        arrow = self._arrows[position]
        left, right = self._spans[self._made.column_of[item]]
        x = left + (right - left - arrow.label_width) / 2
        return Rect(x, self._middle[item] - arrow.label_height - 2, arrow.label_width, arrow.label_height)


class _Pen:
    """Draws level lines, and curves that begin and end level."""

    def __init__(self, start: tuple[float, float]) -> None:
        self._x, self._y = start
        self.segments: list[Segment] = []

    def level_to(self, x: float) -> None:
        """Draw a level line; lines that go on in the same direction become one."""
        if x <= self._x:
            return
        if self.segments and len(self.segments[-1]) == 2:
            self.segments.pop()
        self.segments.append((x, self._y))
        self._x = x

    def curve_to(self, x: float, y: float) -> None:
        """Draw a curve, or a line where there is nothing to bend."""
        if y == self._y:
            self.level_to(x)
            return
        half = (self._x + x) / 2
        self.segments.append((half, self._y, half, y, x, y))
        self._x, self._y = x, y


def _spans(
    made: Chains, columns: Sequence[Sequence[int]], tracks: Tracks, node_count: int
) -> list[tuple[float, float]]:
    """Return the left and right borders of the columns."""
    spans: list[tuple[float, float]] = []
    right, was_label = 0.0, False
    for number, column in enumerate(columns):
        is_label = all(item >= node_count for item in column)
        if number:
            gap = _LABEL_COLUMN_GAP if is_label or was_label else _COLUMN_GAP
            right += gap + TRACK_STEP * (tracks.right[number - 1] + tracks.left[number])
        left, right = right, right + max(made.items[item].width for item in column)
        spans.append((left, right))
        was_label = is_label
    return spans


def _xs(route: Route) -> list[float]:
    label = [] if route.label is None else [route.label.x, route.label.right]
    return [route.start[0], *(segment[-2] for segment in route.segments), *label]


__all__ = ["Arrow", "End", "LevelPlaces", "place_level"]
