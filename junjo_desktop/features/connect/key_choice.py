"""Which key the snippet carries, and what is known of its secret."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from junjo_desktop.features.connect.known_keys import KnownKeys
from junjo_desktop.widgets.display_text import one_line

_NAME_CHARACTERS = 40
_SHOWN_CHARACTERS = 22


class KeyChoice(QWidget):
    """A box with the keys. `remedy` is a line of its own: what is missing, and a way out of it."""

    key_chosen = Signal(str)
    """The id of the key the user chose."""
    new_key_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remedy = QWidget(parent)
        caption = QLabel("Key", self)
        caption.setProperty("look", "dim")
        self._keys = QComboBox(self)
        self._keys.setAccessibleName("Key in the snippet")
        self._keys.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._keys.setMinimumContentsLength(_SHOWN_CHARACTERS)
        caption.setBuddy(self._keys)
        self._state = QLabel(self.remedy)
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setWordWrap(True)
        self._state.setProperty("look", "dim")
        self._create = QPushButton("Create a new key", self.remedy)
        _fill(self, caption, self._keys)
        _fill(self.remedy, self._state, self._create)
        self._keys.activated.connect(self._announce)
        self._create.clicked.connect(self.new_key_wanted)

    @property
    def sentence(self) -> str:
        """What is said about the key; empty when all is well."""
        return self._state.text()

    def show_keys(self, known: KnownKeys, *, required: bool) -> None:
        """Show these keys, and what can be done with the chosen one."""
        with QSignalBlocker(self._keys):
            self._keys.clear()
            for key in known.keys:
                self._keys.addItem(f"{one_line(key.name, _NAME_CHARACTERS)}  ·  {key.prefix}…", key.id)
            self._keys.setCurrentIndex(self._keys.findData(known.chosen))
        self.setVisible(required and bool(known.keys))
        self._create.setVisible(required and known.secret is None)
        self._state.setText(_sentence(known, required=required))
        self.remedy.setVisible(bool(self.sentence))

    def _announce(self, place: int) -> None:
        self.key_chosen.emit(str(self._keys.itemData(place)))


def _fill(line: QWidget, first: QWidget, second: QWidget) -> None:
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(first, 1)
    layout.addWidget(second)


def _sentence(known: KnownKeys, *, required: bool) -> str:
    if not required:
        return "No key is needed: telemetry from this computer is accepted without one."
    if not known.keys:
        return "There is no key yet, and telemetry is accepted only with one."
    if known.secret is None:
        return "The secret of this key cannot be read any more. Put it in yourself, or create a new key."
    return ""
