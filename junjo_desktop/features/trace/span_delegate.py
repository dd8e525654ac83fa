"""Paints the rows of the waterfall: kind, name and what is odd in the first column, the bar in the second."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.bar_parts import BarParts
from junjo_desktop.features.trace.bars import paint_bar
from junjo_desktop.features.trace.model import TIME_COLUMN, SpanModel
from junjo_desktop.features.trace.tree import Mark, SpanRow
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import kind_role, kind_word
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX, Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tag import paint_tag, tag_width

Index = QModelIndex | QPersistentModelIndex

_GAP_PX = 6
_ICON_PX = 13
_NAME_CHARACTERS = 200
_TAGGED = {Mark.PARENT_MISSING: "parent missing", Mark.CYCLE: "cycle"}
_WARNED = Mark.OUTSIDE_PARENT | Mark.ENDS_BEFORE_START | Mark.NO_TIME


class SpanDelegate(QStyledItemDelegate):
    """Both columns; the ground of a row is the view's."""

    def __init__(self, model: SpanModel, zoom: Zoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._zoom = zoom
        self._font = ui_font()
        self._strong = ui_font(weight=QFont.Weight.Medium)
        self._metrics = QFontMetrics(self._font)
        self.found: frozenset[str] = frozenset()
        """Ids of spans that a search found; their names stand on a tinted ground."""
        self.analysis: Analysis | None = None
        self.shows_path = True

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        if index.column() == TIME_COLUMN:
            span, events = self._model.span_at(index), self._model.events_at(index)
            paint_bar(painter, QRectF(rect), span, events, self._zoom.window, current(), self._parts_of(span))
        else:
            self._paint_name(painter, rect.adjusted(2, 0, -4, 0), index)

    def _parts_of(self, span: SpanRow) -> BarParts | None:
        position = None if self.analysis is None else self.analysis.position_of.get(span.span_id)
        if self.analysis is None or position is None or self.analysis.tree.spans[position] != span:
            return None
        return BarParts(self.analysis, position, self.shows_path)

    def _paint_name(self, painter: QPainter, rect: QRect, index: Index) -> None:
        tokens = current()
        span, marks = self._model.span_at(index), self._model.marks_at(index)
        left = rect.left() + paint_tag(painter, rect, kind_word(span.span_type), kind_role(span.span_type)) + _GAP_PX
        right = rect.right()
        for mark, word in _TAGGED.items():
            if mark in marks:
                right -= tag_width(word)
                paint_tag(painter, QRect(right, rect.top(), tag_width(word), rect.height()), word, "warning")
                right -= _GAP_PX
        if marks & _WARNED:
            right -= _ICON_PX
            spot = QRect(right, rect.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
            paint_icon(painter, spot, "warning", tokens.warning)
            right -= _GAP_PX
        left = self._paint_text(painter, QRect(left, rect.top(), right - left, rect.height()), span, tokens)
        parent = self._model.parent_span_at(index)
        if parent is not None and parent.service_name != span.service_name:
            rest = QRect(left + _GAP_PX, rect.top(), right - left - _GAP_PX, rect.height())
            self._draw(painter, rest, one_line(span.service_name, _NAME_CHARACTERS), tokens.dim)

    def _paint_text(self, painter: QPainter, rect: QRect, span: SpanRow, tokens: Tokens) -> int:
        name = one_line(span.name, _NAME_CHARACTERS).strip() or "(no name)"
        width = min(self._metrics.horizontalAdvance(name), rect.width())
        if span.span_id in self.found and width > 0:
            ground = QRectF(rect.left() - 3, rect.center().y() - 9, width + 6, 19)
            painter.fillRect(ground, QColor(tokens.warning_bg))
        self._draw(painter, rect, name, tokens.error if span.is_error else tokens.text)
        return rect.left() + max(width, 0)

    def _draw(self, painter: QPainter, rect: QRect, text: str, color: str) -> None:
        if rect.width() <= 0:
            return
        if self._metrics.horizontalAdvance(text) > rect.width():
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(self._font)
        painter.setPen(QColor(color))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
