"""Whose state is shown, which step of how many, how sure it is and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from junjo_desktop.features.run.state.presentation import Presentation
from junjo_desktop.telemetry.junjo.state import Certainty, StateValue
from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.display_text import excerpt, one_line
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

CERTAINTY_ROLES: dict[Certainty, Role] = {
    Certainty.EXACT: "ok",
    Certainty.INFERRED: "warning",
    Certainty.UNKNOWN: "dim",
}
_NAME_CHARACTERS = 40
_SHOWN_CHARACTERS = 24  # beside the tabs, which stay whole
_STORE_PX = 150
_ACTION_PX = 200


class StepPlace(QWidget):
    """`AnswerStore · step 6 of 9 ‹ ›`. With several stores, their name is a choice."""

    moved = Signal(bool)
    """True: to the next step."""
    store_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stores = QComboBox(self)
        self.words = ElidedLabel(parent=self, look="dim")
        self.back = QToolButton(self)
        self.forth = QToolButton(self)
        self.stores.setAccessibleName("Store")
        self.stores.setToolTip("Choose a store of this run")
        self.stores.setMaximumWidth(_STORE_PX)
        self.stores.activated.connect(self._choose)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.stores)
        line.addWidget(self.words, 1)
        for button, name, key in (
            (self.back, "Previous update of this store", ","),
            (self.forth, "Next update of this store", "."),
        ):
            button.setIcon(icon("chevron-left" if button is self.back else "chevron-right"))
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key})")
            line.addWidget(button)
        self.back.clicked.connect(self._go_back)
        self.forth.clicked.connect(self._go_forth)

    def set_stores(self, names: dict[str, str], chosen: str) -> None:
        """Offer these stores, by id; a single one needs no choice."""
        offered = [(str(self.stores.itemData(row)), self.stores.itemText(row)) for row in range(self.stores.count())]
        wanted = [(store_id, one_line(name or "Store", _NAME_CHARACTERS)) for store_id, name in names.items()]
        if offered != wanted:
            self.stores.clear()
            for store_id, name in wanted:
                self.stores.addItem(name, store_id)
        self.stores.setCurrentIndex(max(self.stores.findData(chosen), 0))
        self.stores.setVisible(len(names) > 1)

    def show_place(self, shown: Presentation, *, can_go_back: bool, can_go_forth: bool) -> None:
        """Say where that is."""
        place = "start and end" if shown.position is None else f"step {shown.sequence:,} of {shown.steps:,}"
        name = "" if self.stores.isVisibleTo(self) else f"{one_line(shown.store_name or 'Store', _SHOWN_CHARACTERS)} · "
        self.words.setText(f"{name}{place}")
        self.back.setEnabled(can_go_back)
        self.forth.setEnabled(can_go_forth)

    def _choose(self, row: int) -> None:
        self.store_chosen.emit(str(self.stores.itemData(row)))

    def _go_back(self) -> None:
        self.moved.emit(False)

    def _go_forth(self) -> None:
        self.moved.emit(True)


class CertaintyLine(QFrame):
    """What the step is called, a tag, and why it is not exact."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "facts")
        self.action = ElidedLabel(parent=self, look="heading")
        self.action.setMaximumWidth(_ACTION_PX)
        self.tag = Tag(parent=self)
        self.reason = QLabel(self)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setWordWrap(True)
        self.reason.setProperty("look", "dim")
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(14, 5, 10, 5)
        self.line.setSpacing(8)
        self.line.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.line.addWidget(self.tag, 0, Qt.AlignmentFlag.AlignVCenter)
        self.line.addWidget(self.reason, 1)

    def show_state(self, action: str, state: StateValue, fallback: str) -> None:
        """Say what is sure; `fallback` where nothing has to be explained."""
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.tag.set_tag(state.certainty.value, CERTAINTY_ROLES[state.certainty])
        text = state.reason or fallback
        self.reason.setText(excerpt(text))
        self.reason.setToolTip(plain_tooltip(text))
