"""The files of the data folder: how much of the disk each takes, as one bar and a table below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from junjo_desktop.features.preferences.file_parts import Part
from junjo_desktop.features.preferences.size_bar import SizeBar, Swatch
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import bytes_text
from junjo_desktop.widgets.tooltip import plain_tooltip


class FileTable(QWidget):
    """One line for each part: colour, name, size, share, what it is for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._sizes: list[tuple[QLabel, QLabel]] = []
        self.total = QLabel(self)
        self.total.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = SizeBar(self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(4, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(self.total)
        layout.addWidget(self.bar)
        layout.addLayout(self._grid)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What the table says: name, size, share."""
        return [(name, size.text(), share.text()) for name, (size, share) in zip(self._names, self._sizes, strict=True)]

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these files."""
        names = tuple(part.name for part in parts)
        if names != self._names:
            self._build(parts)
        whole = sum(part.size_bytes for part in parts)
        self.total.setText(f"{bytes_text(whole)} on disk")
        for part, (size, share) in zip(parts, self._sizes, strict=True):
            size.setText(bytes_text(part.size_bytes))
            share.setText(_share_text(part.size_bytes, whole))
        self.bar.show_parts(parts)

    def _build(self, parts: Sequence[Part]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._names = tuple(part.name for part in parts)
        self._sizes = []
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, part in enumerate(parts):
            name, size, share = _label(self, "mono", part.name), _label(self, "", ""), _label(self, "dim", "")
            name.setToolTip(plain_tooltip(part.path))
            self._grid.addWidget(Swatch(part.role, self), row, 0, middle)
            self._grid.addWidget(name, row, 1)
            self._grid.addWidget(size, row, 2, Qt.AlignmentFlag.AlignRight | middle)
            self._grid.addWidget(share, row, 3, Qt.AlignmentFlag.AlignRight | middle)
            self._grid.addWidget(ElidedLabel(part.meaning, self, look="dim"), row, 4)
            self._sizes.append((size, share))


def _share_text(size_bytes: int, whole_bytes: int) -> str:
    if not whole_bytes or not size_bytes:
        return ""
    share = size_bytes / whole_bytes
    return "< 1 %" if share < 0.01 else f"{share * 100:.0f} %"


def _label(parent: QWidget, look: str, text: str) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    return label
