"""A file or folder: where it is, with buttons to open and to copy it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.elided_label import ElidedLabel


class PathRow(QWidget):
    """`failed` carries a sentence when the system could not open the path."""

    failed = Signal(str)

    def __init__(self, path: Path, name: str, *, folder: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._text = ElidedLabel(str(path), self, look="mono")
        self._text.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        self._open = QPushButton("Open folder" if folder else "Open", self)
        self._open.setAccessibleName(f"Open {name}")
        copy = CopyButton(self.path_text, label="Copy path", name=f"Copy the path of {name}", parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._open)
        layout.addWidget(copy)
        self._open.clicked.connect(self.open_path)

    def path_text(self) -> str:
        """The path as text."""
        return str(self._path)

    def open_path(self) -> None:
        """Have the system show the file or folder."""
        if not self._path.exists():
            self.failed.emit(f"{self._path} does not exist yet.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path))):
            self.failed.emit(f"The system has no program to open {self._path}. Copy the path instead.")
