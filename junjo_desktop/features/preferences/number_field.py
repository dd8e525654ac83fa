"""A short field in which a number is typed, with what belongs to it beside it and what is wrong with it below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

_FIELD_PX = 90
_MOST_CHARACTERS = 12


def number_field(name: str, parent: QWidget) -> QLineEdit:
    """Return the field; `name` is what assistive technology calls it."""
    field = QLineEdit(parent)
    field.setFixedWidth(_FIELD_PX)
    field.setMaxLength(_MOST_CHARACTERS)
    field.setAccessibleName(name)
    return field


def lay_out(owner: QWidget, field: QLineEdit, beside: tuple[QWidget, ...], words: QLabel) -> None:
    """Put the field and what is beside it in one line, and `words` below."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in (field, *beside):
        line.addWidget(widget)
    line.addStretch(1)
    layout = QVBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addLayout(line)
    layout.addWidget(words)
