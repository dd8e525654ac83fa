"""The Traces page: everything that was received, newest first, live, and narrowed by filters."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QSettings, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.traces.actions import TraceActions
from junjo_desktop.features.traces.columns import OPEN_COLUMN, STAR_COLUMN, BarScale, trace_columns
from junjo_desktop.features.traces.filter_bar import FilterBar
from junjo_desktop.features.traces.filter_chips import FilterChips, filter_words
from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.listings import Listing, Totals, TraceRow
from junjo_desktop.features.traces.page_state import read_filter, read_sort, write_filter, write_sort
from junjo_desktop.features.traces.peek import TracePeek
from junjo_desktop.features.traces.scatter import ChosenWindow, ScatterStrip
from junjo_desktop.features.traces.scatter_scale import told
from junjo_desktop.features.traces.source import TraceSource
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage, OpenTrace, OpenTraces
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.paged_table import PagedTable

_STATE_AGES_MS = 30_000
_BAR_OVER_P95 = 1.25
_HELD_PAUSE_S = 0.25


class TracesPage(Page):
    """One list, its filters, and the scatter strip above it."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._filter = TraceFilter()
        self._sort = Sort()
        self._source: TraceSource | None = None
        self._is_stale = True
        self._refreshed_s = 0.0
        self._scale = BarScale()
        self.table: PagedTable[TraceRow] = PagedTable(
            workbench,
            trace_columns(self._scale, workbench.stars),
            name="Traces",
            noun=("new trace", "new traces"),
            parent=self,
        )
        self.bar = FilterBar(self.table.columns.menu(self), self)
        self.chips = FilterChips(self)
        self.scatter = ScatterStrip(self)
        self.peek = TracePeek(self)
        self.trace_actions = TraceActions(workbench, self.table, self._chosen_service, self)
        self.trace_actions.serve(self.bar.service)
        self._lay_out()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._refresh)
        self._whole = QTimer(self)
        self._whole.setSingleShot(True)
        self._whole.timeout.connect(self._list_whole)
        # "Running" becomes "root missing" by the clock alone.
        self._ages = QTimer(self)
        self._ages.setInterval(_STATE_AGES_MS)
        self._ages.timeout.connect(self.table.view.viewport().update)
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.bar, self.chips, self.scatter):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.peek)
        self.scatter.hide()

    def _connect(self) -> None:
        self.bar.changed.connect(self.show_filter)
        self.bar.live_changed.connect(self._live_changed)
        self.bar.search.submitted.connect(self._focus_list)
        self.chips.changed.connect(self.show_filter)
        self.scatter.window_chosen.connect(self._narrow_to)
        self.scatter.trace_chosen.connect(self._open)
        self.table.row_activated.connect(self._open)
        self.table.view.clicked.connect(self._clicked)
        self.table.sort_requested.connect(self._sort_by)
        self.table.peek_requested.connect(self._peek)
        self.table.current_changed.connect(self._peek_on)
        self.table.listed.connect(self._listed)
        self._workbench.batch_stored.connect(self._stored)
        self._workbench.theme_changed.connect(self.scatter.forget_picture)
        self._workbench.housekeeping.deleted.connect(self._list_anew)
        self._workbench.stars.changed.connect(self._stars_changed)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if isinstance(destination, OpenTraces) and destination != OpenTraces():
            self.show_filter(TraceFilter(service=destination.service, text=destination.text))

    def activated(self) -> None:
        self.table.setFocus()
        self._workbench.stars.reload()

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(
                "traces.search", "Search traces", self.bar.search.take_focus, "/", "Traces", "search", also="Ctrl+F"
            ),
            Command("traces.errors", "Only traces with failures", self.bar.errors.click, "E", "Traces", "error"),
            Command("traces.live", "Live or paused", self.bar.live.toggle, "L", "Traces", "live"),
            Command("traces.window", "From, to, and duration…", self.bar.time.choose_window, "T", "Traces", "clock"),
            Command(
                "traces.clear",
                "Clear filters",
                self.chips.clear,
                "Shift+Backspace",
                "Traces",
                "close",
                self._is_filtered,
            ),
            Command("traces.news", "Show new traces", self.table.show_news, "N", "Traces", "refresh"),
            Command("traces.copy_id", "Copy trace id", self.table.menu.copy_ids, "C", "Traces", "copy"),
            Command("traces.starred", "Only starred traces", self.bar.starred.click, "Shift+S", "Traces", "star"),
            *self.trace_actions.commands(),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Enter", "Open the trace"),
            ("Space", "Peek: show the trace below the list, or hide it"),
            ("Shift+↑ ↓", "Select several"),
        )

    def save_state(self, state: QSettings) -> None:
        self.table.save_state(state)
        write_filter(state, self._filter)
        write_sort(state, self._sort)

    def restore_state(self, state: QSettings) -> None:
        self.table.restore_state(state)
        self._sort = read_sort(state)
        self.show_filter(read_filter(state))

    # Filter and order

    @property
    def shown_filter(self) -> TraceFilter:
        """What narrows the list."""
        return self._filter

    @property
    def shown_sort(self) -> Sort:
        """In which order the list is."""
        return self._sort

    def show_filter(self, chosen: TraceFilter) -> None:
        """List what passes `chosen`."""
        if chosen == self._filter and self._source is not None:
            return
        self._filter = chosen
        self.bar.show_filter(chosen)
        self.chips.show_filter(chosen)
        self._list()

    def _list(self) -> None:
        # A selected row may stand far down. A text is worth a quick look all the same: it may take seconds.
        top_first = self.table.current_id is None or bool(self._filter.text.strip())
        self._source = TraceSource(
            self._filter, self._sort, top_first=top_first, starred=self._workbench.backend.starred
        )
        self._is_stale = False
        self._again.stop()
        self._whole.stop()
        self.table.set_source(self._source, sort_key=self._sort.by, descending=self._sort.descending)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = Sort(SortBy(key), descending)
        self._list()

    def _narrow_to(self, window: ChosenWindow) -> None:
        chosen = replace(
            self._filter,
            time_range=replace(
                self._filter.time_range, last_ns=None, since_ns=window.since_ns, until_ns=window.until_ns
            ),
        )
        if window.min_duration_ns is not None:
            chosen = replace(chosen, min_duration_ns=window.min_duration_ns, max_duration_ns=window.max_duration_ns)
        self.show_filter(chosen)

    def _chosen_service(self) -> str | None:
        return self._filter.service

    def _is_filtered(self) -> bool:
        return not self._filter.is_open

    # Answers and news

    def _listed(self, listing: Listing) -> None:
        self.scatter.setVisible(listing.stored > 0)
        if listing.totals is not None:
            self._show_totals(listing.totals)
        if listing.stored == 0:
            self.table.empty_state.set_content(
                "No traces yet. Point an SDK here and they appear by themselves.",
                "Show how to connect",
                self._connect_sdk,
                "traces",
            )
        elif listing.is_partial and self._filter.text.strip():
            self.table.empty_state.set_content("Looking through all that is stored …")
        else:
            words = ", ".join(filter_words(self._filter).values())
            self.table.empty_state.set_content(
                f"No trace matches: {words}." if words else "No trace is stored.",
                "Clear filters",
                self.chips.clear,
                "filter",
            )
        if listing.is_partial:
            self.table.refresh()
        elif listing.totals is None and self._source is not None and not self._whole.isActive():
            self._whole.start(round(self._source.whole_rest_s * 1000))

    def _show_totals(self, totals: Totals) -> None:
        scatter = totals.scatter
        self.bar.show_services(totals.services)
        self.scatter.show_scatter(scatter)
        self._scale.full_ns = min(told(scatter).max_ns, round(scatter.p95_ns * _BAR_OVER_P95)) or 1

    @property
    def _is_live(self) -> bool:
        return self.bar.live.isChecked() and self.isVisible()

    def _stored(self) -> None:
        if not self._is_live:
            self._is_stale = True
        elif self._source is not None and not self._again.isActive():
            self._again.start(round(self._pause_s(self._source) * 1000))

    def _pause_s(self, source: TraceSource) -> float:
        if self.table.is_following:
            return source.rest_s
        # Nothing moves: only figures change, and how many traces are new.
        return max(source.rest_s, self._refreshed_s + _HELD_PAUSE_S - time.monotonic())

    def _refresh(self) -> None:
        self._is_stale = False
        self._refreshed_s = time.monotonic()
        self.table.refresh()

    def _stars_changed(self) -> None:
        self.table.view.viewport().update()
        if self._filter.starred_only:
            self._list_anew()

    def _list_anew(self) -> None:
        """Something is not listed any more, and that may be seen at once, paused or not."""
        if self._source is None:
            return
        self._source.ask_whole()
        if self.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _list_whole(self) -> None:
        if not self._is_live:
            self._is_stale = True
        elif self._source is not None:
            self._source.ask_whole()
            self.table.refresh()

    def _live_changed(self, live: bool) -> None:
        if live and self._is_stale and self._source is not None:
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()
        if self._source is None:
            self._list()
        elif self._is_stale and self.bar.live.isChecked():
            self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()

    # A closer look

    def _peek(self, trace_id: str) -> None:
        self.peek.toggle(self.table.model.known_row(trace_id))

    def _peek_on(self, trace_id: str | None) -> None:
        self.peek.follow(None if trace_id is None else self.table.model.known_row(trace_id))

    # Going elsewhere

    def _open(self, trace_id: str) -> None:
        self._workbench.open(OpenTrace(trace_id))

    def _clicked(self, index: QModelIndex) -> None:
        key = self.table.model.columns[index.column()].key
        if key == OPEN_COLUMN:
            self.table.open_current()
        elif key == STAR_COLUMN:
            self._workbench.stars.toggle((self.table.model.id_at(index.row()),))

    def _connect_sdk(self) -> None:
        self._workbench.open(OpenPage("connect"))

    def _focus_list(self, _text: str) -> None:
        self.table.setFocus()
        if self.table.current_id is None and self.table.model.rowCount():
            self.table.view.selectRow(0)
