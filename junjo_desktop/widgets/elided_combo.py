"""A choice that, while it is closed, cuts what has no room with an ellipsis, and may say less than in its list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

CLOSED_ROLE = Qt.ItemDataRole.UserRole + 1
"""What an item is called while the list is closed; its text where it has no such name."""


class ElidedCombo(QComboBox):
    """Painted as the style does it, but for the text."""

    def closed_text(self, room_px: int) -> str:
        """Return what is written where there is so much room."""
        text = self.currentData(CLOSED_ROLE) or self.currentText()
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.closed_text(field.width())
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
