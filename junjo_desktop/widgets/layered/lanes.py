"""Lines that run above or below everything between their ends: those that go back, and those that are very long.

Such a line leaves its node upwards (or downwards) where nothing stands in the way, else to the right and then up; it
arrives from above, or from the left. Short ones lie inside, each in a lane of its own. Qt-free.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.widgets.layered.chains import Arrow, Chains, End
from junjo_desktop.widgets.layered.model import Point, Rect, Route, Segment

TRACK_STEP = 6.0
_FIRST_TRACK = 10.0
_LANE_GAP = 18.0
_LABEL_GAP = 2.0
_CORNER = 10.0
_BORDER_MARGIN = 14.0
_BORDER_STEP = 10.0
_DETOUR = 40.0
"""What a way around costs when above and below are weighed, in pixels."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line: `is_above` or below; the tracks number the upright parts beside its columns, -1 for none."""

    position: int
    is_above: bool
    tail_track: int
    head_track: int


@dataclass(frozen=True, slots=True)
class Tracks:
    """The lanes of a part, and how many upright lines each column has at its left and right side."""

    lanes: tuple[Lane, ...]
    left: Sequence[int]
    right: Sequence[int]


class Skyline:
    """How far up and down each column is taken."""

    def __init__(self, made: Chains, columns: Sequence[Sequence[int]], middle: Sequence[float]) -> None:
        self.top = [min(middle[item] - made.items[item].above for item in column) for column in columns]
        self.bottom = [max(middle[item] + made.items[item].below for item in column) for column in columns]

    def take(self, first: int, last: int, room: float, *, is_above: bool) -> float:
        """Take `room` over (or under) the columns from first to last; return where the taken part now ends."""
        columns = slice(first, last + 1)
        if is_above:
            edge = min(self.top[columns]) - room
            self.top[columns] = [edge] * (last + 1 - first)
        else:
            edge = max(self.bottom[columns]) + room
            self.bottom[columns] = [edge] * (last + 1 - first)
        return edge


def assign_tracks(
    made: Chains, arrows: Sequence[Arrow], columns: Sequence[Sequence[int]], middle: Sequence[float]
) -> Tracks:
    """Decide for each lane on which side it runs, and where it needs a track beside a column."""
    sky = Skyline(made, columns, middle)
    left, right = [0] * len(columns), [0] * len(columns)
    lanes = []
    for position in _inner_first(made, arrows):
        arrow = arrows[position]
        first, last = sorted((made.column_of[arrow.tail.node], made.column_of[arrow.head.node]))
        ends = (arrow.tail, arrow.head)
        free = {
            is_above: [_is_free(made, columns, end, is_above=is_above) for end in ends] for is_above in (True, False)
        }
        top, bottom = min(sky.top[first : last + 1]), max(sky.bottom[first : last + 1])
        rise = sum(middle[end.node] - top for end in ends) + _DETOUR * free[True].count(False)
        fall = sum(bottom - middle[end.node] for end in ends) + _DETOUR * free[False].count(False)
        is_above = rise <= fall
        tail_track = head_track = -1
        if not free[is_above][0]:
            column = made.column_of[arrow.tail.node]
            tail_track, right[column] = right[column], right[column] + 1
        if not free[is_above][1]:
            column = made.column_of[arrow.head.node]
            head_track, left[column] = left[column], left[column] + 1
        lanes.append(Lane(position, is_above, tail_track, head_track))
    return Tracks(tuple(lanes), left, right)


def _inner_first(made: Chains, arrows: Sequence[Arrow]) -> list[int]:
    def length(position: int) -> int:
        arrow = arrows[position]
        return abs(made.column_of[arrow.tail.node] - made.column_of[arrow.head.node])

    return sorted(made.lanes, key=length)


def _is_free(made: Chains, columns: Sequence[Sequence[int]], end: End, *, is_above: bool) -> bool:
    if end.is_inside or (is_above and end.node in made.loops):
        return False
    return columns[made.column_of[end.node]][0 if is_above else -1] == end.node


