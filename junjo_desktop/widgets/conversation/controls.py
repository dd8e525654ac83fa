"""How messages are shown, what is found in them, and how they are copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.conversation.copying import COPY_FORMS
from junjo_desktop.widgets.segmented import Segmented

MARKDOWN, PLAIN, JSON = "markdown", "plain", "json"
_FORMS = ((MARKDOWN, "Markdown"), (PLAIN, "Plain"), (JSON, "JSON"))


class ConversationControls(QFrame):
    """`form_chosen` carries a form; `copy_asked` the key of a way to copy, a `CopyForm` where no others are given."""

    form_chosen = Signal(str)
    copy_asked = Signal(object)

    def __init__(
        self, find: QWidget, parent: QWidget | None = None, *, copies: Sequence[tuple[str, str]] = COPY_FORMS
    ) -> None:
        """`find` is taken over; `copies` are the ways to copy, each with its label."""
        super().__init__(parent)
        self.form = Segmented(_FORMS, name="Messages as", parent=self)
        self.copy = QToolButton(self)
        self.menu = QMenu(self)
        self.setProperty("look", "bar")
        self.form.setToolTip("Show messages as Markdown, as they were sent, or as JSON")
        self.copy.setIcon(icon("copy"))
        self.copy.setToolTip("Copy the whole conversation")
        self.copy.setAccessibleName("Copy the whole conversation")
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for form, label in copies:
            self.menu.addAction(label).setData(str(form))
        self.copy.setMenu(self.menu)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(8)
        line.addWidget(self.form)
        line.addStretch(1)
        line.addWidget(find, 8)
        line.addWidget(self.copy)
        self.form.chosen.connect(self.form_chosen)
        self.menu.triggered.connect(self._ask)

    def _ask(self, action: object) -> None:
        self.copy_asked.emit(action.data())  # type: ignore[attr-defined]  # a QAction

    def save_state(self, state: QSettings, key: str = "conversation_form") -> None:
        """Write how messages are shown."""
        state.setValue(key, self.form.value)

    def restore_state(self, state: QSettings, key: str = "conversation_form") -> None:
        """Read back what `save_state` wrote."""
        if state.value(key) in dict(_FORMS):
            self.form.set_value(str(state.value(key)))
