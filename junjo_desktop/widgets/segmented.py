"""A row of joined buttons of which one is on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segmented(QWidget):
    """Choose one of a few named values. `chosen` carries the value's key, and only when the user chose."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], *, name: str, parent: QWidget | None = None) -> None:
        """`options` are (key, label); `name` says to a screen reader what is chosen."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for key, label in options:
            button = QPushButton(label, self)
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {label}")
            self._group.addButton(button)
            self._buttons[key] = button
            layout.addWidget(button)
        if options:
            self.set_value(options[0][0])
        self._group.buttonClicked.connect(self._announce)

    @property
    def value(self) -> str:
        """Key of the option that is on."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, key: str) -> None:
        """Turn an option on without `chosen`. Raises `KeyError` for an unknown key."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        """Return the button of an option. Raises `KeyError` for an unknown key."""
        return self._buttons[key]

    def _announce(self) -> None:
        self.chosen.emit(self.value)
