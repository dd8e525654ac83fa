"""The header line of a page: title, tags that say what is wrong, actions at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.tag import Tag

_HEIGHT_PX = 48


class PageHeader(QFrame):
    """One line. Tags come and go by `show_tags`; actions are added once, from left to right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self._title = QLabel(title, self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("look", "title")
        self._tags: list[Tag] = []
        self._places = QHBoxLayout()
        self._places.setSpacing(6)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(14, 0, 12, 0)
        self._line.setSpacing(8)
        self._line.addWidget(self._title)
        self._line.addLayout(self._places)
        self._line.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add_action(self, widget: QWidget) -> None:
        """Put a button at the right end."""
        self._line.addWidget(widget)

    def show_tags(self, tags: Sequence[tuple[str, Role]]) -> None:
        """Show these words on tinted grounds after the title."""
        while len(self._tags) < len(tags):
            tag = Tag(parent=self)
            self._tags.append(tag)
            self._places.addWidget(tag)
        for place, tag in enumerate(self._tags):
            tag.set_tag(*(tags[place] if place < len(tags) else ("", "node")))
