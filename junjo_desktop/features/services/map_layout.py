"""Where the nodes of a map stand. Small maps are drawn in layers, every line on a way of its own.

In larger ones, where everything calls everything, such ways would take a hundred times the room of the services: there,
a column is as far from the start as the shortest way of calls, what is outside stands last, and lines run across.
Qt-free, and the same for the same plan.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from junjo_desktop.widgets.layered.layout import lay_out
from junjo_desktop.widgets.layered.model import Box, Layout, Link, Plan, Rect, Route
from junjo_desktop.widgets.layered.order import ordered

MOST_LINES = 28
"""So many lines at most are drawn on ways of their own."""
_COLUMN_GAP = 150.0
_ROW_GAP = 18.0
_IN_COLUMN = 14
_ALONE_ACROSS = 5
_BOW = 0.45
_LOOP = 56.0


def is_dense(plan: Plan) -> bool:
    """Whether lines run straight across, and what stands beside them would cover others."""
    return len(plan.links) > MOST_LINES


def lay_out_map(plan: Plan, outside: Collection[str]) -> Layout:
    """Return the place of every box and line; `outside` are the keys of what stands last."""
    return _across(plan, outside) if is_dense(plan) else lay_out(plan)


def _across(plan: Plan, outside: Collection[str]) -> Layout:
    joined = {key for link in plan.links for key in (link.tail, link.head)}
    boxes = {box.key: box for box in plan.boxes}
    columns = _columns([box.key for box in plan.boxes if box.key in joined], plan.links, outside)
    places = _placed(columns, boxes)
    bottom = max((rect.bottom for rect in places.values()), default=0.0)
    places |= _alone([box for box in plan.boxes if box.key not in joined], bottom)
    routes = _routes(plan.links, places)
    width = max((rect.right for rect in places.values()), default=0.0) + _LOOP
    height = max((rect.bottom for rect in places.values()), default=0.0)
    return Layout(places, routes, width, height)


def _columns(keys: Sequence[str], links: Sequence[Link], outside: Collection[str]) -> list[list[str]]:
    """Return columns from left to right, in each those near each other that have to do with each other."""
    inside = [key for key in keys if key not in outside]
    depths = _depths(inside, links)
    last = max(depths.values(), default=0)
    depths |= {key: last + 1 for key in keys if key in outside}
    numbers = {key: number for number, key in enumerate(keys)}
    near: tuple[list[list[int]], list[list[int]]] = ([[] for _ in keys], [[] for _ in keys])
    for link in links:
        tail, head = numbers[link.tail], numbers[link.head]
        if depths[link.tail] + 1 == depths[link.head]:
            near[0][head].append(tail)
            near[1][tail].append(head)
    found = ordered([depths[key] for key in keys], *near)
    return [part for column in found for part in _cut([keys[number] for number in column])]


def _cut(column: list[str]) -> Iterable[list[str]]:
    parts = math.ceil(len(column) / _IN_COLUMN)
    size = math.ceil(len(column) / parts) if parts else 0
    return [column[start : start + size] for start in range(0, len(column), size)] if size else []


def _depths(keys: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Return how many calls each is away from a start: from what nobody calls, else from what calls most."""
    known = set(keys)
    heads: dict[str, list[str]] = {key: [] for key in keys}
    called: dict[str, int] = dict.fromkeys(keys, 0)
    for link in links:
        if link.tail in known and link.head in known and link.tail != link.head:
            heads[link.tail].append(link.head)
            called[link.head] += 1
    depths: dict[str, int] = {}
    starts = [key for key in keys if not called[key]]
    while len(depths) < len(keys):
        if not starts:
            left = [key for key in keys if key not in depths]
            starts = [max(left, key=lambda key: len(heads[key]) - called[key])]
        level = 0
        while starts:
            depths |= dict.fromkeys(starts, level)
            # A dictionary keeps the order, a set would not.
            starts = list(dict.fromkeys(head for key in starts for head in heads[key] if head not in depths))
            level += 1
    return depths


def _placed(columns: Sequence[Sequence[str]], boxes: Mapping[str, Box]) -> dict[str, Rect]:
    tallest = max((sum(boxes[key].height + _ROW_GAP for key in column) for column in columns), default=0.0)
    places: dict[str, Rect] = {}
    x = 0.0
    for column in columns:
        y = (tallest - sum(boxes[key].height + _ROW_GAP for key in column)) / 2
        for key in column:
            places[key] = Rect(x, y, boxes[key].width, boxes[key].height)
            y += boxes[key].height + _ROW_GAP
        x += max(boxes[key].width for key in column) + _COLUMN_GAP
    return places


def _alone(boxes: Sequence[Box], below: float) -> dict[str, Rect]:
    places: dict[str, Rect] = {}
    x, y = 0.0, below + 2 * _ROW_GAP if below else 0.0
    for number, box in enumerate(boxes):
        if number and number % _ALONE_ACROSS == 0:
            x, y = 0.0, y + box.height + _ROW_GAP
        places[box.key] = Rect(x, y, box.width, box.height)
        x += box.width + _ROW_GAP
    return places


def _routes(links: Sequence[Link], places: Mapping[str, Rect]) -> dict[str, Route]:
    """Return curves whose ends are spread along the sides of the boxes, in the order of where they lead."""
    ends: dict[tuple[str, bool], list[tuple[float, str, bool]]] = {}
    for link in links:
        tail, head = places[link.tail], places[link.head]
        leaves_right, enters_right = tail.x <= head.x, tail.x >= head.x
        ends.setdefault((link.tail, leaves_right), []).append((head.middle_y, link.key, True))
        ends.setdefault((link.head, enters_right), []).append((tail.middle_y, link.key, False))
    points: dict[tuple[str, bool], tuple[float, float]] = {}
    for (key, at_right), found in ends.items():
        rect = places[key]
        for number, (_, link_key, is_tail) in enumerate(sorted(found)):
            y = rect.y + rect.height * (number + 1) / (len(found) + 1)
            points[link_key, is_tail] = (rect.right if at_right else rect.x, y)
    return {link.key: _curve(link, points[link.key, True], points[link.key, False]) for link in links}


def _curve(link: Link, start: tuple[float, float], end: tuple[float, float]) -> Route:
    (x, y), (end_x, end_y) = start, end
    if abs(end_x - x) < _COLUMN_GAP / 2:
        # In one column, or to itself: out to the right and back.
        out = max(x, end_x) + _LOOP
        segment = (out, y, out, end_y, end_x, end_y)
        middle_x = x + (out - x) * 0.75
    else:
        bow = (end_x - x) * _BOW
        segment = (x + bow, y, end_x - bow, end_y, end_x, end_y)
        middle_x = (x + end_x) / 2
    label = Rect(
        middle_x - link.label_width / 2, (y + end_y) / 2 - link.label_height / 2, link.label_width, link.label_height
    )
    return Route((x, y), (segment,), label)
