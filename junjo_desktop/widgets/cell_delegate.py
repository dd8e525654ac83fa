"""Paints the cells of a paged table: ground, hairline, text or the column's own painter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import mono_font, ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX, Tokens
from junjo_desktop.widgets.marked_line import LINE_PX, MarkedLine, mark_ground, marked_places
from junjo_desktop.widgets.paged_model import PagedModel
from junjo_desktop.widgets.row_source import Column, Gone
from junjo_desktop.widgets.shaped_text import ShapedText
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

PADDING_PX = 8
_PLACEHOLDER_PX = 7
_FOCUS_PX = 2


class CellDelegate(QStyledItemDelegate):
    """Knows a `PagedModel` and paints from its rows directly; one call of `data` less for every cell."""

    def __init__(self, model: PagedModel[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        plain = ShapedText(ui_font())
        strong = ShapedText(ui_font(weight=QFont.Weight.Medium))
        self._texts = {"text": plain, "strong": strong, "dim": plain, "mono": ShapedText(mono_font())}
        self.hovered_row = -1
        self.current_row = -1
        self.selection: tuple[tuple[int, int], ...] = ()
        self.has_focus = False
        self.new_rows = 0
        self.newness = 0.0
        self.marked: tuple[str, ...] = ()
        self.below: Callable[[Any], MarkedLine | None] | None = None
        """What stands below the cells of a row, by its id (the view paints it); None: rows have one line."""

    @property
    def row_px(self) -> int:
        """How high rows are."""
        return ROW_PX if self.below is None else ROW_PX + LINE_PX

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self.row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect: QRect = option.rect
        row, column = index.row(), self._model.columns[index.column()]
        self._paint_ground(painter, rect, row, tokens)
        inner = rect.adjusted(PADDING_PX, 0, -PADDING_PX, -1)
        if self.below is not None:
            inner.setHeight(ROW_PX - 1)
        found = self._model.row_at(row)
        if found is None:
            _paint_placeholder(painter, inner, row + index.column(), tokens)
        elif column.paint is not None and not isinstance(found, Gone):
            column.paint(painter, inner, found)
        else:
            self._paint_text(painter, inner, self._model.display_text(row, column), column, tokens)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if (
            event.type() == QEvent.Type.ToolTip
            and index.isValid()
            and self._model.columns[index.column()].tooltip is None
        ):
            column = self._model.columns[index.column()]
            row = self._model.known_row(self._model.id_at(index.row()))
            text = "" if row is None else column.text(row)
            if self.below is not None and event.pos().y() > option.rect.top() + ROW_PX:
                line = self.below(self._model.id_at(index.row()))
                QToolTip.showText(event.globalPos(), plain_tooltip(line.words if line is not None else ""), view)
                return True
            shown = self._texts[column.look].width(self._model.display_text(index.row(), column))
            room = option.rect.width() - 2 * PADDING_PX
            QToolTip.showText(event.globalPos(), plain_tooltip(text) if shown > room else "", view)
            return True
        return super().helpEvent(event, view, option, index)

    def _paint_ground(self, painter: QPainter, rect: QRect, row: int, tokens: Tokens) -> None:
        if any(first <= row <= last for first, last in self.selection):
            painter.fillRect(rect, QColor(tokens.accent_bg))
        elif row < self.new_rows:
            painter.fillRect(rect, QColor(mix(tokens.accent_bg, tokens.panel, round(self.newness, 2))))
        elif row == self.hovered_row:
            painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))
        if row == self.current_row and self.has_focus and rect.left() <= 0:
            painter.fillRect(rect.left(), rect.top(), _FOCUS_PX, rect.height(), QColor(tokens.accent))

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, column: Column[Any], tokens: Tokens) -> None:
        if self.marked and column.align == "left":
            self._paint_marks(painter, rect, text, self._texts[column.look])
        painter.setPen(QColor(tokens.text if column.look in ("text", "strong") else tokens.dim))
        self._texts[column.look].draw(painter, rect, text, column.align)

    def _paint_marks(self, painter: QPainter, rect: QRect, text: str, shaped: ShapedText) -> None:
        for start, end in marked_places(text, self.marked):
            left = rect.left() + round(shaped.width(text[:start]))
            right = min(rect.left() + round(shaped.width(text[:end])), rect.right())
            if left < right:
                painter.fillRect(left, rect.top() + 4, right - left, rect.height() - 7, mark_ground())


def _paint_placeholder(painter: QPainter, rect: QRect, seed: int, tokens: Tokens) -> None:
    """A quiet bar where text will be; lengths differ so that rows look like rows."""
    width = round(rect.width() * (0.35 + 0.4 * ((seed * 7) % 5) / 5))
    top = rect.center().y() - _PLACEHOLDER_PX // 2
    painter.fillRect(rect.left(), top, width, _PLACEHOLDER_PX, QColor(mix(tokens.line, tokens.panel, 0.6)))
