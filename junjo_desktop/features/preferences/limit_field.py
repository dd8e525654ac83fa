"""One limit of retention: a number, its unit, and what is wrong with it or what it means."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from junjo_desktop.features.preferences.number_field import lay_out, number_field
from junjo_desktop.features.preferences.section import wrapped_label


class LimitField(QWidget):
    """`edited` comes when the user types, `submitted` on Enter."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, name: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = number_field(name, self)
        self._words = wrapped_label(self, "error")
        self._words.hide()
        self._off = QLabel("no limit", self)
        self._off.setProperty("look", "dim")
        lay_out(self, self.field, (QLabel(unit, self), self._off), self._words)
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
