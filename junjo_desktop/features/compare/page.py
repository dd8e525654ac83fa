"""The page that compares two runs: loads them, keeps them up to date while they grow, and holds its parts together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.chooser import RunChooser
from junjo_desktop.features.compare.compare_commands import compare_commands
from junjo_desktop.features.compare.header import CompareHeader
from junjo_desktop.features.compare.loading import LoadChange, LoadComparison, LoadedComparison
from junjo_desktop.features.compare.run_grid import RunGrid
from junjo_desktop.features.compare.sides_page import SidesPage
from junjo_desktop.features.compare.state_panel import StatePanel
from junjo_desktop.features.compare.step_lists import StepLists
from junjo_desktop.features.compare.summary_line import SummaryLine
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenRuns
from junjo_desktop.shell.follower import Follower, Growth
from junjo_desktop.shell.workbench import Workbench


class ComparePage(SidesPage[LoadedComparison, OpenRun]):
    """The steps of both runs, and their states beside these."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, "run", parent)
        self._wanted: CompareRuns | None = None
        self.follower = Follower(self, workbench, self)
        self.header = CompareHeader(self)
        self.summary = SummaryLine(self)
        self.grid = RunGrid(self)
        self.lists = StepLists(self)
        self.state = StatePanel(workbench, self)
        self.chooser = RunChooser(workbench, self)
        self.put_together(self.grid, self.lists, self.state, self.chooser)
        self.grid.open_asked.connect(self.open_run)
        self.grid.change_asked.connect(self.change_side)
        self.lists.opened.connect(self._open_step)
        self.chooser.chosen.connect(self._chosen)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, CompareRuns):
            return
        self._wanted = destination
        if destination.right is None:
            self.begin_choice(destination.left)
        else:
            self.begin(LoadComparison(destination.left, destination.right))

    def forget(self) -> None:
        """Show nothing of what was compared."""
        self.header.show_names("Workflows", "", "")

    def rail_name(self) -> str:
        if self.shown is None:
            return "workflows"
        return "agents" if self.shown.comparison.facts.left.type == "agent" else "workflows"

    def commands(self) -> tuple[Command, ...]:
        return compare_commands(self)

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "Fold and unfold a step"),
            ("Enter", "Open the step in its run, in the right one where both have it"),
        )

    # Answers

    def show_loaded(self, loaded: LoadedComparison, *, is_update: bool) -> None:
        """Show other runs, or the same ones after they grew."""
        comparison = loaded.comparison
        self.summary.show_words(loaded.sentences, comparison.facts)
        self.grid.show_facts(comparison.facts)
        self.lists.show_comparison(loaded, is_update=is_update)
        self.state.show_comparison(comparison, is_update=is_update)
        self.header.show_names(self.rail_name().capitalize(), comparison.facts.left.name, comparison.facts.right.name)
        self.show_body(loaded.name)

    def growth_of(self, loaded: LoadedComparison, *, is_forced: bool) -> Growth[LoadedComparison]:
        """Return the read that finds what came since."""
        return LoadChange(loaded, is_forced=is_forced)

    # Ways

    def open_list(self) -> None:
        """Go to the list of such runs."""
        is_agent = self.rail_name() == "agents"
        self.workbench.open(OpenRuns("agents" if is_agent else "workflows"))

    def swap(self) -> None:
        """Put the left run at the right."""
        places = self.places()
        if places is not None:
            self.workbench.open(CompareRuns(places[1], places[0]))

    def open_run(self, is_left: bool) -> None:
        """Go to one of the runs."""
        places = self.places()
        if places is not None:
            self.workbench.open(places[0 if is_left else 1])

    def _open_step(self, span_id: str, is_left: bool) -> None:
        places = self.places()
        if places is None or self.shown is None:
            return
        place = places[0 if is_left else 1]
        if place.span_id == span_id:
            self.workbench.open(place)
        else:
            self.workbench.open(replace(place, span_id=span_id))

    def places(self) -> tuple[OpenRun, OpenRun] | None:
        """Return both runs."""
        if self.shown is None:
            return None
        facts = self.shown.comparison.facts
        left, right = (OpenRun(run.trace_id, run.span_id) for run in (facts.left, facts.right))
        return left, right

    def ask(self, side: OpenRun) -> None:
        """Offer what a run may be compared with."""
        self.chooser.ask(side)

    def _chosen(self, other: OpenRun, is_earlier: bool) -> None:
        if self._wanted is None:
            return
        kept, is_left = self.chosen_side(self._wanted.left, is_earlier)
        self.workbench.open(CompareRuns(other, kept) if is_left else CompareRuns(kept, other))

    def leave_choice(self) -> None:
        """Go back to the run that something was to be compared with."""
        if self._wanted is not None:
            self.workbench.open(self._wanted.left)
