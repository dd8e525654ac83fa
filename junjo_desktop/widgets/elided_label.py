"""A label for text of any length: one line, cut with an ellipsis, whole in its tooltip. Never markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

_MINIMUM_PX = 24


class ElidedLabel(QLabel):
    """Shows as much of its text as there is room for."""

    def __init__(self, text: str = "", parent: QWidget | None = None, look: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("look", look)
        self._elide = Qt.TextElideMode.ElideRight
        self.setText(text)

    def set_elide_mode(self, mode: Qt.TextElideMode) -> None:
        """Cut at another place: ids and paths are best cut in the middle."""
        self._elide = mode
        self.update()

    def setText(self, text: str) -> None:
        super().setText(one_line(text))
        self.setAccessibleName(one_line(text))
        self.setToolTip(plain_tooltip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_MINIMUM_PX, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._elide, self.contentsRect().width())
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment() | Qt.AlignmentFlag.AlignVCenter),
            option.palette,
            bool(option.state & QStyle.StateFlag.State_Enabled),
            shown,
            self.foregroundRole(),
        )
        painter.end()
