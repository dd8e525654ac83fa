"""Paints the rows of a flame graph: boxes, runs of boxes too narrow to be seen, and what is marked on them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.flame.colors import box_label, box_role, paint_of
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame
from junjo_desktop.features.trace.flame.pieces import LEAST_PX, Piece, pieces
from junjo_desktop.features.trace.flame.words import box_duration
from junjo_desktop.features.trace.lane import EDGE_PX, Lane
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.shaped_text import ShapedText

BOX_PX = 19
ROW_PX = 21
_FONT_PX = 12
_PADDING_PX = 5
_LEAST_TEXT_PX = 34
_TEXT_STEP_PX = 8
"""Texts are cut to steps of this width: while zooming most of them are cut as in the frame before."""
_EDGE_PX = 2
_LINE_PX = 2
_NARROW_PX = 9
_RING_PX = 9
"""Narrower failed boxes have a line at their foot in place of a ring."""
_DIVIDED_PX = 12
"""In narrower boxes the critical path is not divided: it runs through them or not."""
_RUN_SHARE = 0.38
_PATH_SHARE = 0.8


@dataclass(slots=True)
class FlameLook:
    """What is painted beside the boxes themselves."""

    color_by: ColorBy = ColorBy.KIND
    found: frozenset[str] = frozenset()
    """Ids of spans that a search found."""
    selected: int = NO_BOX
    path: Stretches | None = None
    """The critical path, where it is to be shown; only in order of time."""


@dataclass(slots=True)
class _Fills:
    """Rectangles of a row by what they mean: many of one colour are painted by one call."""

    grounds: dict[Role, list[QRectF]] = field(default_factory=dict)
    edges: dict[Role, list[QRectF]] = field(default_factory=dict)
    runs: list[QRectF] = field(default_factory=list)
    failed: list[QRectF] = field(default_factory=list)
    failed_runs: list[QRectF] = field(default_factory=list)
    found: list[QRectF] = field(default_factory=list)
    path: list[QRectF] = field(default_factory=list)
    _path_from: float = 0.0
    _path_to: float = -1e9
    _path_top: int = 0

    def add(self, role: Role, left: float, top: int, width: float) -> None:
        """Add a box with a gap after it; a narrow one has only its strong colour."""
        if width > _NARROW_PX:
            self.grounds.setdefault(role, []).append(QRectF(left, top, width - 1, BOX_PX))
            width = _EDGE_PX
        else:
            width -= 1
        self.edges.setdefault(role, []).append(QRectF(left, top, width, BOX_PX))

    def add_path(self, left: float, right: float, top: int) -> None:
        """Add a part of the critical path; parts that touch become one."""
        if self._path_to < left - 1:
            self.end_path()
            self._path_from, self._path_top = left, top
        self._path_to = right

    def end_path(self) -> None:
        """Take over the part under way."""
        if self._path_to >= self._path_from:
            self.path.append(QRectF(self._path_from, self._path_top, self._path_to - self._path_from, _LINE_PX))

    def paint(self, painter: QPainter, tokens: Tokens) -> None:
        """Paint everything in its order."""
        self.end_path()
        painter.setPen(Qt.PenStyle.NoPen)
        _fill(painter, QColor(mix(tokens.dim, tokens.panel, _RUN_SHARE)), self.runs)
        for role, rects in self.grounds.items():
            _fill(painter, paint_of(tokens, role).ground, rects)
        for role, rects in self.edges.items():
            _fill(painter, paint_of(tokens, role).strong, rects)
        _fill(painter, QColor(mix(tokens.text, tokens.panel, _PATH_SHARE)), self.path)
        error = QColor(tokens.error)
        _fill(
            painter,
            error,
            [QRectF(rect.left(), rect.bottom() - _LINE_PX, rect.width(), _LINE_PX) for rect in self.failed_runs],
        )
        _fill(painter, QColor(tokens.warning), self.found)
        if self.failed:
            painter.setPen(QPen(error, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRects([rect.adjusted(0.7, 0.7, -1.7, -0.7) for rect in self.failed])


class _Roles(dict[int, Role]):
    """Colour roles by box, each worked out once."""

    def __init__(self, flame: Flame, color_by: ColorBy) -> None:
        super().__init__()
        self._flame = flame
        self.color_by = color_by

    def __missing__(self, box: int) -> Role:
        role = self[box] = box_role(self._flame, box, self.color_by)
        return role


def _fill(painter: QPainter, color: QColor, rects: list[QRectF]) -> None:
    if rects:
        painter.setBrush(color)
        painter.drawRects(rects)


class FlamePainter:
    """Keeps shaped texts and the pieces of the window painted last: another selection costs little."""

    def __init__(self, flame: Flame) -> None:
        self.flame = flame
        self._text = ShapedText(ui_font(size_px=_FONT_PX, weight=QFont.Weight.Medium))
        self._labels: dict[int, str] = {}
        self._roles = _Roles(flame, ColorBy.KIND)
        self._window: TimeWindow | None = None
        self._width = 0.0
        self._pieces: dict[int, list[Piece]] = {}
        self._path_end = NO_BOX
        self._path: list[int] = []
        self._found: frozenset[str] = frozenset()
        self._is_found = b""
        self._found_places: dict[int, array[int]] = {}

    def row_pieces(self, row: int, window: TimeWindow, width: float) -> list[Piece]:
        """Return what of a row is painted; pixels from the left of the lane."""
        if window != self._window or width != self._width:
            self._window, self._width = window, width
            self._pieces.clear()
        found = self._pieces.get(row)
        if found is None:
            found = self._pieces[row] = pieces(self.flame.rows[row], window, width)
        return found

    def found_places(self, row: int, found: frozenset[str]) -> array[int]:
        """Return where in a row boxes with found spans stand; looked up only for rows that are painted."""
        if found is not self._found:
            self._found = found
            self._is_found = bytes(self.flame.tree.columns.ids.holds(found))
            self._found_places.clear()
        places = self._found_places.get(row)
        if places is None:
            members, is_found = self.flame.members, self._is_found
            places = self._found_places[row] = array(
                "i",
                (
                    place
                    for place, box in enumerate(self.flame.rows[row].boxes)
                    if any(is_found[position] for position in members[box])
                ),
            )
        return places

    def paint_row(self, painter: QPainter, row: int, top: int, lane: Lane, window: TimeWindow, look: FlameLook) -> None:
        """Paint one row whose boxes begin at `top`."""
        tokens, failed_before = current(), self.flame.rows[row].failed_before
        least, most = lane.left - EDGE_PX, lane.left + lane.width + EDGE_PX
        found = self.found_places(row, look.found) if look.found else None
        fills, texts = _Fills(), list[tuple[Piece, float, float]]()
        roles = self._roles_by(look.color_by)
        firsts = None if look.path is None else look.path.firsts
        row_pieces = self.row_pieces(row, window, lane.width)
        for piece in row_pieces:
            left, right, box = piece.left + lane.left, piece.right + lane.left, piece.box
            # Only these can reach out of sight; there may be thousands in a frame.
            if piece is row_pieces[0] or piece is row_pieces[-1]:
                left, right = max(left, least), min(right, most)
            width = right - left
            if box == NO_BOX:
                fills.runs.append(QRectF(left, top, width, BOX_PX))
            else:
                fills.add(roles[box], left, top, width)
                # In order of time a box has the position of its span.
                if firsts is not None and firsts[box] < firsts[box + 1]:
                    if width < _DIVIDED_PX:
                        fills.add_path(left, right, top + BOX_PX - _LINE_PX)
                    else:
                        self._add_path(fills, box, QRectF(left, top, width, BOX_PX), lane, window, look)
            if width >= _LEAST_TEXT_PX:
                texts.append((piece, left, width))
            if failed_before[piece.last + 1] > failed_before[piece.first]:
                (fills.failed_runs if box == NO_BOX or width < _RING_PX else fills.failed).append(
                    QRectF(left, top, width, BOX_PX)
                )
            if found and _holds(found, piece.first, piece.last):
                fills.found.append(QRectF(left, top - 1, width, _LINE_PX + 1))
        fills.paint(painter, tokens)
        painter.setPen(QColor(tokens.text))
        for piece, left, width in texts:
            self._write(painter, piece, row, QRect(int(left), top, int(width), BOX_PX), look.color_by)

    def _roles_by(self, color_by: ColorBy) -> _Roles:
        if color_by is not self._roles.color_by:
            self._roles = _Roles(self.flame, color_by)
            self._labels.clear()
        return self._roles

    def _add_path(self, fills: _Fills, box: int, rect: QRectF, lane: Lane, window: TimeWindow, look: FlameLook) -> None:
        if look.path is None:
            return
        foot, pixel_ns = rect.bottom() - _LINE_PX, max(1, round(window.span_ns / lane.width))
        for start, end in look.path.seen(box, window.start_ns, window.end_ns, pixel_ns):
            first, last = max(lane.x(window, start), rect.left()), min(lane.x(window, end), rect.right())
            fills.path.append(QRectF(first, foot, max(last - first, 1.0), _LINE_PX))

    def _write(self, painter: QPainter, piece: Piece, row: int, rect: QRect, color_by: ColorBy) -> None:
        if piece.box == NO_BOX:
            spans_before = self.flame.rows[row].spans_before
            text = f"+{spans_before[piece.last + 1] - spans_before[piece.first]:,} spans"
            if self._text.width(text) + 2 * _PADDING_PX <= rect.width():
                self._text.draw(painter, rect, text, "center")
        else:
            room = (rect.width() - 2 * _PADDING_PX) // _TEXT_STEP_PX * _TEXT_STEP_PX
            place = QRect(rect.left() + _PADDING_PX, rect.top(), room, BOX_PX)
            self._text.draw(painter, place, self._label(piece.box, color_by))

    def _label(self, box: int, color_by: ColorBy) -> str:
        label = self._labels.get(box)
        if label is None:
            label = self._labels[box] = box_label(self.flame, box, color_by, box_duration(self.flame, box))
        return label

    def paint_selection(
        self, painter: QPainter, top_of_row_0: int, visible: range, lane: Lane, window: TimeWindow, look: FlameLook
    ) -> None:
        """Outline the selected box strongly, and the boxes above it; `visible` rows."""
        tokens, flame = current(), self.flame
        scale = lane.width / window.span_ns
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in self._path_of(look.selected):
            if flame.row_of[box] not in visible:
                continue
            left = lane.left + (flame.left(box) - window.start_ns) * scale
            right = max(lane.left + (flame.right(box) - window.start_ns) * scale, left + LEAST_PX)
            if right < lane.left - EDGE_PX or left > lane.left + lane.width + EDGE_PX:
                continue
            is_selected = box == look.selected
            inside = 1.0 if is_selected else 0.5
            rect = _cut(left, right, top_of_row_0 + flame.row_of[box] * ROW_PX, lane)
            painter.setPen(QPen(QColor(tokens.accent if is_selected else tokens.dim), 2 * inside))
            painter.drawRect(rect.adjusted(inside, inside, -inside, -inside))

    def _path_of(self, box: int) -> list[int]:
        if box != self._path_end:
            self._path_end, self._path = box, self.flame.path(box)
        return self._path


def _cut(left: float, right: float, top: int, lane: Lane) -> QRectF:
    left, right = max(left, lane.left - EDGE_PX), min(right, lane.left + lane.width + EDGE_PX)
    return QRectF(left, top, max(right - left, LEAST_PX), BOX_PX)


def _holds(places: array[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last
