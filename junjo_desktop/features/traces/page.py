"""The Traces page: everything that was received, newest first, live, and narrowed by filters."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.traces.actions import TraceActions
from junjo_desktop.features.traces.columns import STAR_COLUMN, trace_columns
from junjo_desktop.features.traces.filter_bar import FilterBar
from junjo_desktop.features.traces.filters import Sort, TraceFilter
from junjo_desktop.features.traces.listings import Totals, TraceRow
from junjo_desktop.features.traces.page_state import read_filter, write_filter
from junjo_desktop.features.traces.peek import peek_facts
from junjo_desktop.features.traces.queries import facet_counts
from junjo_desktop.features.traces.source import TraceSource
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenTrace, OpenTraces
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.shell.notes import may_ask_for_notes
from junjo_desktop.shell.sorted_page import SortedPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_peek import RowPeek

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

_STATE_AGES_MS = 30_000
_WORDS = ListWords(
    key="traces",
    group="Traces",
    noun="trace",
    nothing_yet="No traces yet. Point an SDK here and they appear by themselves.",
    icon="traces",
    subject=Subject.TRACES,
)


class TracesPage(SortedPage[TraceFilter, TraceRow, Sort]):
    """One list, its filters, and the scatter strip above it."""

    bar: FilterBar
    peek: RowPeek

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, _WORDS, TraceFilter(), Sort(), parent)
        columns = trace_columns(self.scale, workbench.stars, workbench.notes.tags_in)
        table: PagedTable[TraceRow] = PagedTable(
            workbench, columns, name="Traces", noun=("new trace", "new traces"), parent=self
        )
        bar = FilterBar(table.columns.menu(self), self)
        peek = RowPeek(peek_facts, name="The current trace", parent=self)
        self.put_together(table, bar, peek, ages_ms=_STATE_AGES_MS)
        self.trace_actions = TraceActions(workbench, table, self._chosen_service, self)
        self.trace_actions.serve(bar.service)
        workbench.stars.changed.connect(self._stars_changed)
        for told in (workbench.notes.changed, workbench.notes.written):
            told.connect(self._notes_changed)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if isinstance(destination, OpenTraces) and destination != OpenTraces():
            self.show_filter(TraceFilter(service=destination.service, text=destination.text))

    def activated(self) -> None:
        super().activated()
        self.workbench.stars.reload()
        self.workbench.notes.reload()

    def commands(self) -> tuple[Command, ...]:
        return (
            *self.list_commands(),
            Command("traces.errors", "Only traces with failures", self.bar.errors.click, "E", "Traces", "error"),
            Command("traces.copy_id", "Copy trace id", self.table.menu.copy_ids, "C", "Traces", "copy"),
            Command("traces.starred", "Only starred traces", self.bar.starred.click, "Shift+S", "Traces", "star"),
            *self.trace_actions.commands(),
        )

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_filter(state, self.shown_filter)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self.show_filter(read_filter(state))

    # What the list asks

    def make_source(self, *, top_first: bool) -> TraceSource:
        return TraceSource(
            self.shown_filter, self.shown_sort, top_first=top_first, starred=self.workbench.backend.starred
        )

    def open_row(self, row_id: str) -> None:
        self.workbench.open(OpenTrace(row_id, self.hits.span_of(row_id), self.hits.find_text))

    def show_totals(self, totals: Totals) -> None:
        self.bar.show_services(totals.services)
        self.show_scatter(totals.scatter)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        chosen, backend = self.shown_filter, self.workbench.backend
        return lambda cursor: facet_counts(
            cursor, chosen, time.time_ns(), backend.starred() if chosen.starred_only else ()
        )

    def column_clicked(self, key: str, row_id: str) -> None:
        if key == STAR_COLUMN:
            self.workbench.stars.toggle((row_id,))

    def _chosen_service(self) -> str | None:
        return self.shown_filter.service

    def _notes_changed(self) -> None:
        self.table.view.viewport().update()
        if may_ask_for_notes(self.shown_filter.text):
            self.live.list_anew()

    def _stars_changed(self) -> None:
        self.table.view.viewport().update()
        if self.shown_filter.starred_only:
            self.live.list_anew()
