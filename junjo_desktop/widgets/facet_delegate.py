"""Paints the rows of facets: a field's name, or a value with its count and its share as a bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX, Tokens
from junjo_desktop.widgets.facet_rows import FacetRow, RowKind
from junjo_desktop.widgets.figures import count_text

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT_PX = 24
_FIELD_PX = 28
_PADDING_PX = 8
_INDENT_PX = 22
_ICON_PX = 12
_BAR_PX = 2


class FacetDelegate(QStyledItemDelegate):
    """Rows are `FacetRow`s under `ROW_ROLE`. Numbers stand at the right; what failed of a value is red in its bar."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._fonts = {
            RowKind.FIELD: ui_font(size_px=12, weight=QFont.Weight.DemiBold),
            RowKind.VALUE: ui_font(),
            RowKind.CHOSEN: ui_font(weight=QFont.Weight.DemiBold),
            RowKind.OTHERS: ui_font(size_px=12),
        }

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row: FacetRow | None = index.data(ROW_ROLE)
        return QSize(0, _FIELD_PX if row is not None and row.kind is RowKind.FIELD else _HEIGHT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FacetRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        tokens = current()
        rect: QRect = option.rect
        painter.save()
        _paint_ground(painter, rect, option.state, tokens)
        painter.setFont(self._fonts[row.kind])
        if row.kind is RowKind.FIELD:
            open_now = bool(option.state & QStyle.StateFlag.State_Open)
            spot = QRect(rect.left() + 6, rect.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
            paint_icon(painter, spot, "chevron-down" if open_now else "chevron-right", tokens.dim)
        room = rect.adjusted(_INDENT_PX, 0, -_PADDING_PX, 0)
        dim = row.kind in (RowKind.FIELD, RowKind.OTHERS)
        _paint_line(painter, room, row, tokens.dim if dim else tokens.text, tokens.dim)
        if row.kind is RowKind.CHOSEN:
            spot = QRect(rect.left() + 6, rect.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
            paint_icon(painter, spot, "check", tokens.accent)
        if row.kind in (RowKind.VALUE, RowKind.CHOSEN):
            _paint_bar(painter, room, row, tokens)
        painter.restore()


def _paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag, tokens: Tokens) -> None:
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(tokens.accent_bg))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect.left(), rect.top(), _BAR_PX, rect.height(), QColor(tokens.accent))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))


def _paint_line(painter: QPainter, room: QRect, row: FacetRow, color: str, figure_color: str) -> None:
    metrics = QFontMetrics(painter.font())
    figure = count_text(row.count) if row.count is not None else ""
    width = metrics.horizontalAdvance(figure)
    painter.setPen(QColor(figure_color))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
    left = room.adjusted(0, 0, -(width + _PADDING_PX if figure else 0), 0)
    painter.setPen(QColor(color))
    painter.drawText(
        left,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, left.width()),
    )


def _paint_bar(painter: QPainter, room: QRect, row: FacetRow, tokens: Tokens) -> None:
    whole = max(1, round(room.width() * row.share))
    failed = max(1, round(room.width() * row.failed_share)) if row.failed_share else 0
    top = room.bottom() - _BAR_PX
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(tokens.accent, tokens.panel, 0.55)))
    painter.drawRoundedRect(room.left(), top, whole, _BAR_PX, RADIUS_PX / 6, RADIUS_PX / 6)
    if failed:
        painter.setBrush(QColor(tokens.error))
        painter.drawRect(room.left(), top, failed, _BAR_PX)
