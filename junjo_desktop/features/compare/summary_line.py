"""What differs, in words, above everything else; and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.shell.comparison_words import path_words
from junjo_desktop.telemetry.junjo.comparison_model import ComparisonFacts, PathVerdict
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import many_lines

_ICON_PX = 14


class SummaryLine(QFrame):
    """`difference_asked` comes by the button that leads to where the paths part."""

    difference_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.first = _text(self, "heading")
        self.rest = _text(self, "")
        self.unknown = _text(self, "dim")
        self._picture = QLabel(self)
        self.button = QPushButton("Show first difference", self)
        self.button.setToolTip("Go to where both part (D)")
        self.button.clicked.connect(self.difference_asked)
        first, second, words = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        first.setSpacing(12)
        words.setSpacing(3)
        words.addWidget(self.first)
        words.addWidget(self.rest)
        first.addLayout(words, 1)
        first.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        second.setSpacing(8)
        second.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.unknown, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 9, 12, 9)
        layout.setSpacing(5)
        layout.addLayout(first)
        layout.addLayout(second)

    def show_words(self, sentences: Sequence[str], facts: ComparisonFacts) -> None:
        """Say what differs between two runs."""
        # How they ended and which way they went stands out, the figures follow.
        place = sentences.index(path_words(facts)) + 1
        is_open = facts.path is PathVerdict.OPEN
        way = "" if facts.divergence is None else "Show how far it came" if is_open else "Show first difference"
        self.show_sentences(sentences[:place], sentences[place:], facts.unknown, way)

    def show_sentences(self, first: Sequence[str], rest: Sequence[str], unknown: Sequence[str], way: str) -> None:
        """Say sentences: those that stand out, the others, what is not known; `way` is what the button says."""
        for label, part in ((self.first, first), (self.rest, rest)):
            label.setText(many_lines(" ".join(part)))
            label.setAccessibleName(f"Summary: {label.text()}")
            label.setVisible(bool(part))
        words = many_lines(" ".join(unknown))
        self.unknown.setText(words)
        self.unknown.setVisible(bool(words))
        self._picture.setVisible(bool(words))
        self._picture.setPixmap(icon("info", "info").pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))
        self.button.setText(way)
        self.button.setVisible(bool(way))


def _text(parent: QWidget, look: str) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
