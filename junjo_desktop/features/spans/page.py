"""The Spans page: every span of every trace, newest first, live; and how long those of one name take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.actions import SpanActions
from junjo_desktop.features.spans.bar import SpansBar
from junjo_desktop.features.spans.columns import span_columns
from junjo_desktop.features.spans.distribution import Distribution
from junjo_desktop.features.spans.filters import Sort, SpanFilter
from junjo_desktop.features.spans.listings import SpanRow, Totals
from junjo_desktop.features.spans.page_state import read_filter, write_filter
from junjo_desktop.features.spans.peek import SpanPeek
from junjo_desktop.features.spans.source import SpanSource
from junjo_desktop.features.spans.strips import DISTRIBUTION, OVER_TIME, Strips
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenSpans
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.shell.notes import may_ask_for_notes
from junjo_desktop.shell.sorted_page import DividedPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.histogram import DurationRange
from junjo_desktop.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

_AGES_MS = 30_000
_SHARES = (520, 480)
_WORDS = ListWords(
    key="spans",
    group="Spans",
    noun="span",
    nothing_yet="No spans yet. Point an SDK here and they appear by themselves.",
    icon="spans",
    subject=Subject.SPANS,
)


class SpansPage(DividedPage[SpanFilter, SpanRow, Sort]):
    """One list, its filters, and above it durations over time, or their distribution."""

    bar: SpansBar
    peek: SpanPeek

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, _WORDS, SpanFilter(), Sort(), parent)
        table: PagedTable[SpanRow] = PagedTable(
            workbench,
            span_columns(self.scale, self._tags_of),
            name="Spans",
            noun=("new span", "new spans"),
            parent=self,
        )
        bar = SpansBar(table.columns.menu(self), self)
        self.put_together(table, bar, SpanPeek(workbench, self), ages_ms=_AGES_MS)
        self.strips = Strips(self.scatter, self)
        self.distribution = Distribution(workbench, self.strips.histogram, self)
        for told in (workbench.notes.changed, workbench.notes.written):
            told.connect(self._notes_changed)
        self.span_actions = SpanActions(workbench, table, self.show_usual, self)
        self._marker = workbench.reader(self, self.distribution.mark)
        self.divide(_SHARES, self.strips)
        self.strips.switched.connect(self._strip_switched)
        self.strips.histogram.range_chosen.connect(self._narrow_to_range)
        self.peek.inspector.left.connect(table.setFocus)
        table.current_changed.connect(self._mark_current)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, OpenSpans) or destination == OpenSpans():
            return
        self.distribution.mark(None)
        self.show_filter(
            SpanFilter(
                service=destination.service,
                name=destination.name,
                span_type=destination.span_type,
                text=destination.query,
            )
        )
        if destination.name is not None:
            self.strips.show_mode(DISTRIBUTION)
        if destination.trace_id is not None and destination.span_id is not None:
            span_id = destination.span_id
            self._marker.submit(partial(queries.span_row, trace_id=destination.trace_id, span_id=span_id))

    def commands(self) -> tuple[Command, ...]:
        key, group = self.words.key, self.words.group
        return (
            *self.list_commands(),
            Command(f"{key}.failed", "Only failed spans", self.bar.failed.click, "E", group, "error"),
            Command(f"{key}.filters", "Filters", self.bar.filters.showMenu, "F", group, "filter"),
            Command(f"{key}.name", "Spans of one name…", self.bar.menu.ask_name, "", group, "filter"),
            Command(
                f"{key}.strip", "Durations over time, or distribution", self.strips.toggle, "H", group, "histogram"
            ),
            *self.span_actions.commands(),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            *super().view_keys(),
            ("← → in the distribution", "From bar to bar; with Shift several, Enter lists them"),
        )

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_filter(state, self.shown_filter)
        state.setValue("strip", self.strips.mode)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self.strips.show_mode(DISTRIBUTION if state.value("strip") == DISTRIBUTION else OVER_TIME)
        self.show_filter(read_filter(state))

    # What the list asks

    def show_filter(self, chosen: SpanFilter) -> None:
        """List what passes `chosen`, and show how long it takes."""
        super().show_filter(chosen)
        self.distribution.show_filter(self.shown_filter)

    def make_source(self, *, top_first: bool) -> SpanSource:
        return SpanSource(self.shown_filter, self.shown_sort, top_first=top_first)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        chosen = self.shown_filter
        return lambda cursor: queries.facet_counts(cursor, chosen, time.time_ns())

    def open_row(self, row_id: str) -> None:
        self.span_actions.open_span(row_id, self.hits.find_text)

    def show_totals(self, totals: Totals) -> None:
        self.bar.show_totals(totals)
        self.show_scatter(totals.scatter)
        self.distribution.count()

    def show_strip(self, visible: bool) -> None:
        self.strips.setVisible(visible)

    # Durations

    def show_usual(self, row: SpanRow) -> None:
        """Show how long all spans of the same name, type and service take, and where this one stands."""
        self.show_filter(SpanFilter(service=row.service_name, name=row.name, span_type=row.span_type))
        self.strips.show_mode(DISTRIBUTION)
        self.distribution.mark(row)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._strip_switched()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.distribution.set_shown(False)

    def _strip_switched(self) -> None:
        self.distribution.set_shown(self.isVisible() and self.strips.mode == DISTRIBUTION)

    def _narrow_to_range(self, chosen: DurationRange) -> None:
        self.show_filter(replace(self.shown_filter, min_duration_ns=chosen.min_ns, max_duration_ns=chosen.max_ns))

    def _mark_current(self, row_id: str | None) -> None:
        row = None if row_id is None else self.table.model.known_row(row_id)
        if row is not None:
            self.distribution.mark(row)

    def _tags_of(self, row: SpanRow) -> tuple[str, ...]:
        return self.workbench.notes.tags_of_span(row.trace_id, row.span_id)

    def _notes_changed(self) -> None:
        self.table.view.viewport().update()
        if may_ask_for_notes(self.shown_filter.text):
            self.live.list_anew()
