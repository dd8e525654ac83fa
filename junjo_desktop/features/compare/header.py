"""The header line of a comparison: what is compared, and the ways back."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel

_HEIGHT_PX = 48


class CompareHeader(QFrame):
    """Its buttons are for whoever owns it. `nouns` are what is compared: `runs` of `Workflows`, say."""

    def __init__(self, parent: QWidget | None = None, *, nouns: str = "runs", list_name: str = "Workflows") -> None:
        super().__init__(parent)
        self._nouns = nouns
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self.list = QPushButton("Workflows", self)
        self.list.setProperty("look", "quiet")
        self.list.setToolTip("Back to the list")
        arrow = QLabel("›", self)
        arrow.setProperty("look", "dim")
        self.name = ElidedLabel(f"Compare {nouns}", self, "heading")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.swap = QPushButton(icon("refresh"), "Swap sides", self)
        self.swap.setToolTip("Put the left side at the right (X)")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 12, 0)
        line.setSpacing(4)
        for widget in (self.list, arrow):
            line.addWidget(widget)
        line.addSpacing(4)
        line.addWidget(self.name, 1)
        line.addWidget(self.swap)
        self.show_names(list_name, "", "")

    def show_names(self, list_name: str, left: str, right: str) -> None:
        """Say of what both are; without names nothing is compared yet."""
        names = " and ".join(dict.fromkeys(name.strip() for name in (left, right) if name.strip()))
        self.show_title(list_name, f"Two {self._nouns} of {names}" if names else "", can_swap=bool(names))

    def show_title(self, list_name: str, title: str, *, can_swap: bool) -> None:
        """Say where the way back leads, and what is compared."""
        self.list.setText(list_name)
        self.name.setText(title or f"Compare {self._nouns}")
        self.swap.setVisible(can_swap)
