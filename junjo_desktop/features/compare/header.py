"""The header line of a comparison: what is compared, and the ways back."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel

_HEIGHT_PX = 48


class CompareHeader(QFrame):
    """Its buttons are for whoever owns it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self.list = QPushButton("Workflows", self)
        self.list.setProperty("look", "quiet")
        self.list.setToolTip("Back to the list")
        arrow = QLabel("›", self)
        arrow.setProperty("look", "dim")
        self.name = ElidedLabel("Compare runs", self, "heading")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.swap = QPushButton(icon("refresh"), "Swap sides", self)
        self.swap.setToolTip("Put the left run at the right (X)")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 12, 0)
        line.setSpacing(4)
        for widget in (self.list, arrow):
            line.addWidget(widget)
        line.addSpacing(4)
        line.addWidget(self.name, 1)
        line.addWidget(self.swap)
        self.show_names("Workflows", "", "")

    def show_names(self, list_name: str, left: str, right: str) -> None:
        """Say of what both are runs; without names nothing is compared yet."""
        self.list.setText(list_name)
        names = " and ".join(dict.fromkeys(name.strip() for name in (left, right) if name.strip()))
        self.name.setText(f"Two runs of {names}" if names else "Compare runs")
        self.swap.setVisible(bool(names))
