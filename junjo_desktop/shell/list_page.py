"""A page that is one list: its filters and their chips, the scatter strip, the rows, and a peek at one of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QSettings
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage, OpenView
from junjo_desktop.shell.list_facets import ListFacets
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.query_box.box import QueryBox
from junjo_desktop.shell.query_box.page_views import PageViews
from junjo_desktop.shell.query_box.row_hits import RowHits
from junjo_desktop.shell.query_box.view_button import ViewButton
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import negation
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.filter_chips import FilterChips
from junjo_desktop.widgets.list_bar import ListBar
from junjo_desktop.widgets.list_columns import OPEN_COLUMN, BarScale
from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.live_list import LiveList
from junjo_desktop.widgets.live_source import LiveRows, LiveSource
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.peek_pane import PeekPane
from junjo_desktop.widgets.row_peek import RowPeek
from junjo_desktop.widgets.scatter import ChosenWindow, ScatterStrip
from junjo_desktop.widgets.scatter_sample import Scatter
from junjo_desktop.widgets.time_range_menu import window_title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.facets import Facets

F = TypeVar("F", bound=ListFilter)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ListWords:
    """How a list speaks of itself. `group` is where its commands stand, `key` begins their ids.

    `subject` is what queries in its box are asked of.
    """

    key: str
    group: str
    noun: str
    nothing_yet: str
    icon: str
    subject: Subject


class ListPage(Page, Generic[F, R]):
    """A subclass makes the table, the bar and the peek, hands them to `put_together`, and answers what is abstract."""

    table: PagedTable[R]
    bar: ListBar[F]
    chips: FilterChips
    scatter: ScatterStrip
    peek: RowPeek | PeekPane
    live: LiveList
    query: QueryBox
    hits: RowHits
    views: PageViews
    view_button: ViewButton
    facets: ListFacets
    body: QVBoxLayout

    def __init__(self, workbench: Workbench, words: ListWords, shown: F, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.words = words
        self.scale = BarScale()
        self._filter = shown
        self._listed_filter: F | None = None
        self._has_rows = False

    def put_together(self, table: PagedTable[R], bar: ListBar[F], peek: RowPeek | PeekPane, *, ages_ms: int) -> None:
        """Lay the page out and connect its parts. Every `ages_ms` rows are painted again."""
        self.table, self.bar, self.peek = table, bar, peek
        self.chips = FilterChips(self.words.subject, self)
        self.scatter = ScatterStrip(self.words.noun, self)
        self.scatter.hide()
        self.live = LiveList(table, ages_ms=ages_ms)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (bar, self.chips, self.scatter):
            layout.addWidget(widget)
        layout.addWidget(self._lay_out_body(), 1)
        self.query = QueryBox(self.workbench, bar.search, self.words.subject, self)
        self.put_below_bar(self.query.mistakes)
        table.menu.narrow = self.narrow
        self.hits = RowHits(self.workbench, table, self.words.subject)
        self.hits.changed.connect(self._mark_peek)
        self._add_views()
        self._connect()

    def _lay_out_body(self) -> QWidget:
        whole = QWidget(self)
        self.body = QVBoxLayout(whole)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.peek)
        self.facets = ListFacets(self, self, self.workbench, self.words.noun, self.words.subject)
        self.facets.put_beside(whole)
        return self.facets.split

    def put_below_bar(self, widget: QWidget) -> None:
        """Add what belongs to the bar, right below it."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, widget)

    def _add_views(self) -> None:
        asking = NoticeBar(self)
        self.put_below_bar(asking)
        self.views = PageViews(self, asking)
        self.view_button = ViewButton(self.views, self.bar)
        self.bar.put_beside_search(self.view_button, "Views")
        self.view_button.worded.connect(self._say_view)
        self.view_button.show_active()
        self.bar.put_beside_search(self.facets.button, "Facets")

    def _open_view(self, name: str) -> None:
        view = self.workbench.views.named(name)
        if view is not None:
            self.workbench.open(OpenView(view.page, view.name))

    def _say_view(self, words: str) -> None:
        self.bar.say(self.view_button, words)

    def _connect(self) -> None:
        self.bar.changed.connect(self.show_filter)
        self.bar.live_changed.connect(self.live.set_live)
        self.bar.search.submitted.connect(self._submitted)
        self.query.offers.view_chosen.connect(self._open_view)
        self.chips.changed.connect(self.show_filter)
        self.scatter.window_chosen.connect(self._narrow_to)
        self.scatter.row_chosen.connect(self.open_row)
        self.table.row_activated.connect(self.open_row)
        self.table.view.clicked.connect(self._clicked)
        self.table.sort_requested.connect(self.sort_by)
        self.table.peek_requested.connect(self._peek)
        self.table.current_changed.connect(self._peek_on)
        self.table.listed.connect(self._listed)
        self.workbench.batch_stored.connect(self.live.stored)
        self.workbench.theme_changed.connect(self.scatter.forget_picture)
        self.workbench.housekeeping.deleted.connect(self.live.list_anew)
        self.table.sort_requested.connect(self.views.filter_shown)

    # What a list answers

    @abstractmethod
    def make_source(self, *, top_first: bool) -> LiveSource[Any, R]:
        """Return what `shown_filter` lets through, in the order that is chosen."""

    @abstractmethod
    def sort_shown(self) -> tuple[str, bool]:
        """Return the key of the column that the list is sorted by, and whether descending."""

    @abstractmethod
    def sort_by(self, key: str, descending: bool) -> None:
        """Keep another order, and list."""

    @abstractmethod
    def open_row(self, row_id: str) -> None:
        """Go where a row leads."""

    @abstractmethod
    def show_totals(self, totals: Any) -> None:
        """Show what a whole listing told beside its rows."""

    @abstractmethod
    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        """Return the read that counts what `shown_filter` lets through, by the values of its fields."""

    def column_clicked(self, key: str, row_id: str) -> None:
        """A cell of a column that is no text was clicked."""

    def table_in_front(self) -> PagedTable[Any]:
        """Return the table of the list that is shown."""
        return self.table

    def current_list(self) -> LiveList:
        """Return the list that is shown, of those the page has."""
        return self.live

    # Filter and order

    @property
    def shown_filter(self) -> F:
        """What narrows the list."""
        return self._filter

    def show_filter(self, chosen: F) -> None:
        """List what passes `chosen`; a query that makes no sense is told, and what is listed stays."""
        if not self._can_show(chosen) or (chosen == self._filter and self.current_list().source is not None):
            return
        self._filter = chosen
        self.bar.show_filter(chosen)
        self.chips.show_filter(chosen)
        self.list_rows()
        self.views.filter_shown()

    def _can_show(self, chosen: F) -> bool:
        is_typed = chosen.text == self.bar.search.text()
        return not (is_typed or chosen.text != self._filter.text) or self.query.accepts(chosen.text)

    def list_rows(self) -> None:
        """List with the filter and the order that are chosen."""
        # A selected row may stand far down. A text is worth a quick look all the same: it may take seconds.
        top_first = not self.table.keeps_place or bool(self._filter.text.strip())
        self._listed_filter = self._filter
        key, descending = self.sort_shown()
        self.live.show_source(self.make_source(top_first=top_first), sort_key=key, descending=descending)
        self.facets.filter_changed()

    def take_term(self, term: str) -> None:
        self.narrow(term, wanted=True)

    def narrow(self, term: str, wanted: bool) -> None:
        """Add a condition to the query, or that it does not hold; one that this list cannot be asked is told."""
        try:
            term = term if wanted else negation(term, self.query.subject)
            text = self.query.with_term(self._filter.text, term)
        except QueryError as error:
            self.workbench.report_error(error)
        else:
            self.bar.search.show_text(text)
            self.show_filter(replace(self._filter, text=text))

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

    # What the shell asks

    def activated(self) -> None:
        self.table.setFocus()
        self.workbench.views.reload()

    def show_view(self, name: str) -> None:
        self.views.open(name)

    def list_commands(self) -> tuple[Command, ...]:
        """Return the commands that every list has."""
        key, group, noun = self.words.key, self.words.group, self.words.noun
        bar, clear, current = self.bar, self.chips.clear, self._is_any_current
        return (
            Command(f"{key}.search", f"Search {noun}s", bar.search.take_focus, "/", group, "search", also="Ctrl+F"),
            Command(f"{key}.live", "Live or paused", bar.live.toggle, "L", group, "live"),
            Command(f"{key}.window", window_title(self._filter), bar.time.choose_window, "T", group, "clock"),
            Command(f"{key}.clear", "Clear filters", clear, "Shift+Backspace", group, "close", self._is_filtered),
            Command(
                f"{key}.like", "Only, or not, a value of this row…", self._choose_term, "=", group, "filter", current
            ),
            Command(f"{key}.facets", "Facets", self.facets.toggle, "B", group, "histogram"),
            *self._view_commands(),
            Command(f"{key}.news", f"Show new {noun}s", self.table.show_news, "N", group, "refresh"),
        )

    def _view_commands(self) -> tuple[Command, ...]:
        key, group, views = self.words.key, self.words.group, self.views
        return (
            Command(f"{key}.views", "Saved views", self.view_button.showMenu, "V", group, "bookmark"),
            Command(f"{key}.save_view", "Save view…", views.ask_save, "Ctrl+S", group, "bookmark"),
        )

    def _is_any_current(self) -> bool:
        return self.table_in_front().current_id is not None

    def _choose_term(self) -> None:
        self.table_in_front().menu.choose_term()

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        noun = self.words.noun
        return (
            ("Enter", f"Open the {noun}"),
            ("Space", f"Peek: show the {noun} below the list, or hide it"),
            ("Shift+↑ ↓", "Select several"),
            ("↓", "In the search: what may be written, or recent queries"),
        )

    def save_state(self, state: QSettings) -> None:
        self.table.save_state(state)
        self.query.save_state(state)
        self.facets.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        self.table.restore_state(state)
        self.query.restore_state(state)
        self.facets.restore_state(state)

    def _is_filtered(self) -> bool:
        return not self._filter.is_open

    # Answers and news

    def _mark_peek(self) -> None:
        self.peek.mark(self.hits.words)

    def _listed(self, listing: LiveRows) -> None:
        self.hits.show_query(self._filter.text)
        self._has_rows = listing.stored > 0
        self.show_strip(self._has_rows and not self.table.isHidden())
        if listing.totals is not None:
            self.show_totals(listing.totals)
            self.facets.list_read()
        if (row := self.table.model.known_row(self.table.current_id)) is not None:
            self.peek.follow(row)
        self.show_empty(self.table.empty_state, listing)

    def show_empty(self, empty: EmptyState, listing: LiveRows) -> None:
        """Say why nothing is listed, should that be so, and what to do."""
        if listing.stored == 0:
            empty.set_content(self.words.nothing_yet, "Show how to connect", self._connect_sdk, self.words.icon)
        elif listing.is_partial and self._filter.text.strip():
            empty.set_content("Looking through all that is stored …")
        else:
            words = ", ".join(self._filter.words().values())
            noun = self.words.noun
            sentence = f"No {noun} matches: {words}." if words else f"No {noun} is stored."
            empty.set_content(sentence, "Clear filters", self.chips.clear, "filter")

    def show_strip(self, visible: bool) -> None:
        """Show or hide what stands between the filters and the list."""
        self.scatter.setVisible(visible)

    def show_scatter(self, scatter: Scatter) -> None:
        """Show the scatter strip, and fit the bars of the list to it."""
        self.scatter.show_scatter(scatter)
        self.scale.fit(scatter)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.current_list().source is None:
            self.list_rows()
        self.current_list().shown()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.current_list().hidden()

    # A closer look, and going elsewhere

    def _peek(self, row_id: str) -> None:
        self.peek.toggle(self.table.model.known_row(row_id))

    def _peek_on(self, row_id: str | None) -> None:
        self.peek.follow(None if row_id is None else self.table.model.known_row(row_id))

    def _clicked(self, index: QModelIndex) -> None:
        key = self.table.model.columns[index.column()].key
        if key == OPEN_COLUMN:
            self.table.open_current()
        else:
            self.column_clicked(key, self.table.model.id_at(index.row()))

    def _connect_sdk(self) -> None:
        self.workbench.open(OpenPage("connect"))

    def _submitted(self, text: str) -> None:
        if text == self._filter.text:
            self.query.remember(text)
        self.table.setFocus()
        if self.table.current_id is None and self.table.model.rowCount():
            self.table.view.selectRow(0)
