"""The Logs page: every log record, newest first, live; with or without a trace."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.logs.bar import LogsBar
from junjo_desktop.features.logs.columns import log_columns
from junjo_desktop.features.logs.filters import LogFilter, Sort
from junjo_desktop.features.logs.listings import LogRow, Totals
from junjo_desktop.features.logs.page_state import read_filter, write_filter
from junjo_desktop.features.logs.peek import LogPeek
from junjo_desktop.features.logs.queries import facet_counts
from junjo_desktop.features.logs.source import LogSource
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenLogs, OpenTrace
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.shell.sorted_page import DividedPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.time_bars import TimeBarsStrip
from junjo_desktop.widgets.time_range import TimeRange

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

_AGES_MS = 30_000
_SHARES = (540, 460)
_WORDS = ListWords(
    key="logs",
    group="Logs",
    noun="record",
    nothing_yet="No log records yet. Point an SDK's log exporter here and they appear by themselves.",
    icon="logs",
    subject=Subject.LOGS,
)


class LogsPage(DividedPage[LogFilter, LogRow, Sort]):
    """One list, its filters, and above it how much was logged over time."""

    bar: LogsBar
    peek: LogPeek

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, _WORDS, LogFilter(), Sort(), parent)
        table: PagedTable[LogRow] = PagedTable(
            workbench, log_columns(), name="Logs", noun=("new record", "new records"), parent=self
        )
        bar = LogsBar(table.columns.menu(self), self)
        self.put_together(table, bar, LogPeek(workbench, self), ages_ms=_AGES_MS)
        self.bars = TimeBarsStrip("record", self)
        self.divide(_SHARES, self.bars)
        self.bars.hide()
        self.bars.range_chosen.connect(self._narrow_to_time)
        self.peek.left.connect(table.setFocus)
        table.menu.extend = self._extend_menu
        table.menu.id_of_row = _ids_of

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if isinstance(destination, OpenLogs) and destination != OpenLogs():
            self.show_filter(
                LogFilter(
                    service=destination.service,
                    trace_id=destination.trace_id,
                    span_id=destination.span_id,
                    text=destination.query,
                )
            )

    def commands(self) -> tuple[Command, ...]:
        key, group, on_one = self.words.key, self.words.group, self.is_one_current
        return (
            *self.list_commands(),
            Command(f"{key}.errors", "Only errors", self.bar.toggle_errors, "E", group, "error"),
            Command(f"{key}.trace", "Open the record's trace", self.open_trace, "W", group, "traces", self._has_trace),
            Command(f"{key}.of_trace", "Only records of this trace", self.show_trace, "O", group, "filter", on_one),
            Command(f"{key}.copy", "Copy the body", self.copy_body, "C", group, "copy", on_one),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (*super().view_keys(), ("← → in the strip", "From bar to bar; with Shift several, Enter lists them"))

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_filter(state, self.shown_filter)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self.show_filter(read_filter(state))

    # What the list asks

    def make_source(self, *, top_first: bool) -> LogSource:
        return LogSource(self.shown_filter, self.shown_sort, top_first=top_first)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        chosen = self.shown_filter
        return lambda cursor: facet_counts(cursor, chosen, time.time_ns())

    def open_row(self, row_id: str) -> None:
        """Show the record whole: that is what a record leads to first."""
        if self.peek.isHidden():
            self.peek.toggle(self.table.model.known_row(row_id))
        self.peek.take_focus()

    def show_totals(self, totals: Totals) -> None:
        self.bar.show_services(totals.services)
        self.bars.show_bars(totals.bars)

    def show_strip(self, visible: bool) -> None:
        self.scatter.hide()
        self.bars.setVisible(visible)

    # The current record

    def open_trace(self) -> None:
        """Open the trace of the current record at its span."""
        row = self.current_row()
        if row is not None and row.trace_id is not None:
            self.workbench.open(OpenTrace(row.trace_id, row.span_id))

    def show_trace(self) -> None:
        """List the records of the current record's trace."""
        row = self.current_row()
        if row is not None and row.trace_id is not None:
            self.show_filter(LogFilter(trace_id=row.trace_id))

    def copy_body(self) -> None:
        """Copy what the current record says; the beginning where it is long and has not been looked at."""
        row, whole = self.current_row(), self.peek.record.record
        if row is not None and whole is not None and self.peek.row == row:
            QGuiApplication.clipboard().setText(whole.body_text)
        elif row is not None:
            QGuiApplication.clipboard().setText(row.body_start)

    def _has_trace(self) -> bool:
        row = self.current_row()
        return row is not None and row.trace_id is not None

    def _extend_menu(self, menu: QMenu, _row_id: str) -> None:
        if self._has_trace():
            menu.addAction(icon("traces"), "Open the record's trace\tW", self.open_trace)
            menu.addAction(icon("filter"), "Only records of this trace\tO", self.show_trace)
        if self.is_one_current():
            menu.addAction(icon("copy"), "Copy the body\tC", self.copy_body)

    def _narrow_to_time(self, chosen: TimeRange) -> None:
        self.show_filter(replace(self.shown_filter, time_range=chosen))


def _ids_of(row: LogRow) -> str:
    """Return the ids of the span that a record was written in; empty where there is none."""
    return " ".join(part for part in (row.trace_id, row.span_id) if part)
