"""Paints the rows of the waterfall: kind, name and what is odd at the left, the bar at the right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.bar_marks import BarMark
from junjo_desktop.features.trace.bar_parts import BarParts
from junjo_desktop.features.trace.bars import label_font, paint_bar
from junjo_desktop.features.trace.coloring import ColorBy, span_role
from junjo_desktop.features.trace.columns import Label
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.layout import Layout
from junjo_desktop.features.trace.repeats import Fold
from junjo_desktop.features.trace.span_row import Mark, SpanRow
from junjo_desktop.features.trace.words import fold_figures
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import kind_role, kind_word, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import BAR_PX, Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted, offset_text
from junjo_desktop.widgets.tag import paint_tag, tag_width

_GAP_PX = 6
_ICON_PX = 13
_NAME_CHARACTERS = 200
_FOLD_SHARE = 0.5
_LABEL_GAP_PX = 5
_TAGGED = {Mark.PARENT_MISSING: "parent missing", Mark.CYCLE: "cycle"}
_WARNED = Mark.OUTSIDE_PARENT | Mark.ENDS_BEFORE_START | Mark.NO_TIME


class RowPainter:
    """Both columns; the ground of a row is the view's."""

    def __init__(self, zoom: Zoom) -> None:
        self._zoom = zoom
        self._font = ui_font()
        self._strong = ui_font(weight=QFont.Weight.Medium)
        self._metrics = QFontMetrics(self._font)
        self.found: frozenset[str] = frozenset()
        """Ids of spans that a search found; their names stand on a tinted ground."""
        self.analysis: Analysis | None = None
        self.shows_path = True
        self.color_by = ColorBy.KIND
        self.marks: Mapping[str, Sequence[BarMark]] = {}
        """By span id: events and log records, of those rows for which they are known."""
        self.shifts: Mapping[int, int] = {}
        """By position: nanoseconds by which a span was moved to correct its clock."""

    # Spans

    def paint_span(self, painter: QPainter, name: QRect, time: QRect, layout: Layout, position: int) -> None:
        """Paint the row of a span."""
        span = layout.tree.columns.row(position)
        marks = self.marks.get(span.span_id, ())
        parts = self._parts_of(layout, position, span)
        paint_bar(painter, QRectF(time), span, marks, self._zoom.window, current(), parts, self.color_by)
        self._paint_name(painter, name.adjusted(2, 0, -4, 0), layout, position, span)

    def _parts_of(self, layout: Layout, position: int, span: SpanRow) -> BarParts | None:
        if self.analysis is None:
            return None
        tree = self.analysis.tree
        if tree is not layout.tree:
            # It is about the trace as it was: still right for spans that are the same.
            found = tree.position_of(span.span_id)
            if found is None or tree.columns.row(found) != span:
                return None
            position = found
        return BarParts(self.analysis, position, self.shows_path)

    def _paint_name(self, painter: QPainter, rect: QRect, layout: Layout, position: int, span: SpanRow) -> None:
        tokens, tree = current(), layout.tree
        marks, parent = tree.marks[position], tree.parents[position]
        left = rect.left() + paint_tag(painter, rect, kind_word(span.span_type), kind_role(span.span_type)) + _GAP_PX
        right = rect.right()
        tags = [word for mark, word in _TAGGED.items() if mark in marks]
        if position in self.shifts:
            tags.append(offset_text(self.shifts[position]))
        for word in tags:
            right -= tag_width(word)
            paint_tag(painter, QRect(right, rect.top(), tag_width(word), rect.height()), word, "warning")
            right -= _GAP_PX
        if marks & _WARNED:
            right -= _ICON_PX
            spot = QRect(right, rect.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
            paint_icon(painter, spot, "warning", tokens.warning)
            right -= _GAP_PX
        name = one_line(span.name, _NAME_CHARACTERS).strip() or "(no name)"
        room = QRect(left, rect.top(), right - left, rect.height())
        if span.span_id in self.found:
            self._tint(painter, room, name)
        left = self._write(painter, room, name, tokens.error if span.is_error else tokens.text)
        if parent >= 0 and tree.columns.labels[tree.columns.label_of[parent]].service_name != span.service_name:
            rest = QRect(left + _GAP_PX, rect.top(), right - left - _GAP_PX, rect.height())
            self._write(painter, rest, one_line(span.service_name, _NAME_CHARACTERS), tokens.dim)

    # Folds

    def paint_fold(self, painter: QPainter, name: QRect, time: QRect, fold: Fold, *, is_open: bool) -> None:
        """Paint the row of a fold: how many, of what, how long."""
        tokens = current()
        service, span_name, span_type = fold.label
        rect = name.adjusted(2, 0, -4, 0)
        left = rect.left() + paint_tag(painter, rect, kind_word(span_type), kind_role(span_type)) + _GAP_PX
        painter.setFont(self._strong)
        for words, color in (
            (f"× {len(fold.members):,}", tokens.text),
            (one_line(span_name, _NAME_CHARACTERS).strip() or "(no name)", tokens.text),
            (counted(fold.failed_count, "failed", "failed") if fold.failed_count else "", tokens.error),
        ):
            if words:
                room = QRect(left, rect.top(), rect.right() - left, rect.height())
                left = self._write(painter, room, words, color) + _GAP_PX
        self._paint_stretches(painter, QRectF(time), fold, Label(service, span_name, span_type, False, ""), is_open)

    def _paint_stretches(self, painter: QPainter, rect: QRectF, fold: Fold, label: Label, is_open: bool) -> None:
        """Paint when members ran; parts less than a pixel from each other are one."""
        if not len(fold.starts):
            return
        tokens, window, lane = current(), self._zoom.window, Lane.of(rect)
        painter.save()
        painter.setClipRect(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        strong = role_color(tokens, span_role(label, self.color_by, is_failed=fold.failed_count > 0))
        color = QColor(mix(strong, tokens.panel, _FOLD_SHARE) if is_open else strong)
        whole = QRectF(lane.x(window, fold.starts[0]), lane.middle - 0.5, 0, 1)
        whole.setRight(lane.x(window, fold.ends[-1]))
        painter.fillRect(whole, QColor(mix(strong, tokens.panel, _FOLD_SHARE)))
        top, pixel_ns = lane.middle - BAR_PX / 2, max(1, round(window.span_ns / lane.width))
        at, count = bisect_right(fold.ends, window.start_ns), len(fold.starts)
        while at < count and fold.starts[at] < window.end_ns:
            end = max(at + 1, bisect_left(fold.starts, fold.ends[at] + pixel_ns, at, count))
            left, right = lane.x(window, fold.starts[at]), lane.x(window, fold.ends[end - 1])
            painter.fillRect(QRectF(left, top, max(right - left, 1.0), BAR_PX), color)
            at = end
        if fold.failed_count:
            painter.fillRect(QRectF(whole.left(), top + BAR_PX, whole.width(), 1.5), QColor(tokens.error))
        self._paint_figures(painter, rect, whole.right(), fold, tokens)
        painter.restore()

    def _paint_figures(self, painter: QPainter, rect: QRectF, right: float, fold: Fold, tokens: Tokens) -> None:
        text = fold_figures(fold)
        painter.setFont(label_font())
        width = QFontMetrics(label_font()).horizontalAdvance(text)
        if right + _LABEL_GAP_PX + width < rect.right():
            painter.setPen(QColor(tokens.dim))
            place = QRectF(right + _LABEL_GAP_PX, rect.top(), width + 1, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    # Text

    def _tint(self, painter: QPainter, rect: QRect, text: str) -> None:
        width = min(self._metrics.horizontalAdvance(text), rect.width())
        if width > 0:
            ground = QRectF(rect.left() - 3, rect.center().y() - 9, width + 6, 19)
            painter.fillRect(ground, QColor(current().warning_bg))

    def _write(self, painter: QPainter, rect: QRect, text: str, color: str) -> int:
        """Write what fits; return where it ends."""
        if rect.width() <= 0:
            return rect.left()
        width = self._metrics.horizontalAdvance(text)
        if width > rect.width():
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(self._font)
        painter.setPen(QColor(color))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        return rect.left() + min(width, rect.width())
