"""A quiet button that floats over the top of a view and offers what is new. It takes no room: nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton

from junjo_desktop.theme.icons import icon

_FROM_TOP_PX = 6
_HEIGHT_PX = 24


class NewsPill(QPushButton):
    """Stays centred over the viewport of its view."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self.setProperty("look", "news")
        self.setIcon(icon("chevron-up", "info"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_HEIGHT_PX)
        self.hide()
        view.viewport().installEventFilter(self)

    def show_text(self, text: str) -> None:
        """Offer something, or nothing for an empty text."""
        self.setText(text)
        self.setToolTip(f"Show {text} at the top" if text else "")
        self.setVisible(bool(text))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        over = self._view.viewport().geometry()
        self.move(over.center().x() - self.width() // 2, over.top() + _FROM_TOP_PX)
        self.raise_()
