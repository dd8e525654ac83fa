"""The page of LLM calls: every call of every trace, newest first, live; and what they add up to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.actions import CallActions
from junjo_desktop.features.calls.bar import CallsBar
from junjo_desktop.features.calls.columns import call_columns
from junjo_desktop.features.calls.filters import CallFilter, Sort
from junjo_desktop.features.calls.listings import CallRow, Totals
from junjo_desktop.features.calls.page_state import read_filter, write_filter
from junjo_desktop.features.calls.peek import CallPeek
from junjo_desktop.features.calls.source import CallSource
from junjo_desktop.features.calls.totals import CallTotals
from junjo_desktop.features.calls.words import unread_words
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenCalls
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.shell.notes import may_ask_for_notes
from junjo_desktop.shell.sorted_page import DividedPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import FactsLine
from junjo_desktop.widgets.live_source import LiveRows
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.time_range import TimeRange

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

_AGES_MS = 30_000
_SHARES = (520, 480)
_WORDS = ListWords(
    key="calls",
    group="LLM calls",
    noun="call",
    nothing_yet=(
        "No LLM calls yet. They appear here once the program is instrumented: by OpenTelemetry's GenAI packages, "
        "OpenInference, OpenLLMetry, Pydantic AI and others."
    ),
    icon="llm",
    subject=Subject.CALLS,
)


class CallsPage(DividedPage[CallFilter, CallRow, Sort]):
    """One list, its filters, and above it what it adds up to and how long calls take over time."""

    bar: CallsBar
    peek: CallPeek

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, _WORDS, CallFilter(), Sort(), parent)
        table: PagedTable[CallRow] = PagedTable(
            workbench, call_columns(self.scale), name="LLM calls", noun=("new call", "new calls"), parent=self
        )
        bar = CallsBar(table.columns.menu(self), self)
        self.put_together(table, bar, CallPeek(workbench, self), ages_ms=_AGES_MS)
        self.facts = FactsLine(parent=self)
        self.facts.hide()
        self.sums = CallTotals(workbench, table, self.facts)
        self.call_actions = CallActions(workbench, table, self)
        self.body.insertWidget(0, self.facts)
        self.divide(_SHARES)
        self.peek.left.connect(table.setFocus)
        for told in (workbench.notes.changed, workbench.notes.written):
            told.connect(self._notes_changed)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, OpenCalls) or destination == OpenCalls():
            return
        self.show_filter(
            CallFilter(
                service=destination.service,
                model=destination.model,
                provider=destination.provider,
                failed=destination.failed,
                time_range=TimeRange(since_ns=destination.since_ns, until_ns=destination.until_ns),
                text=destination.query,
            )
        )

    def commands(self) -> tuple[Command, ...]:
        key, group = self.words.key, self.words.group
        return (
            *self.list_commands(),
            Command(f"{key}.failed", "Only failed calls", self.bar.failed.click, "E", group, "error"),
            Command(f"{key}.filters", "Filters", self.bar.filters.showMenu, "F", group, "filter"),
            *self.call_actions.commands(),
        )

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_filter(state, self.shown_filter)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self.show_filter(read_filter(state))

    # What the list asks

    def make_source(self, *, top_first: bool) -> CallSource:
        return CallSource(self.shown_filter, self.shown_sort, top_first=top_first)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        chosen = self.shown_filter
        return lambda cursor: queries.facet_counts(cursor, chosen, time.time_ns())

    def open_row(self, row_id: str) -> None:
        self.call_actions.open_call(row_id, self.hits.find_text)

    def show_totals(self, totals: Totals) -> None:
        self.bar.show_totals(totals)
        self.sums.show_listed(totals.sums)
        self.show_scatter(totals.scatter)

    def show_empty(self, empty: EmptyState, listing: LiveRows) -> None:
        if self.sums.unread_traces and not listing.stored:
            words = unread_words(self.sums.unread_traces)
            empty.set_content(f"{words[:1].upper()}{words[1:]} …", icon_name="llm")
        else:
            super().show_empty(empty, listing)

    def _notes_changed(self) -> None:
        if may_ask_for_notes(self.shown_filter.text):
            self.live.list_anew()
