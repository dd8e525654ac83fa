"""What a view shows when it has nothing: a sentence, and a button that helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.theme.icons import icon

_ICON_PX = 28
_TEXT_WIDTH_PX = 420
_LEAST_TEXT_PX = 120
_MARGINS_PX = 24


class EmptyState(QWidget):
    """A centred sentence with an optional icon and an optional button; `pressed` is the button's."""

    pressed = Signal()

    def __init__(
        self,
        sentence: str = "",
        button: str = "",
        on_press: Callable[[], object] | None = None,
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(_TEXT_WIDTH_PX)
        self._sentence.setProperty("look", "dim")
        self._button = QPushButton(self)
        self._button.clicked.connect(self.pressed)
        self._on_press: Callable[[], object] | None = None
        self.pressed.connect(self._press)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for widget in (self._icon, self._sentence, self._button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.set_content(sentence, button, on_press, icon_name)

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence.text()

    def set_content(
        self, sentence: str, button: str = "", on_press: Callable[[], object] | None = None, icon_name: str = ""
    ) -> None:
        """Say something else."""
        self._sentence.setText(sentence)
        self._fit_sentence()
        self.setAccessibleName(sentence)
        self._on_press = on_press
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._icon.setVisible(bool(icon_name))
        if icon_name:
            self._icon.setPixmap(icon(icon_name, "faint").pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sentence()

    def _fit_sentence(self) -> None:
        needed = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text()) + 16
        width = min(_TEXT_WIDTH_PX, needed, max(self.width() - _MARGINS_PX, _LEAST_TEXT_PX))
        # A label that wraps tells a centring layout the height of one line only.
        self._sentence.setFixedSize(width, max(self._sentence.heightForWidth(width), 0))

    def _press(self) -> None:
        if self._on_press is not None:
            self._on_press()
