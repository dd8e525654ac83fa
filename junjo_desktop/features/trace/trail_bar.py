"""The line that says which spans are gone through, and where among them the selected one is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from junjo_desktop.features.trace.trail import Trail
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import count_text, counted
from junjo_desktop.widgets.icon_button import icon_button


class TrailBar(QFrame):
    """Hidden while there is nothing to go through."""

    def __init__(self, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trail = trail
        self.setProperty("look", "bar")
        self.count = QLabel(self)
        self.count.setProperty("look", "dim")
        self.words = ElidedLabel(parent=self, look="heading")
        self.previous = icon_button("chevron-up", "Previous of these spans (Shift+N)", self)
        self.next = icon_button("chevron-down", "Next of these spans (N)", self)
        self.close_button = icon_button("close", "Leave these spans", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 2, 8, 2)
        line.setSpacing(6)
        line.addWidget(self.words)
        line.addWidget(self.count)
        line.addStretch(1)
        for button in (self.previous, self.next, self.close_button):
            line.addWidget(button)
        self.previous.clicked.connect(trail.previous)
        self.next.clicked.connect(trail.next)
        self.close_button.clicked.connect(trail.clear)
        trail.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        trail = self._trail
        self.setVisible(trail.is_set)
        self.words.setText(trail.words)
        place = f"{count_text(trail.place)} of {count_text(len(trail))}"
        self.count.setText(place if trail.place else counted(len(trail), "span"))
