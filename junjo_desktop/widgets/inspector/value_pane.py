"""Shows one value whole: what a table cell had to cut."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.inspector.detail import value_title, whole_text
from junjo_desktop.widgets.json_nodes import plain_text

_SHOWN_CHARACTERS = 50_000
"""More is shown on demand: this pane follows the arrow keys."""


class ValuePane(QWidget):
    """A line with type and size, a copy button, and the text; JSON inside a string is shown unfolded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Any = None
        self._title = QLabel(self)
        self._title.setProperty("look", "dim")
        self.text = CodeView("Whole value", limit=_SHOWN_CHARACTERS, parent=self)
        line = QHBoxLayout()
        line.setContentsMargins(10, 4, 6, 2)
        line.addWidget(self._title, 1)
        line.addWidget(CopyButton(self._copied, name="Copy the whole value", parent=self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.text, 1)
        self.hide()

    def show_value(self, value: Any) -> None:
        """Show this value from its start."""
        self._value = value
        self._title.setText(value_title(value))
        self.text.set_text(*_text_of(value))
        self.show()

    def _copied(self) -> str:
        return plain_text(self._value)


def _text_of(value: Any) -> tuple[str, Any]:
    text, language = whole_text(value)
    return text, "json" if language == "json" else "text"
