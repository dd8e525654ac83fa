"""One port: a field, what is wrong with it, and whether it is open at the moment."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from junjo_desktop.features.preferences.number_field import lay_out, number_field
from junjo_desktop.features.preferences.section import wrapped_label
from junjo_desktop.telemetry.intake import Listener
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.tag import Tag


class PortField(QWidget):
    """`edited` comes when the user types, `removed` when the cross is pressed, `submitted` on Enter."""

    edited = Signal()
    removed = Signal(object)
    submitted = Signal()

    def __init__(self, name: str, *, removable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listener: Listener | None = None
        self._problem = ""
        self.field = number_field(name, self)
        self._state = Tag(parent=self)
        self._remove = QToolButton(self)
        self._remove.setIcon(icon("close"))
        self._remove.setToolTip("Remove this port")
        self._remove.setVisible(removable)
        self._words = wrapped_label(self, "dim")
        self._words.hide()
        lay_out(self, self.field, (self._remove, self._state), self._words)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(self.submitted)
        self._remove.clicked.connect(self._ask_removal)

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches here, in order."""
        return (self.field, self._remove)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text()

    @property
    def remark(self) -> str:
        """What is said about the port; empty when all is well."""
        return self._words.text()

    def set_removable(self, removable: bool) -> None:
        """Show the cross, or not: the last port stays."""
        self._remove.setVisible(removable)

    def rename(self, name: str) -> None:
        """Say to a screen reader which port this is."""
        self.field.setAccessibleName(name)
        self._remove.setAccessibleName(f"Remove {name}")

    def show_listener(self, listener: Listener | None) -> None:
        """Show whether the port that stands here is open; None when that is not known."""
        self._listener = listener
        self._refresh()

    def show_problem(self, problem: str) -> None:
        """Say what is wrong with what was typed; empty for nothing."""
        self._problem = problem
        self._refresh()

    def _refresh(self) -> None:
        listener = self._listener
        if self._problem:
            self._state.set_tag("", "node")
            self._say(self._problem, "error")
        elif listener is None:
            self._state.set_tag("", "node")
            self._say("", "dim")
        elif listener.error is not None:
            self._state.set_tag("not open", "warning")
            self._say(str(listener.error), "dim")
        else:
            number = "" if self.text.strip() == str(listener.port) else f" on {listener.port}"
            self._state.set_tag(f"listening{number}", "ok")
            self._say("", "dim")

    def _say(self, words: str, look: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.field.setAccessibleDescription(words or self._state.text)
        if self._words.property("look") != look:
            self._words.setProperty("look", look)
            self._words.style().polish(self._words)

    def _typed(self) -> None:
        self._listener = None
        self.edited.emit()

    def _ask_removal(self) -> None:
        self.removed.emit(self)
