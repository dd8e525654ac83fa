"""Paints the rows of a comparison: tag and name, what each run took, the difference, and two bars."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

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

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, row, rect = current(), self._model.row_at(index), option.rect
        self._paint_ground(painter, option, row, index.column(), tokens)
        inner = rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, -1)
        match index.column():
            case 0:
                self._paint_name(painter, rect.adjusted(2, 0, -_PADDING_PX, -1), row)
            case 1:
                self._paint_side(painter, inner, row, row.left, LEFT)
            case 2:
                self._paint_side(painter, inner, row, row.right, RIGHT)
            case 3:
                self._text(painter, inner, row.difference, row.difference_role, right=True)
            case _:
                self._paint_bars(painter, inner, row, tokens)

    def paint_row_ground(self, painter: QPainter, rect: QRect, row: ComparedRow, *, is_selected: bool) -> None:
        """Paint the ground of a whole row, also left of its name."""
        tokens = current()
        if row.is_sentence:
            painter.fillRect(rect, QColor(tokens.warning_bg))
        elif is_selected:
            painter.fillRect(rect, QColor(tokens.accent_bg))
        elif self.hovered is not None and self.hovered[0] is row:
            painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))
        line = QColor(mix(tokens.line, tokens.panel, 0.8))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: ComparedRow, column: int, tokens: Tokens
    ) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.paint_row_ground(painter, option.rect, row, is_selected=is_selected)
        view = self.parent()
        has_focus = isinstance(view, QTreeView) and view.hasFocus()
        if column == NAME and has_focus and is_selected:
            painter.fillRect(0, option.rect.top(), _FOCUS_PX, option.rect.height(), QColor(tokens.accent))

    def paint_sentence(self, painter: QPainter, rect: QRect, row: ComparedRow) -> None:
        """Paint the sentence that says where the paths part."""
        painter.setPen(QColor(current().warning))
        self._strong.draw(painter, QRect(rect.left() + 2, rect.top(), _SIGN_PX, rect.height() - 1), "≠")
        room = rect.adjusted(_SIGN_PX + _GAP_PX, 0, -_PADDING_PX, -1)
        self._plain.draw(painter, room, one_line(row.name))

    def _paint_name(self, painter: QPainter, rect: QRect, row: ComparedRow) -> None:
        room = QRect(rect)
        if row.tag is not None:
            room.setLeft(room.left() + paint_tag(painter, room, *row.tag) + _GAP_PX)
        name = one_line(row.name)
        role: Role = "dim" if row.is_quiet else "text"
        used = min(round(self._plain.width(name)) + 1, max(room.width(), 0))
        self._text(painter, QRect(room.left(), room.top(), used, room.height()), name, role)
        room.setLeft(room.left() + used + _GAP_PX)
        self._text(painter, room, row.note, "dim")

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
            if side.lasted_ns is None or not self._model.longest_ns:
                continue
            width = max(_LEAST_PX, rect.width() * max(side.lasted_ns, 0) / self._model.longest_ns)
            paint_bar(painter, QRectF(rect.left(), top + place * (_BAR_PX + _BETWEEN_PX), width, _BAR_PX), role)
        painter.fillRect(rect.left() - 1, top - 1, 1, 2 * _BAR_PX + _BETWEEN_PX + 2, QColor(tokens.line))

    def _text(self, painter: QPainter, rect: QRect, text: str, role: Role, *, right: bool = False) -> None:
        painter.setPen(QColor(role_color(current(), role)))
        self._plain.draw(painter, rect, text, "right" if right else "left")


COLUMNS = (NAME, LEFT, RIGHT, DIFFERENCE, BARS)
