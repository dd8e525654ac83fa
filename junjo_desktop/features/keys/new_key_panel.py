"""Making a key: a name, then the secret, covered, to be copied now."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from junjo_desktop.receiver.api_keys import NAME_CHARACTERS, NewKey
from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import isolated

_SECRET_PX = 560


class NewKeyPanel(QFrame):
    """Hidden until `ask`. The secret is held only while the panel shows it."""

    name_given = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._asking = QWidget(self)
        self._showing = QWidget(self)
        self._build_asking()
        self._build_showing()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 12, 10)
        layout.addWidget(self._asking)
        layout.addWidget(self._showing)
        self.hide()

    def ask(self) -> None:
        """Ask for a name."""
        self._forget()
        self._say("")
        self._showing.hide()
        self._asking.show()
        self.show()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say why the name cannot be used; it stays for correction."""
        self._create.setEnabled(True)
        self._say(sentence)
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_key(self, new: NewKey) -> None:
        """Show the secret of a key that was just made."""
        self._name.clear()
        self._create.setEnabled(True)
        self._asking.hide()
        self._title.setText(f"Key “{isolated(new.name)}” is ready.")
        self._place.setText(
            "Its secret is kept in the system keyring: it can be copied again at any time."
            if new.kept_in == "keyring"
            else "There is no keyring to keep it in: copy the secret now, it cannot be read again after this run."
        )
        self._secret.setText(new.secret)
        self._secret.setCursorPosition(0)
        self._reveal.setChecked(False)
        self._showing.show()
        self.show()
        self._copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        """Forget the secret and hide."""
        self._forget()
        self.hide()
        self.closed.emit()

    def _build_asking(self) -> None:
        caption = QLabel("Name of the new key", self._asking)
        self._name = QLineEdit(self._asking)
        self._name.setMaxLength(NAME_CHARACTERS)
        self._name.setPlaceholderText("for example the program that sends")
        self._name.setMinimumWidth(220)
        caption.setBuddy(self._name)
        self._name.setAccessibleName("Name of the new key")
        self._create = QPushButton("Create key", self._asking)
        self._create.setProperty("look", "primary")
        cancel = QPushButton("Cancel", self._asking)
        self._problem = QLabel(self._asking)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.setProperty("look", "error")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(caption)
        line.addWidget(self._name, 1)
        line.addWidget(self._create)
        line.addWidget(cancel)
        layout = QVBoxLayout(self._asking)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self._problem)
        self._name.returnPressed.connect(self._give_name)
        self._name.textEdited.connect(self._clear_problem)
        self._create.clicked.connect(self._give_name)
        cancel.clicked.connect(self.close_panel)

    def _build_showing(self) -> None:
        self._title = QLabel(self._showing)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._title.setProperty("look", "heading")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._place = QLabel(self._showing)
        self._place.setTextFormat(Qt.TextFormat.PlainText)
        self._place.setWordWrap(True)
        self._place.setProperty("look", "dim")
        self._secret = QLineEdit(self._showing)
        self._secret.setReadOnly(True)
        self._secret.setFont(mono_font())
        self._secret.setMaximumWidth(_SECRET_PX)
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.setAccessibleName("Secret of the new key")
        self._reveal = QPushButton("Show", self._showing)
        self._reveal.setIcon(icon("eye"))
        self._reveal.setCheckable(True)
        self._reveal.setAccessibleName("Show the secret")
        self._copy = CopyButton(self._secret.text, label="Copy secret", name="Copy the secret", parent=self._showing)
        done = QPushButton("Done", self._showing)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._secret, 1)
        line.addWidget(self._reveal)
        line.addWidget(self._copy)
        line.addWidget(done)
        line.addStretch(0)
        layout = QVBoxLayout(self._showing)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._place)
        layout.addLayout(line)
        self._reveal.toggled.connect(self._cover)
        done.clicked.connect(self.close_panel)

    def _give_name(self) -> None:
        if not self._name.text().strip():
            self.refuse("Give the key a name first.")
            return
        self._create.setEnabled(False)
        self.name_given.emit(self._name.text())

    def _cover(self, shown: bool) -> None:
        self._secret.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _forget(self) -> None:
        self._secret.clear()
        self._create.setEnabled(True)

    def _clear_problem(self) -> None:
        self._say("")

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
