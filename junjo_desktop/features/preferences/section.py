"""A titled group of settings: captions at the left, controls at the right, a remark below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

_CAPTION_PX = 130
_CONTROL_PX = 26


class Section(QWidget):
    """Rows are added from top to bottom."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel(title, self)
        heading.setProperty("look", "heading")
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnMinimumWidth(0, _CAPTION_PX)
        self._rows.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addLayout(self._rows)

    def add_row(self, caption: str, control: QWidget) -> QLabel:
        """Add a control with its caption, and return that; an empty one leaves its place free."""
        row = self._rows.rowCount()
        label = QLabel(caption, self)
        label.setProperty("look", "dim")
        label.setMinimumHeight(_CONTROL_PX)
        label.setVisible(bool(caption))
        self._rows.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        if control.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed:
            self._rows.addWidget(control, row, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._rows.addWidget(control, row, 1)
        return label

    def add_remark(self, text: str) -> QLabel:
        """Add a quiet sentence under the control above; return its label."""
        label = wrapped_label(self, "dim")
        label.setText(text)
        self._rows.addWidget(label, self._rows.rowCount(), 1)
        return label


def wrapped_label(parent: QWidget, look: str) -> QLabel:
    """Return an empty label for plain text that wraps and never widens its page."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
