"""Paints the rows of a comparison: tag and name, what each run took, the difference, and two bars."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from junjo_desktop.features.compare.rows import ComparedRow, Side
from junjo_desktop.features.compare.rows_model import BARS, DIFFERENCE, LEFT, NAME, RIGHT, RowsModel
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX, Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.shaped_text import ShapedText
from junjo_desktop.widgets.tag import paint_tag

Index = QModelIndex | QPersistentModelIndex

_PADDING_PX = 8
_GAP_PX = 6
_BAR_PX = 5
_BETWEEN_PX = 2
_LEAST_PX = 2
_FOCUS_PX = 2
_SIGN_PX = 16
_GUTTER_PX = 18
_INDENT_PX, _NARROW_INDENT_PX = 15, 9
_NARROW_PX = 480
_MARK_PX = 16
_SIGN_ROLES: dict[str, Role] = {"+": "ok", "−": "error", "~": "warning"}
_NONE = "–"
LEFT_ROLE: Role = "node"
RIGHT_ROLE: Role = "info"


def paint_bar(painter: QPainter, box: QRectF, role: Role) -> None:
    """Paint the bar of a run in the colour of its side."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(role_color(current(), role), current().panel, 0.82)))
    painter.drawRoundedRect(box, min(2, box.width() / 2), 2)
    painter.restore()


