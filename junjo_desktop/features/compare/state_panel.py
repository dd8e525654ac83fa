"""The states of both runs beside each other: at the end or at the start, as a tree of differences or line by line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.features.compare.side_panel import SidePanel
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.junjo.comparison_model import Comparison, StorePair
from junjo_desktop.telemetry.junjo.comparison_states import StateDifference, states_between
from junjo_desktop.telemetry.junjo.state import Certainty
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.segmented import Segmented
from junjo_desktop.widgets.state_changes.change_tree import ChangeTree
from junjo_desktop.widgets.state_changes.diff_rows import DiffRow, diff_rows, longest_of
from junjo_desktop.widgets.state_changes.lines_view import LinesView
from junjo_desktop.widgets.tab_bar import TabBar
from junjo_desktop.widgets.tag import Tag

_BAR_PX = 38
_TABS = ("changes", "text")
_STORE_CHARACTERS = 60
_NO_STORE = "Neither run keeps a state."


@dataclass(frozen=True)
class ShownStates:
    """What is shown of one store at one end."""

    store: int
    is_end: bool
    difference: StateDifference
    rows: tuple[DiffRow, ...]
    longest: int


def present(pair: StorePair, store: int, *, is_end: bool) -> ShownStates:
    """Compare two states. Takes as long as they are large."""
    difference = states_between(pair, is_end=is_end)
    rows = () if difference.changes is None else diff_rows(difference.changes)
    return ShownStates(store, is_end, difference, rows, longest_of(rows))


class StatePanel(SidePanel):
    """Compares in the background whatever store and end is chosen."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores: tuple[StorePair, ...] = ()
        self._shown: ShownStates | None = None
        self._presenter = workbench.worker(self, self._show)
        self.moment = Segmented((("end", "End"), ("start", "Start")), name="Compare the state at the", parent=self)
        self.tabs = TabBar("Views of the states", ("State", "Side by side"), self)
        self.store = QComboBox(self)
        self.changes = ChangeTree(self, has_history=False)
        self.text = LinesView("Left and right side by side", ("Left", "Right"), self)
        self.nothing = EmptyState("Nothing to compare.", parent=self)
        self._choice = QFrame(self)
        self._certainty = QFrame(self)
        self._tag = Tag(parent=self._certainty)
        self._reason = QLabel(self._certainty)
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.tabs.currentChanged.connect(self._choose_view)
        self.moment.chosen.connect(self._refresh)
        self.store.activated.connect(self._refresh)

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        line = QHBoxLayout(bar)
        line.setContentsMargins(7, 0, 10, 0)
        line.setSpacing(8)
        self.store.setAccessibleName("Store")
        self.store.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.store.setMinimumContentsLength(8)
        line.addWidget(self.tabs)
        line.addStretch(1)
        line.addWidget(self.moment)
        self._choice.setProperty("look", "bar")
        choice = QHBoxLayout(self._choice)
        choice.setContentsMargins(14, 4, 10, 4)
        label = QLabel("Store", self._choice)
        label.setProperty("look", "dim")
        choice.addWidget(label)
        choice.addWidget(self.store, 1)
        self._certainty.setProperty("look", "bar")
        said = QHBoxLayout(self._certainty)
        said.setContentsMargins(14, 5, 10, 5)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setWordWrap(True)
        self._reason.setProperty("look", "dim")
        said.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._reason, 1)
        for view in (self.nothing, self.changes, self.text):
            self.stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (bar, self._choice, self._certainty):
            layout.addWidget(part)
        layout.addWidget(self.stack, 1)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._presenter.busy

    @property
    def shown(self) -> ShownStates | None:
        """What is on screen."""
        return self._shown

    def show_comparison(self, comparison: Comparison, *, is_update: bool) -> None:
        """Show the states of other runs, or of the same ones after they grew."""
        chosen = self.store.currentText() if is_update else ""
        # What only one run keeps cannot be compared, but for the runs' own.
        self._stores = tuple(
            pair
            for pair in comparison.stores
            if pair.position == 0 or (pair.left is not None and pair.right is not None)
        )
        self.store.clear()
        for pair in self._stores:
            owner = "" if not pair.position else f" of {comparison.steps[pair.position].name}"
            self.store.addItem(one_line(f"{pair.name or '(unnamed store)'}{owner}", _STORE_CHARACTERS))
        self._choice.setVisible(len(self._stores) > 1)
        place = self.store.findText(chosen) if chosen else 0
        self.store.setCurrentIndex(max(place, 0))
        if not is_update:
            self.moment.set_value("end")
        self._refresh()

    def _refresh(self, _chosen: object = None) -> None:
        place = self.store.currentIndex()
        if not 0 <= place < len(self._stores):
            self._presenter.cancel()
            self._shown = None
            self._certainty.hide()
            self.say(_NO_STORE)
            return
        self._presenter.submit(partial(present, self._stores[place], place, is_end=self.moment.value == "end"))

    def _show(self, shown: ShownStates) -> None:
        self._shown = shown
        self.changes.show_changes(shown.difference.changes)
        self.text.show_lines(shown.rows, shown.longest)
        count = "" if shown.difference.changes is None else f" {shown.difference.changes.count:,}"
        self.tabs.setTabText(0, f"State{count}")
        self._show_certainty(shown.difference)
        self._choose_view()

    def _show_certainty(self, difference: StateDifference) -> None:
        unsure = [
            f"In the {which} run: {state.reason[:1].lower()}{state.reason[1:]}"
            for which, state in (("left", difference.left), ("right", difference.right))
            if state.certainty is Certainty.INFERRED
        ]
        self._certainty.setVisible(bool(unsure) and difference.changes is not None)
        self._tag.set_tag("inferred", "warning")
        self._reason.setText("\n".join(unsure))

    def _choose_view(self, _tab: int = 0) -> None:
        shown = self._shown
        if shown is None:
            return
        when = "end" if shown.is_end else "start"
        if shown.difference.changes is None:
            self.say(shown.difference.reason)
        elif not shown.difference.changes.count:
            self.say(f"Both runs have the same state at the {when}.", icon_name="ok")
        else:
            self.stack.setCurrentWidget(self.changes if self.tabs.currentIndex() == 0 else self.text)
            self.tabs.setToolTip(f"{counted(shown.difference.changes.count, 'difference')} at the {when}")

    def save_state(self, state: QSettings) -> None:
        """Write which view is shown."""
        state.setValue("state_tab", _TABS[self.tabs.currentIndex()])

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        tab = str(state.value("state_tab", ""))
        if tab in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(tab))
