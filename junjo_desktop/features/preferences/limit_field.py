"""One limit of retention: a number, its unit, and what is wrong with it or what it means."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from junjo_desktop.features.preferences.section import wrapped_label

_FIELD_PX = 90


class LimitField(QWidget):
    """`edited` comes when the user types, `submitted` on Enter."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, name: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setFixedWidth(_FIELD_PX)
        self.field.setMaxLength(12)
        self.field.setAccessibleName(name)
        self._words = wrapped_label(self, "error")
        self._words.hide()
        self._off = QLabel("no limit", self)
        self._off.setProperty("look", "dim")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field)
        line.addWidget(QLabel(unit, self))
        line.addWidget(self._off)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self._words)
        self.field.textEdited.connect(self.edited)
        self.field.returnPressed.connect(self.submitted)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text()

    @property
    def problem(self) -> str:
        """What is wrong; empty when all is well."""
        return self._words.text()

    def show_state(self, problem: str, *, is_off: bool) -> None:
        """Say what is wrong ("" for nothing), or that there is no limit."""
        self._words.setText(problem)
        self._words.setVisible(bool(problem))
        self._off.setVisible(is_off and not problem)
        self.field.setAccessibleDescription(problem or ("no limit" if is_off else ""))