class LaneRoutes:
    """Lays the lanes of a part, once the places of its nodes and columns are known."""

    def __init__(
        self,
        made: Chains,
        arrows: Sequence[Arrow],
        tracks: Tracks,
        nodes: Sequence[Rect],
        spans: Sequence[tuple[float, float]],
        sky: Skyline,
    ) -> None:
        """`spans` are the left and right borders of the columns."""
        self._made = made
        self._arrows = arrows
        self._tracks = tracks
        self._nodes = nodes
        self._spans = spans
        self._sky = sky
        self._attached: dict[tuple[int, bool, bool], int] = {}
        self._wanted: dict[tuple[int, bool, bool], int] = {}
        for lane in tracks.lanes:
            arrow = arrows[lane.position]
            for end, is_tail in ((arrow.tail, True), (arrow.head, False)):
                key = end.node, lane.is_above, is_tail
                self._wanted[key] = self._wanted.get(key, 0) + 1

    def routes(self) -> dict[int, Route]:
        """Return the routes by position of the arrow."""
        return {lane.position: self._route(lane) for lane in self._tracks.lanes}

    def _route(self, lane: Lane) -> Route:
        arrow = self._arrows[lane.position]
        out = self._way_out(arrow.tail, lane, is_tail=True)
        in_ = self._way_out(arrow.head, lane, is_tail=False)
        x, other_x = out[-1][0], in_[-1][0]
        middle, half = (x + other_x) / 2, arrow.label_width / 2
        first, last = self._columns_between(min(x, other_x, middle - half), max(x, other_x, middle + half))
        for end in (arrow.tail, arrow.head):
            column = self._made.column_of[end.node]
            first, last = min(first, column), max(last, column)
        room = arrow.label_height + _LABEL_GAP if arrow.label_width > 0 else 0.0
        edge = self._sky.take(first, last, _LANE_GAP + room, is_above=lane.is_above)
        y = edge + room if lane.is_above else edge
        label = None
        if room:
            label = Rect(middle - half, y - room, arrow.label_width, arrow.label_height)
        points = [*out, (x, y), (other_x, y), *reversed(in_)]
        return Route(points[0], rounded(points), label)

    def _columns_between(self, left: float, right: float) -> tuple[int, int]:
        first = bisect_left(self._spans, left, key=_right)
        last = bisect_right(self._spans, right, key=_left) - 1
        return min(first, len(self._spans) - 1), max(last, 0)

    def _way_out(self, end: End, lane: Lane, *, is_tail: bool) -> list[Point]:
        """Return the points from the border of a node to where its line turns up or down."""
        node = self._nodes[end.node]
        key = end.node, lane.is_above, is_tail
        number = self._attached.get(key, 0)
        self._attached[key] = number + 1
        track = lane.tail_track if is_tail else lane.head_track
        if track < 0:
            margin = min(_BORDER_MARGIN, node.width / 4)
            step = min(_BORDER_STEP, (node.width / 2 - margin) / (self._wanted[key] + 1))
            away = margin + step * number
            x = node.right - away if is_tail else node.x + away
            return [(x, node.y if lane.is_above else node.bottom)]
        reach = end.height / 2 - 3
        aside = reach * (number + 1) / (self._wanted[key] + 1)
        y = node.middle_y + end.lower + (-aside if lane.is_above else aside)
        left, right = self._spans[self._made.column_of[end.node]]
        away = _FIRST_TRACK + TRACK_STEP * track
        if is_tail:
            return [(node.right - end.right_inset, y), (right + away, y)]
        return [(node.x + end.left_inset, y), (left - away, y)]


def _left(span: tuple[float, float]) -> float:
    return span[0]


def _right(span: tuple[float, float]) -> float:
    return span[1]


def rounded(points: Sequence[Point]) -> tuple[Segment, ...]:
    """Return the way along these points (upright and level lines in turn) with its corners rounded."""
    segments: list[Segment] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        back = min(_CORNER, _distance(before, corner) / 2)
        on = min(_CORNER, _distance(corner, after) / 2)
        begin, end = _towards(corner, before, back), _towards(corner, after, on)
        segments.append(begin)
        segments.append((*_towards(begin, corner, back * 0.6), *_towards(end, corner, on * 0.6), *end))
    segments.append(points[-1])
    return tuple(segments)


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: Point, goal: Point, far: float) -> Point:
    length = _distance(start, goal)
    if not length:
        return start
    share = far / length
    return start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share
