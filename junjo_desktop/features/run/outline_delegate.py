"""Paints a row of an outline: number, fold mark, tags and texts from the left, a figure at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.features.run.outline import Cells
from junjo_desktop.features.run.outline_model import OutlineModel
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.shaped_text import ShapedText
from junjo_desktop.widgets.tag import paint_tag, tag_width

Index = QModelIndex | QPersistentModelIndex

NUMBER_PX = 40
"""Where numbers stand, left of everything else."""
_LEFT_PX, _RIGHT_PX = 12, 12
_CHEVRON_PX = 12
_INDENT_PX = 16
_DEEPEST_PX = 160
_GAP_PX = 6
_FOCUS_PX = 2
_TEXT_CHARACTERS = 300
_ARROW = "→"


class OutlineDelegate(QStyledItemDelegate):
    """Knows its model, and asks it for cells directly."""

    def __init__(self, model: OutlineModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._plain = ShapedText(ui_font())
        self._strong = ShapedText(ui_font(weight=QFont.Weight.DemiBold))
        self.hovered_row = -1

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW_PX)

    def fold_mark(self, row: QRect, depth: int) -> QRect:
        """Return where the fold mark of a row stands."""
        left = row.left() + NUMBER_PX + min(depth * _INDENT_PX, _DEEPEST_PX)
        return QRect(left, row.center().y() - _CHEVRON_PX // 2, _CHEVRON_PX, _CHEVRON_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        row = index.row()
        cells, depth = self._model.cells_at(row), self._model.node_at(row).depth
        self._paint_ground(painter, option, row)
        if cells.number:
            number = QRect(rect.left() + _LEFT_PX, rect.top(), NUMBER_PX - _LEFT_PX, rect.height() - 1)
            self._text(painter, number, cells.number, "dim")
        mark = self.fold_mark(rect, depth)
        if self._model.is_foldable(row):
            name = "chevron-right" if self._model.is_folded(row) else "chevron-down"
            paint_icon(painter, mark, name, current().dim)
        inner = QRect(rect)
        inner.setLeft(mark.right() + _GAP_PX)
        inner.setRight(self._paint_right(painter, rect, cells.right))
        self._paint_cells(painter, inner.adjusted(0, 0, 0, -1), cells)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: int) -> None:
        tokens, rect = current(), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.warning_bg))
        elif row == self.hovered_row:
            painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect.left(), rect.top(), _FOCUS_PX, rect.height(), QColor(tokens.warning))

    def _paint_right(self, painter: QPainter, rect: QRect, text: str) -> int:
        right = rect.right() - _RIGHT_PX
        if text:
            width = round(self._plain.width(text))
            place = QRect(right - width, rect.top(), width + 1, rect.height() - 1)
            self._text(painter, place, text, "dim")
            right -= width + 2 * _GAP_PX
        return right

    def _paint_cells(self, painter: QPainter, rect: QRect, cells: Cells) -> None:
        # The badge is kept whole: how sure a state is must not be what the ellipsis takes.
        badge = cells.badge
        kept = tag_width(badge[0]) + _GAP_PX if badge else 0
        text = QRect(rect)
        text.setRight(rect.right() - kept)
        if cells.tag:
            text.setLeft(text.left() + paint_tag(painter, text, *cells.tag) + _GAP_PX)
        self._draw(painter, text, cells.name, cells.name_role)
        if cells.strong:
            self._draw(painter, text, _ARROW, "dim")
            self._draw(painter, text, cells.strong, "text", self._strong)
        if cells.note:
            self._draw(painter, text, cells.note, "dim")
        rest = QRect(rect)
        rest.setLeft(text.left())
        if badge:
            rest.setLeft(rest.left() + paint_tag(painter, rest, *badge) + _GAP_PX)
        if cells.reason:
            self._draw(painter, rest, cells.reason, "dim")

    def _draw(self, painter: QPainter, room: QRect, text: str, role: Role, shaped: ShapedText | None = None) -> None:
        """Draw at the left of `room`, and take what was used from it."""
        shown = one_line(text, _TEXT_CHARACTERS)
        font = shaped or self._plain
        width = min(round(font.width(shown)) + 1, max(room.width(), 0))
        self._text(painter, QRect(room.left(), room.top(), width, room.height()), shown, role, font)
        room.setLeft(room.left() + width + _GAP_PX)

    def _text(self, painter: QPainter, rect: QRect, text: str, role: Role, shaped: ShapedText | None = None) -> None:
        painter.setPen(QColor(role_color(current(), role)))
        (shaped or self._plain).draw(painter, rect, text)

    def is_on_fold_mark(self, row_rect: QRect, row: int, at: QPoint) -> bool:
        """Whether a click there folds the row: on the mark, with some room around it."""
        mark = self.fold_mark(row_rect, self._model.node_at(row).depth)
        return self._model.is_foldable(row) and mark.adjusted(-5, -ROW_PX, 5, ROW_PX).contains(at)
