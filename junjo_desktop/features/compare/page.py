"""The page that compares two runs: loads them, keeps them up to date while they grow, and holds its parts together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.compare.chooser import RunChooser
from junjo_desktop.features.compare.compare_commands import compare_commands
from junjo_desktop.features.compare.header import CompareHeader
from junjo_desktop.features.compare.loading import LoadChange, LoadComparison, LoadedComparison
from junjo_desktop.features.compare.run_grid import RunGrid
from junjo_desktop.features.compare.state_panel import StatePanel
from junjo_desktop.features.compare.step_lists import StepLists
from junjo_desktop.features.compare.summary_line import SummaryLine
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenRuns
from junjo_desktop.shell.follower import Follower, Growth
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.empty_state import EmptyState

_SHARES = (14, 11)
_LEAST_LISTS_PX, _LEAST_STATE_PX = 400, 260


class ComparePage(Page):
    """Every read is newest-wins; an answer for runs that are no longer shown is dropped."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._wanted: CompareRuns | None = None
        self._changes_left: bool | None = None
        self._is_divided = False
        self.follower = Follower(self, workbench, self)
        self.header = CompareHeader(self)
        self.summary = SummaryLine(self)
        self.grid = RunGrid(self)
        self.lists = StepLists(self)
        self.state = StatePanel(workbench, self)
        self.chooser = RunChooser(workbench, self)
        self.absent = EmptyState("No runs are compared.", parent=self)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._body = QWidget(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._across.addWidget(self.lists)
        self._across.addWidget(self.state)
        self._across.setChildrenCollapsible(False)
        for place, share in enumerate(_SHARES):
            self._across.setStretchFactor(place, share)
        self.lists.setMinimumWidth(_LEAST_LISTS_PX)
        self.state.setMinimumWidth(_LEAST_STATE_PX)
        shown, whole = QVBoxLayout(self._body), QVBoxLayout(self)
        for layout in (shown, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for widget in (self.summary, self.grid):
            shown.addWidget(widget)
        shown.addWidget(self._across, 1)
        for view in (self.absent, self._body, self.chooser):
            self._stack.addWidget(view)
        whole.addWidget(self.header)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.header.swap.clicked.connect(self.swap)
        self.header.list.clicked.connect(self.open_list)
        self.summary.difference_asked.connect(self.lists.go_to_difference)
        self.grid.open_asked.connect(self.open_run)
        self.grid.change_asked.connect(self.change_run)
        self.lists.opened.connect(self._open_step)
        self.chooser.chosen.connect(self._chosen)
        self.chooser.cancelled.connect(self._cancel_choice)

    @property
    def shown(self) -> LoadedComparison | None:
        """What is compared."""
        return self.follower.shown

    @property
    def is_reading(self) -> bool:
        """Whether something is on its way to the page."""
        return self.follower.is_reading or self.state.is_busy or self.chooser.is_busy

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, CompareRuns):
            return
        self._wanted = destination
        self._forget()
        if destination.right is None:
            self.follower.forget()
            self._ask(destination.left, is_left=False)
            return
        self.absent.set_content("Comparing …")
        self._stack.setCurrentWidget(self.absent)
        self.follower.open(LoadComparison(destination.left, destination.right))

    def _forget(self) -> None:
        self._changes_left = None
        self.header.show_names("Workflows", "", "")

    def rail_name(self) -> str:
        if self.shown is None:
            return "workflows"
        return "agents" if self.shown.comparison.facts.left.type == "agent" else "workflows"

    def activated(self) -> None:
        if self._stack.currentWidget() is self._body:
            self.lists.take_focus()

    def commands(self) -> tuple[Command, ...]:
        return compare_commands(self)

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "Fold and unfold a step"),
            ("Enter", "Open the step in its run, in the right one where both have it"),
        )

    def save_state(self, state: QSettings) -> None:
        state.setValue("across", self._across.saveState())
        self.state.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        kept = state.value("across")
        self._is_divided = isinstance(kept, QByteArray) and self._across.restoreState(kept)
        self.state.restore_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follower.catch_up()

    # Answers

    def opened(self, loaded: LoadedComparison) -> None:
        """Show a comparison that was not shown before."""
        self._show(loaded, is_update=False)
        if self.isVisible():
            self.lists.take_focus()

    def grown(self, loaded: LoadedComparison, _before: LoadedComparison) -> None:
        """Show the same comparison with more in it."""
        self._show(loaded, is_update=True)

    def _show(self, loaded: LoadedComparison, *, is_update: bool) -> None:
        comparison = loaded.comparison
        self.summary.show_words(loaded.sentences, comparison.facts)
        self.grid.show_facts(comparison.facts)
        self.lists.show_comparison(loaded, is_update=is_update)
        self.state.show_comparison(comparison, is_update=is_update)
        self.header.show_names(self.rail_name().capitalize(), comparison.facts.left.name, comparison.facts.right.name)
        if self._changes_left is None:
            self._stack.setCurrentWidget(self._body)
        if not self._is_divided and self.width():
            self._is_divided = True
            left = self.width() * _SHARES[0] // sum(_SHARES)
            self._across.setSizes([left, self.width() - left])
        self.title_changed.emit(f"Compare {loaded.name}")
        self.commands_changed.emit()

    def not_found(self, error: NotFoundError, *, was_shown: bool) -> None:
        """Say that a run is waited for, or was deleted."""
        self._forget()
        words = "One of these runs was deleted: nothing of it is stored any more." if was_shown else str(error)
        self.absent.set_content(words, icon_name="clock")
        self._stack.setCurrentWidget(self.absent)

    def growth_of(self, loaded: LoadedComparison, *, is_forced: bool) -> Growth[LoadedComparison]:
        """Return the read that finds what came since."""
        return LoadChange(loaded, is_forced=is_forced)

    # Ways

    def is_shown(self) -> bool:
        """Whether two runs are compared."""
        return self.shown is not None

    def open_list(self) -> None:
        """Go to the list of such runs."""
        is_agent = self.rail_name() == "agents"
        self._workbench.open(OpenRuns("agents" if is_agent else "workflows"))

    def swap(self) -> None:
        """Put the left run at the right."""
        places = self._places()
        if places is not None:
            self._workbench.open(CompareRuns(places[1], places[0]))

    def open_run(self, is_left: bool) -> None:
        """Go to one of the runs."""
        places = self._places()
        if places is not None:
            self._workbench.open(places[0 if is_left else 1])

    def _open_step(self, span_id: str, is_left: bool) -> None:
        places = self._places()
        if places is None or self.shown is None:
            return
        place = places[0 if is_left else 1]
        if place.span_id == span_id:
            self._workbench.open(place)
        else:
            self._workbench.open(replace(place, span_id=span_id))

    def _places(self) -> tuple[OpenRun, OpenRun] | None:
        if self.shown is None:
            return None
        facts = self.shown.comparison.facts
        left, right = (OpenRun(run.trace_id, run.span_id) for run in (facts.left, facts.right))
        return left, right

    def change_run(self, is_left: bool) -> None:
        """Choose another run for one side."""
        places = self._places()
        if places is not None:
            # What stays is what the other is chosen for.
            self._ask(places[1 if is_left else 0], is_left=is_left)

    def _ask(self, run: OpenRun, *, is_left: bool) -> None:
        self._changes_left = is_left
        self._stack.setCurrentWidget(self.chooser)
        self.chooser.ask(run)

    def _chosen(self, other: OpenRun, is_earlier: bool) -> None:
        places, is_left = self._places(), self._changes_left
        if places is None:
            # Nothing was compared yet: the earlier run stands at the left.
            is_left = is_earlier
        self._changes_left = None
        if self._wanted is None:
            return
        kept = self._wanted.left if places is None else places[1 if is_left else 0]
        self._workbench.open(CompareRuns(other, kept) if is_left else CompareRuns(kept, other))

    def _cancel_choice(self) -> None:
        self._changes_left = None
        if self.shown is not None:
            self._stack.setCurrentWidget(self._body)
            self.lists.take_focus()
        elif self._wanted is not None:
            self._workbench.open(self._wanted.left)
