"""A button that copies a text and says that it did."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from junjo_desktop.theme.icons import icon

_CONFIRMATION_MS = 1500


class CopyButton(QPushButton):
    """Copies what `text` returns at that moment. Without a label it is an icon with `name` as tooltip."""

    copied = Signal()

    def __init__(
        self, text: Callable[[], str], *, label: str = "", name: str = "Copy", parent: QWidget | None = None
    ) -> None:
        super().__init__(label, parent)
        self._text = text
        self._label = label
        self._name = name
        self.setIcon(icon("copy"))
        self.setToolTip(name)
        self.setAccessibleName(name)
        if not label:
            self.setProperty("look", "quiet")
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_CONFIRMATION_MS)
        self._settle.timeout.connect(self._calm)
        self.clicked.connect(self.copy)

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self._text())
        self.setIcon(icon("check", "ok"))
        self.setToolTip("Copied")
        if self._label:
            self.setText("Copied")
        self._settle.start()
        self.copied.emit()

    def _calm(self) -> None:
        self.setIcon(icon("copy"))
        self.setToolTip(self._name)
        self.setText(self._label)
