"""The setting "accept telemetry without a key from this computer", with what it means."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

_MEANING = (
    "Any program on this computer can then send, with a wrong key or with none. Other computers cannot: the ports are "
    "open on 127.0.0.1 only. Kept in settings.toml as accept_without_key."
)
_OVERRIDDEN = "Started with --no-auth: in this run keys are not asked for, whatever is chosen here. "


class OpenDoor(QWidget):
    """A checkbox and its meaning. `wanted` comes when the user switches it."""

    wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox("Accept telemetry without a key from this computer", self)
        self._meaning = QLabel(_MEANING, self)
        self._meaning.setTextFormat(Qt.TextFormat.PlainText)
        self._meaning.setWordWrap(True)
        self._meaning.setProperty("look", "dim")
        self._meaning.setContentsMargins(22, 0, 0, 0)
        self._box.setAccessibleDescription(_MEANING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(2)
        layout.addWidget(self._box)
        layout.addWidget(self._meaning)
        self._box.clicked.connect(self._ask)

    def show_setting(self, *, accepts: bool, overridden: bool) -> None:
        """Show the setting as it is; `overridden` when this run does not follow it."""
        with QSignalBlocker(self._box):
            self._box.setChecked(accepts)
        self._box.setEnabled(True)
        self._meaning.setText((_OVERRIDDEN if overridden else "") + _MEANING)

    def _ask(self) -> None:
        # Until the answer comes: a second click would overtake the first.
        self._box.setEnabled(False)
        self.wanted.emit(self._box.isChecked())
