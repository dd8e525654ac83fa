"""The header line of the lists of runs: what every list has, runs or groups, failed ones, subflows, more filters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.features.runs.filter_menu import FilterMenu
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.kinds import RunsKind
from junjo_desktop.store.run_filters import RunKind, RunOutcome
from junjo_desktop.store.run_listings import RunFacets
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_bar import ListBar, toggle
from junjo_desktop.widgets.segmented import Segmented

RUNS, GROUPS = "runs", "groups"


class RunsBar(ListBar[RunsFilter]):
    """`changed` carries a new `RunsFilter`; `mode.chosen` says whether runs or groups are listed."""

    def __init__(self, kind: RunsKind, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            RunsFilter(),
            columns_menu,
            noun=kind.words.noun,
            placeholder="Search, or ask: outcome:failed duration > 2s",
            parent=parent,
        )
        self.mode = Segmented([(RUNS, "Runs"), (GROUPS, kind.by_title)], name="Show", parent=self)
        self.failed = toggle("Failed", "Only failed runs (E)", self)
        self.failed.setIcon(icon("error"))
        self.failed.clicked.connect(self._failed_clicked)
        self.subflows = toggle("Subflows", "Also runs of subflows, within other workflows (Shift+S)", self)
        self.subflows.setIcon(icon("workflows"))
        self.subflows.clicked.connect(self._subflows_clicked)
        self.subflows.setVisible(kind.kind is RunKind.WORKFLOWS)
        self.filters = QPushButton("Filters", self)
        self.filters.setIcon(icon("filter"))
        self.filters.setAccessibleName("Filters")
        self.filters.setToolTip("State, name, version, correlation (F)")
        self.menu = FilterMenu(kind.kind, self)
        self.menu.chosen.connect(self.changed)
        self.filters.setMenu(self.menu)
        more = (self.failed, self.subflows, self.filters)
        self.lay_out(kind.words.group, (self.mode,), more, compact=more)
        self.show_filter(self.shown)

    def show_filter(self, shown: RunsFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        self.failed.setChecked(shown.outcomes == {RunOutcome.FAILED})
        self.subflows.setChecked(shown.with_subflows)
        self.menu.show_filter(shown)

    def show_facets(self, facets: RunFacets) -> None:
        """Offer what runs can be narrowed by."""
        self.show_services(facets.services)
        self.menu.show_facets(facets)

    def _failed_clicked(self, only: bool) -> None:
        self.changed.emit(replace(self.shown, outcomes=frozenset({RunOutcome.FAILED} if only else ())))

    def _subflows_clicked(self, wanted: bool) -> None:
        self.changed.emit(replace(self.shown, with_subflows=wanted))
