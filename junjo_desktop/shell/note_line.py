"""What is written on a trace and on its selected span, in one line; hidden where nothing is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from junjo_desktop.shell.notes import NOT_KEPT_WORDS
from junjo_desktop.state.notes import Note
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 32
_MOST_TAGS = 8


class NoteLine(QFrame):
    """`trace_asked` and `span_asked` when one of both notes is to be changed."""

    trace_asked = Signal()
    span_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self.trace = _NotePart("Trace", "Change the note on this trace (J)", self)
        self.span = _NotePart("Span", "Change the note on the selected span (Shift+J)", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(16)
        line.addWidget(self.trace, 1)
        line.addWidget(self.span, 1)
        self.trace.button.clicked.connect(self.trace_asked)
        self.span.button.clicked.connect(self.span_asked)
        self.hide()

    def show_notes(self, trace: Note, span: Note, elsewhere: int) -> None:
        """Show both; `elsewhere` counts other spans of the trace that have a note."""
        self.trace.show_note(trace, f"{counted(elsewhere, 'other span')} noted" if elsewhere else "")
        self.span.show_note(span, "")
        self.setVisible(bool(trace or span or elsewhere))


class _NotePart(QWidget):
    def __init__(self, title: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._tags: list[Tag] = []
        self.button = QPushButton(icon("note"), title, self)
        self.button.setProperty("look", "quiet")
        self.button.setToolTip(f"{tip}\n{NOT_KEPT_WORDS}")
        self.button.setAccessibleName(tip.partition(" (")[0])
        self.comment = ElidedLabel(parent=self)
        self.comment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.comment.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(6)
        self._line.addWidget(self.button)
        self._line.addWidget(self.comment, 1)

    def show_note(self, note: Note, more: str) -> None:
        for tag in self._tags:
            self._line.removeWidget(tag)
            tag.deleteLater()
        self._tags = []
        for place, text in enumerate(note.tags[:_MOST_TAGS]):
            tag = Tag(text, "info", self)
            tag.setToolTip(plain_tooltip(text))
            self._line.insertWidget(1 + place, tag)
            self._tags.append(tag)
        hidden = len(note.tags) - _MOST_TAGS
        words = [f"+{hidden} tags" if hidden > 0 else "", " ".join(note.comment.split()), more]
        self.comment.setText(" · ".join(word for word in words if word))
        self.comment.setToolTip(plain_tooltip("\n".join(filter(None, (", ".join(note.tags), note.comment)))))
        self.setVisible(bool(note) or bool(more))
