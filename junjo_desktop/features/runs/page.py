"""The Workflows and the Agents page: every run, live, and narrowed by filters; or one line a workflow or agent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.runs.actions import RunActions
from junjo_desktop.features.runs.bar import GROUPS, RUNS, RunsBar
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.groups_panel import GroupsPanel
from junjo_desktop.features.runs.kinds import RunsKind
from junjo_desktop.features.runs.listings import GroupsListing, RunTotals
from junjo_desktop.features.runs.page_state import (
    read_filter,
    read_group_sort,
    read_run_sort,
    write_filter,
    write_sorts,
)
from junjo_desktop.features.runs.peek import run_facts
from junjo_desktop.features.runs.queries import facet_counts
from junjo_desktop.features.runs.source import RunSource
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenRuns
from junjo_desktop.shell.list_page import ListPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_filters import RunKind, RunSort, RunSortBy
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.widgets.live_list import LiveList
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_peek import RowPeek

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

_STATE_AGES_MS = 5_000


class RunsPage(ListPage[RunsFilter, RunRow]):
    """Two lists of the same runs, of which one is shown: each run, or each name."""

    bar: RunsBar
    peek: RowPeek

    def __init__(self, workbench: Workbench, kind: RunsKind, parent: QWidget | None = None) -> None:
        super().__init__(workbench, kind.words, RunsFilter(), parent)
        self.kind = kind
        self._sort = RunSort()
        table: PagedTable[RunRow] = PagedTable(
            workbench, kind.columns(self.scale), name=kind.words.group, noun=("new run", "new runs"), parent=self
        )
        self._run_columns = table.columns.menu(self)
        bar = RunsBar(kind, self._run_columns, self)
        peek = RowPeek(run_facts, name="The current run", parent=self)
        self.put_together(table, bar, peek, ages_ms=_STATE_AGES_MS)
        self.groups = GroupsPanel(workbench, kind, self.show_only, ages_ms=_STATE_AGES_MS, parent=self)
        self._group_columns = self.groups.table.columns.menu(self)
        self.groups.table.menu.narrow = self.narrow
        self.groups.hide()
        self.body.addWidget(self.groups, 1)
        self.run_actions = RunActions(workbench, table, kind.words, self.show_only, self)
        bar.mode.chosen.connect(self.show_mode)
        bar.live_changed.connect(self.groups.live.set_live)
        self.groups.listed.connect(self._groups_listed)
        self.live.aged.connect(self._aged)

    @property
    def shown_sort(self) -> RunSort:
        """In which order the runs are."""
        return self._sort

    @property
    def mode(self) -> str:
        """Whether runs or groups are listed."""
        return self.bar.mode.value

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if isinstance(destination, OpenRuns) and (destination.service is not None or destination.name is not None):
            self.show_mode(RUNS)
            self.show_filter(
                RunsFilter(
                    service=destination.service,
                    name=destination.name,
                    with_subflows=self.shown_filter.with_subflows,
                )
            )

    def activated(self) -> None:
        super().activated()
        (self.groups if self.mode == GROUPS else self.table).setFocus()

    def commands(self) -> tuple[Command, ...]:
        key, group = self.words.key, self.words.group
        subflows = Command(f"{key}.subflows", "Runs of subflows too", self.bar.subflows.click, "Shift+S", group)
        return (
            *self.list_commands(),
            Command(f"{key}.failed", "Only failed runs", self.bar.failed.click, "E", group, "error"),
            *((subflows,) if self.kind.kind is RunKind.WORKFLOWS else ()),
            Command(f"{key}.filters", "Filters", self.bar.filters.showMenu, "F", group, "filter"),
            Command(f"{key}.correlation", "With a correlation id…", self.bar.menu.ask_correlation, "", group, "filter"),
            Command(f"{key}.mode", f"Runs, or {self.kind.by_title.lower()}", self._toggle_mode, "G", group, "menu"),
            *self.run_actions.commands(),
        )

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        self.groups.save_state(state)
        write_filter(state, self.shown_filter)
        write_sorts(state, self._sort, self.groups.sort)
        state.setValue("mode", self.mode)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self.groups.restore_state(state)
        self._sort = read_run_sort(state)
        self.groups.sort = read_group_sort(state)
        if state.value("mode") == GROUPS:
            self.bar.mode.set_value(GROUPS)
            self._show_body()
        self.show_filter(read_filter(state))

    # Runs or groups

    def show_mode(self, mode: str) -> None:
        """List runs, or groups."""
        had_focus = self.table.view.hasFocus() or self.groups.table.view.hasFocus()
        self.current_list().hidden()
        self.bar.mode.set_value(mode)
        self._show_body()
        if had_focus:
            self.activated()
        is_listed = self.groups.filter == self.shown_filter if mode == GROUPS else self._listed_filter == self._filter
        if self.current_list().source is None or not is_listed:
            self.list_rows()
        self.current_list().shown()

    def _show_body(self) -> None:
        grouped = self.mode == GROUPS
        self.groups.setVisible(grouped)
        self.table.setVisible(not grouped)
        self.scatter.setVisible(not grouped and self._has_rows)
        self.bar.columns.setMenu(self._group_columns if grouped else self._run_columns)
        if grouped:
            self.peek.hide()
        self.setFocusProxy(self.groups if grouped else self.table)

    def _toggle_mode(self) -> None:
        self.show_mode(RUNS if self.mode == GROUPS else GROUPS)

    def show_only(self, name: str, service: str) -> None:
        """List the runs of one name in one service."""
        self.show_mode(RUNS)
        self.show_filter(replace(self.shown_filter, name=name, service=service))

    # What the list asks

    def table_in_front(self) -> PagedTable[Any]:
        return self.groups.table if self.mode == GROUPS else self.table

    def current_list(self) -> LiveList:
        return self.groups.live if self.mode == GROUPS else self.live

    def list_rows(self) -> None:
        if self.mode == GROUPS:
            self.groups.list_groups(self.shown_filter)
        else:
            super().list_rows()

    def make_source(self, *, top_first: bool) -> RunSource:
        return RunSource(self.kind.kind, self.shown_filter, self._sort, top_first=top_first)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        kind, chosen = self.kind.kind, self.shown_filter

        def read(cursor: DuckDBPyConnection) -> Facets:
            now_ns = time.time_ns()
            return facet_counts(cursor, chosen.stored(kind, now_ns), now_ns)

        return read

    def sort_shown(self) -> tuple[str, bool]:
        return self._sort.by, self._sort.descending

    def sort_by(self, key: str, descending: bool) -> None:
        self._sort = RunSort(RunSortBy(key), descending)
        self.list_rows()

    def open_row(self, row_id: str) -> None:
        self.workbench.open(self.run_actions.destination(row_id))

    def show_totals(self, totals: RunTotals) -> None:
        self.bar.show_facets(totals.facets)
        self.show_scatter(totals.scatter)

    def _groups_listed(self, listing: GroupsListing) -> None:
        self.bar.show_facets(listing.facets)
        self.show_empty(self.groups.table.empty_state, listing)

    def _aged(self) -> None:
        if self.shown_filter.follows_clock:
            self.live.stored()
