"""The application object: takes the links that the operating system hands to a running app."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from junjo_desktop.shell.links import SCHEME


class Application(QApplication):
    """On macOS a clicked link comes as an event, never as an argument. (A filter would see every event there is.)"""

    link_clicked = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.url().scheme() == SCHEME:
            self.link_clicked.emit(event.url().toString(QUrl.ComponentFormattingOption.FullyEncoded))
            return True
        return super().event(event)
