"""The header of a table: quiet headings, with the arrow of the sorted column beside its text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current

_PADDING_PX = 8
_ARROW_PX = 10
_GAP_PX = 3
_HEIGHT_PX = 27


class TableHeader(QHeaderView):
    """Horizontal; text and alignment come from the model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._font = ui_font(size_px=12, weight=QFont.Weight.DemiBold)
        self._metrics = QFontMetrics(self._font)
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFixedHeight(_HEIGHT_PX)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = current()
        painter.save()
        painter.fillRect(rect, QColor(tokens.panel_2))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        is_sorted = self.isSortIndicatorShown() and self.sortIndicatorSection() == section and bool(text)
        room = rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, -1)
        is_right = self._is_right(section)
        if is_sorted:
            side = _ARROW_PX + _GAP_PX
            room.adjust(side if is_right else 0, 0, 0 if is_right else -side, 0)
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(self._font)
        color = tokens.text if is_sorted or section == self._hovered else tokens.dim
        painter.setPen(QColor(color))
        side_flag = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side_flag | Qt.AlignmentFlag.AlignVCenter, shown)
        if is_sorted:
            self._paint_arrow(painter, room, self._metrics.horizontalAdvance(shown), color, is_right=is_right)
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _paint_arrow(self, painter: QPainter, room: QRect, width: int, color: str, *, is_right: bool) -> None:
        left = room.right() - width - _GAP_PX - _ARROW_PX if is_right else room.left() + width + _GAP_PX
        spot = QRect(left, room.center().y() - _ARROW_PX // 2 + 1, _ARROW_PX, _ARROW_PX)
        name = "chevron-down" if self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder else "chevron-up"
        paint_icon(painter, spot, name, color)

    def _is_right(self, section: int) -> bool:
        found = self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return found is not None and bool(Qt.AlignmentFlag(found) & Qt.AlignmentFlag.AlignRight)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()
