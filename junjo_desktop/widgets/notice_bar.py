"""A line across the top of a view that says something and may offer to act on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from junjo_desktop.theme.icons import icon, paint_icon
from junjo_desktop.theme.roles import Role, role_background, role_color
from junjo_desktop.theme.state import current

_ICONS: dict[str, str] = {"error": "error", "warning": "warning", "ok": "ok"}
_ICON_PX = 16
_LEFT_PX = 38
_PROGRESS_PX = 2


class NoticeBar(QWidget):
    """Non-modal: a sentence, buttons, and a cross. Hidden until `show_notice`; `dismissed` when it was closed."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = "info"
        self._share: float | None = None
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons = QHBoxLayout()
        self._close = QToolButton(self)
        self._close.setIcon(icon("close"))
        self._close.setToolTip("Close this notice")
        self._close.setAccessibleName("Close this notice")
        self._close.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_LEFT_PX, 6, 10, 6)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def show_notice(
        self, text: str, role: Role = "info", actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None:
        """Show a sentence with one button for each of `actions`; it replaces what was there."""
        self._role = role
        self._share = None
        self._say(text)
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for label, run in actions:
            button = QPushButton(label, self)
            button.clicked.connect(run)
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.show()
        self.update()

    def show_progress(self, text: str, share: float | None) -> None:
        """Say something else with the same buttons, and how far it is: from 0 to 1, None when nobody knows."""
        self._share = share
        self._say(text)
        self.update()

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)

    def dismiss(self) -> None:
        """Take the notice away."""
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(role_background(tokens, self._role)))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(tokens.line))
        if self._share is not None:
            done = QRectF(0, self.height() - _PROGRESS_PX, self.width() * min(self._share, 1.0), _PROGRESS_PX)
            painter.fillRect(done, QColor(role_color(tokens, self._role)))
        spot = self.rect().adjusted(14, 11, 0, 0)
        spot.setSize(spot.size().scaled(_ICON_PX, _ICON_PX, Qt.AspectRatioMode.IgnoreAspectRatio))
        paint_icon(painter, spot, _ICONS.get(self._role, "info"), role_color(tokens, self._role))
        painter.end()