class RowsDelegate(QStyledItemDelegate):
    """Knows its model, and asks it for rows directly. `hovered` is the cell under the mouse."""

    def __init__(self, model: RowsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._plain = ShapedText(ui_font())
        self._strong = ShapedText(ui_font(weight=QFont.Weight.DemiBold))
        linked = ui_font()
        linked.setUnderline(True)
        self._linked = ShapedText(linked)
        self.hovered: tuple[ComparedRow, int] | None = None
        self._indent_px = _INDENT_PX

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW_PX)

    def set_room(self, width_px: int) -> None:
        """Take less for each level where the list is narrow."""
        self._indent_px = _INDENT_PX if width_px >= _NARROW_PX else _NARROW_INDENT_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, row, rect = current(), self._model.row_at(index), option.rect
        if row.is_sentence:
            self._paint_sentence(painter, rect, row)
            return
        self._paint_ground(painter, option, row, index.column(), tokens)
        inner = rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, -1)
        match index.column():
            case 0:
                self._paint_name(painter, rect, row, index)
            case 1:
                self._paint_side(painter, inner, row, row.left, LEFT)
            case 2:
                self._paint_side(painter, inner, row, row.right, RIGHT)
            case 3:
                self._text(painter, inner, row.difference, row.difference_role, right=True)
            case _:
                self._paint_bars(painter, inner, row, tokens)

    def is_on_fold_mark(self, rect: QRect, index: Index, at: QPoint) -> bool:
        """Whether a point is on the mark of a row that folds; `rect` is that of its cell."""
        if index.column() != NAME or not self._model.is_foldable(index):
            return False
        left = rect.left() + self._start_px(self._model.row_at(index))
        return left <= at.x() < left + _MARK_PX

    def _start_px(self, row: ComparedRow) -> int:
        """Return where a row begins, its fold mark first, from the left edge."""
        gutter = _GUTTER_PX if self._model.all.differing else 2
        return gutter + row.depth * self._indent_px

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: ComparedRow, column: int, tokens: Tokens
    ) -> None:
        rect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(rect, QColor(tokens.accent_bg))
        elif self.hovered is not None and self.hovered[0] is row:
            painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))
        view = self.parent()
        has_focus = isinstance(view, QTableView) and view.hasFocus()
        if column == NAME and has_focus and is_selected:
            painter.fillRect(0, rect.top(), _FOCUS_PX, rect.height(), QColor(tokens.accent))

    def _paint_sentence(self, painter: QPainter, rect: QRect, row: ComparedRow) -> None:
        """Paint the part in this cell of the sentence that goes across all of them."""
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, QColor(current().warning_bg))
        painter.setPen(QColor(current().warning))
        view = self.parent()
        whole = QRect(rect)
        if isinstance(view, QTableView):
            whole.setLeft(view.columnViewportPosition(NAME))
            whole.setRight(view.viewport().width())
        left = whole.left() + self._start_px(row)
        self._strong.draw(painter, QRect(left + 2, rect.top(), _SIGN_PX, rect.height() - 1), "≠")
        room = whole.adjusted(left - whole.left() + _SIGN_PX + _GAP_PX, 0, -_PADDING_PX, -1)
        self._plain.draw(painter, room, one_line(row.name))
        painter.restore()

    def _paint_mark(self, painter: QPainter, rect: QRect, index: Index) -> None:
        view = self.parent()
        if self._model.is_foldable(index) and isinstance(view, QTableView):
            option = QStyleOptionViewItem()
            option.rect = rect
            option.state = QStyle.StateFlag.State_Children
            if not self._model.is_folded(index):
                option.state |= QStyle.StateFlag.State_Open
            view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorBranch, option, painter, view)

    def _paint_name(self, painter: QPainter, rect: QRect, row: ComparedRow, index: Index) -> None:
        if row.sign:
            painter.setPen(QColor(role_color(current(), _SIGN_ROLES.get(row.sign, "text"))))
            self._strong.draw(
                painter, QRect(rect.left() + _FOCUS_PX + 3, rect.top(), _SIGN_PX, rect.height()), row.sign
            )
        start = rect.left() + self._start_px(row)
        self._paint_mark(painter, QRect(start, rect.top(), _MARK_PX, rect.height()), index)
        room = rect.adjusted(start - rect.left() + _MARK_PX + 2, 0, -_PADDING_PX, -1)
        if row.tag is not None:
            room.setLeft(room.left() + paint_tag(painter, room, *row.tag) + _GAP_PX)
        name = one_line(row.name)
        role: Role = "dim" if row.is_quiet else "text"
        used = min(round(self._plain.width(name)) + 1, max(room.width(), 0))
        self._text(painter, QRect(room.left(), room.top(), used, room.height()), name, role)
        room.setLeft(room.left() + used + _GAP_PX)
        self._text(painter, room, one_line(row.note), row.note_role)

    def _paint_side(self, painter: QPainter, rect: QRect, row: ComparedRow, side: Side, column: int) -> None:
        if side.span_id is None and not side.text:
            self._text(painter, rect, _NONE, "dim", right=True)
            return
        is_linked = side.span_id is not None and self.hovered is not None and self.hovered == (row, column)
        role: Role = "info" if is_linked else "dim" if row.is_quiet and side.role == "text" else side.role
        shaped = self._linked if is_linked else self._plain
        painter.setPen(QColor(role_color(current(), role)))
        shaped.draw(painter, rect, side.text, "right")

    def _paint_bars(self, painter: QPainter, rect: QRect, row: ComparedRow, tokens: Tokens) -> None:
        top = rect.center().y() - (2 * _BAR_PX + _BETWEEN_PX) // 2 + 1
        for place, (side, role) in enumerate(((row.left, LEFT_ROLE), (row.right, RIGHT_ROLE))):
            if side.lasted_ns is None or not self._model.all.longest_ns:
                continue
            width = max(_LEAST_PX, rect.width() * max(side.lasted_ns, 0) / self._model.all.longest_ns)
            at = top + place * (_BAR_PX + _BETWEEN_PX)
            paint_bar(painter, QRectF(rect.left(), at, width, _BAR_PX), role)
            if side.mark_ns is not None:
                mark = rect.left() + round(rect.width() * min(max(side.mark_ns, 0) / self._model.all.longest_ns, 1))
                painter.fillRect(mark, at - 1, 1, _BAR_PX + 2, QColor(role_color(tokens, role)))
        painter.fillRect(rect.left() - 1, top - 1, 1, 2 * _BAR_PX + _BETWEEN_PX + 2, QColor(tokens.line))

    def _text(self, painter: QPainter, rect: QRect, text: str, role: Role, *, right: bool = False) -> None:
        painter.setPen(QColor(role_color(current(), role)))
        self._plain.draw(painter, rect, text, "right" if right else "left")


COLUMNS = (NAME, LEFT, RIGHT, DIFFERENCE, BARS)
