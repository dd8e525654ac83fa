"""Paints what a search field offers: the text at the left with what was typed in bold, what it is at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX

Index = QModelIndex | QPersistentModelIndex

WORDS_ROLE = Qt.ItemDataRole.UserRole
ICON_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_PX = 24
_ICON_PX = 14
_LEFT_PX = 28
_PADDING_PX = 8
_WORDS_SHARE = 0.4


class OfferDelegate(QStyledItemDelegate):
    """`typed` is what stands out in each text."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.typed = ""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_bg))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), RADIUS_PX, RADIUS_PX)
        if picture := index.data(ICON_ROLE):
            spot = QRect(rect.left() + _PADDING_PX, rect.center().y() - _ICON_PX // 2 + 1, _ICON_PX, _ICON_PX)
            paint_icon(painter, spot, picture, tokens.dim)
        room = rect.adjusted(_LEFT_PX, 0, -_PADDING_PX, 0)
        words = _paint_words(painter, room, index.data(WORDS_ROLE) or "", tokens.dim)
        self._paint_text(painter, room.adjusted(0, 0, -words, 0), index.data(), tokens.text)
        painter.restore()

    def _paint_text(self, painter: QPainter, room: QRect, text: str, color: str) -> None:
        plain, strong = ui_font(), ui_font(weight=QFont.Weight.DemiBold)
        at = self._place_in(text)
        end = at + len(self.typed)
        parts = ((text, plain),) if at < 0 else ((text[:at], plain), (text[at:end], strong), (text[end:], plain))
        painter.setPen(QColor(color))
        left = room.left()
        for part, font in parts:
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, room.right() - left)
            painter.setFont(font)
            painter.drawText(
                QRect(left, room.top(), room.right() - left, room.height()),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
                shown,
            )
            left += metrics.horizontalAdvance(shown)
            if shown != part:
                break

    def _place_in(self, text: str) -> int:
        """Return where the typed text stands, rather behind a field than in its name; -1: nowhere."""
        low, typed = text.lower(), self.typed.lower()
        if not typed:
            return -1
        behind = low.find(typed, low.find(":") + 1)
        return behind if behind >= 0 else low.find(typed)


def _paint_words(painter: QPainter, room: QRect, words: str, color: str) -> int:
    """Paint what an offer is, and return the width that it takes."""
    if not words:
        return 0
    font = ui_font(size_px=12)
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width() * _WORDS_SHARE))
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown) + 2 * _PADDING_PX
