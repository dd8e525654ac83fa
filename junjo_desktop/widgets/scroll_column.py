"""A column of settings or text that scrolls when the window is small and does not grow wider than reads well."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_MARGIN_PX = 16


class _Content(QWidget):
    # A scroll area would give wrapped text the height it needs at its least width; at its real width it needs less.
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class ScrollColumn(QScrollArea):
    """Add widgets with `add`; what gets the focus scrolls into view."""

    def __init__(self, name: str, *, width_px: int = 16_777_215, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = _Content(self)
        content.setMaximumWidth(width_px)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self._column.setSpacing(18)
        self._column.addStretch(1)
        self.setWidget(content)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end of the column."""
        self._column.insertWidget(self._column.count() - 1, widget)
