"""Paints the rows of a flame graph: boxes, runs of boxes too narrow to be seen, and what is marked on them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from junjo_desktop.features.trace.flame.colors import ColorBy, Paint, box_label, box_role, paint_of
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame
from junjo_desktop.features.trace.flame.pieces import LEAST_PX, Piece, pieces
from junjo_desktop.features.trace.flame.words import box_duration
from junjo_desktop.features.trace.lane import Lane
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
_LEAST_TEXT_PX = 22
_TEXT_STEP_PX = 8
"""Texts are cut to steps of this width: while zooming most of them are cut as in the frame before."""
_EDGE_PX = 2
_LINE_PX = 2
_RUN_SHARE = 0.38


@dataclass(slots=True)
class FlameLook:
    """What is painted beside the boxes themselves."""

    color_by: ColorBy = ColorBy.KIND
    found: AbstractSet[int] = frozenset()
    """Boxes that a search found."""
    found_in_row: dict[int, array[int]] = field(default_factory=dict)
    """By row: the places of found boxes, in order."""
    selected: int = NO_BOX
    path: Stretches | None = None
    """The critical path, where it is to be shown; only in order of time."""


class FlamePainter:
    """Keeps shaped texts and the pieces of the window painted last: another selection costs little."""

    def __init__(self, flame: Flame) -> None:
        self.flame = flame
        self._text = ShapedText(ui_font(size_px=_FONT_PX, weight=QFont.Weight.Medium))
        self._labels: dict[tuple[int, ColorBy], str] = {}
        self._window: TimeWindow | None = None
        self._width = 0.0
        self._pieces: dict[int, list[Piece]] = {}

    def row_pieces(self, row: int, window: TimeWindow, width: float) -> list[Piece]:
        """Return what of a row is painted; pixels from the left of the lane."""
        if window != self._window or width != self._width:
            self._window, self._width = window, width
            self._pieces.clear()
        found = self._pieces.get(row)
        if found is None:
            found = self._pieces[row] = pieces(self.flame.rows[row], window, width)
        return found

    def paint_row(self, painter: QPainter, row: int, top: int, lane: Lane, window: TimeWindow, look: FlameLook) -> None:
        """Paint one row whose boxes begin at `top`."""
        tokens = current()
        paints: dict[Role, Paint] = {}
        run_ground = QColor(mix(tokens.dim, tokens.panel, _RUN_SHARE))
        flame, least, most = self.flame, lane.left - 8, lane.left + lane.width + 8
        painter.setPen(QColor(tokens.text))
        for piece in self.row_pieces(row, window, lane.width):
            left = max(piece.left + lane.left, least)
            right = min(piece.right + lane.left, most)
            box = piece.box
            if box == NO_BOX:
                painter.fillRect(QRectF(left, top, right - left, BOX_PX), run_ground)
                self._paint_run(painter, piece, row, QRectF(left, top, right - left, BOX_PX))
                continue
            role = box_role(flame, box, look.color_by)
            paint = paints.get(role)
            if paint is None:
                paint = paints[role] = paint_of(tokens, role)
            width = right - left - 1 if right - left > LEAST_PX + 1 else right - left
            painter.fillRect(QRectF(left, top, width, BOX_PX), paint.ground)
            painter.fillRect(QRectF(left, top, min(_EDGE_PX, width), BOX_PX), paint.strong)
            if width >= _LEAST_TEXT_PX:
                room = (int(width) - 2 * _PADDING_PX) // _TEXT_STEP_PX * _TEXT_STEP_PX
                self._text.draw(
                    painter, QRect(int(left) + _PADDING_PX, top, room, BOX_PX), self._label(box, look.color_by)
                )
        self._paint_marks(painter, row, top, lane, window, look)

    def _label(self, box: int, color_by: ColorBy) -> str:
        label = self._labels.get((box, color_by))
        if label is None:
            label = box_label(self.flame, box, color_by, box_duration(self.flame, box))
            self._labels[box, color_by] = label
        return label

    def _paint_run(self, painter: QPainter, piece: Piece, row: int, rect: QRectF) -> None:
        flame_row = self.flame.rows[row]
        text = f"+{flame_row.spans_before[piece.last + 1] - flame_row.spans_before[piece.first]:,} spans"
        if self._text.width(text) + 2 * _PADDING_PX <= rect.width():
            self._text.draw(painter, rect.toRect(), text, "center")

    # What stands on the boxes

    def _paint_marks(
        self, painter: QPainter, row: int, top: int, lane: Lane, window: TimeWindow, look: FlameLook
    ) -> None:
        tokens, flame_row = current(), self.flame.rows[row]
        found = look.found_in_row.get(row, array("i"))
        for piece in self.row_pieces(row, window, lane.width):
            rect = _cut(piece.left + lane.left, piece.right + lane.left, top, lane)
            if flame_row.failed_before[piece.last + 1] > flame_row.failed_before[piece.first]:
                _paint_failure(painter, rect, tokens, is_run=piece.box == NO_BOX)
            if found and _holds(found, piece.first, piece.last):
                painter.fillRect(
                    QRectF(rect.left(), rect.top() - 1, rect.width(), _LINE_PX + 1), QColor(tokens.warning)
                )
            if look.path is not None and piece.box != NO_BOX:
                self._paint_path(painter, piece.box, rect, lane, window, look.path)

    def _paint_path(
        self, painter: QPainter, box: int, rect: QRectF, lane: Lane, window: TimeWindow, path: Stretches
    ) -> None:
        position = self.flame.members[box][0]
        least_ns = max(1, round(window.span_ns / lane.width))
        color = QColor(current().text)
        for start, end in path.seen(position, window.start_ns, window.end_ns, least_ns):
            left, right = max(lane.x(window, start), rect.left()), min(lane.x(window, end), rect.right())
            painter.fillRect(QRectF(left, rect.bottom() - _LINE_PX, max(right - left, 1), _LINE_PX), color)

    def paint_selection(
        self, painter: QPainter, top_of_row_0: int, lane: Lane, window: TimeWindow, look: FlameLook
    ) -> None:
        """Outline the selected box strongly, and the boxes above it."""
        tokens = current()
        if look.selected == NO_BOX:
            return
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place, box in enumerate(self.flame.path(look.selected)):
            scale = lane.width / window.span_ns
            left = lane.left + (self.flame.left(box) - window.start_ns) * scale
            right = max(lane.left + (self.flame.right(box) - window.start_ns) * scale, left + LEAST_PX)
            if right < lane.left - 8 or left > lane.left + lane.width + 8:
                continue
            rect = _cut(left, right, top_of_row_0 + self.flame.row_of[box] * ROW_PX, lane)
            inside = 1.0 if place == 0 else 0.5
            painter.setPen(QPen(QColor(tokens.accent if place == 0 else tokens.dim), 2 if place == 0 else 1))
            painter.drawRect(rect.adjusted(inside, inside, -inside, -inside))
        painter.restore()


def _cut(left: float, right: float, top: int, lane: Lane) -> QRectF:
    left, right = max(left, lane.left - 8), min(right, lane.left + lane.width + 8)
    return QRectF(left, top, max(right - left, LEAST_PX), BOX_PX)


def _holds(places: array[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def _paint_failure(painter: QPainter, rect: QRectF, tokens: Tokens, *, is_run: bool) -> None:
    """A ring round a failed box; a corner where some of a run failed."""
    color = QColor(tokens.error)
    if is_run or rect.width() < 3 * LEAST_PX:
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), _LINE_PX), color)
        return
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.7, 0.7, -1.7, -0.7))
