"""A list of any length that stays smooth and still while new rows arrive.

    table = PagedTable(workbench, COLUMNS, name="Traces", noun=("new trace", "new traces"))
    table.row_activated.connect(self._open)           # Enter, double click, or the context menu; carries the id
    table.sort_requested.connect(self._sort)          # a header was clicked: make a source with that order
    table.set_source(TraceSource(chosen_filter, sort), sort_key="started", descending=True)
    workbench.batch_stored.connect(table.refresh)     # while live

New rows come in at the top while the user is there with nothing selected. Otherwise what is looked at stays where it
is, its rows are kept up to date, and a quiet button over the top row offers the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.kept_place import KeptPlace
from junjo_desktop.widgets.listing_reader import Listed, ListingReader
from junjo_desktop.widgets.news_pill import NewsPill
from junjo_desktop.widgets.paged_model import PagedModel
from junjo_desktop.widgets.row_source import Column, RowSource
from junjo_desktop.widgets.row_table import RowTable
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.selected_ids import SelectedIds
from junjo_desktop.widgets.table_columns import TableColumns
from junjo_desktop.widgets.table_menu import TableMenu

R = TypeVar("R")

_FADED_ROWS = 200


class PagedTable(QWidget, Generic[R]):
    """The list, its bar of news and its empty state. Ids are whatever the source's listing holds."""

    row_activated = Signal(object)
    peek_requested = Signal(object)
    current_changed = Signal(object)
    """The id under the cursor keys, or None; not sent while a refresh keeps it where it is."""
    sort_requested = Signal(str, bool)
    """A column's key, and whether descending."""
    listed = Signal(object)
    """The `RowListing` that just came, shown or held back: for totals and facets."""

    def __init__(
        self,
        reads: BackgroundReads,
        columns: Sequence[Column[R]],
        *,
        name: str,
        noun: tuple[str, str] = ("new row", "new rows"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model: PagedModel[R] = PagedModel(reads, columns, self)
        self.view = RowTable(self.model, name, self)
        self.columns = TableColumns(self.view.horizontalHeader(), columns, self._header_clicked)
        self.menu = TableMenu(self, reads)
        self.empty_state = EmptyState("Nothing here yet.", parent=self.view.viewport())
        self._reads = reads
        self._noun = noun
        self._lister = ListingReader(reads, self._ids_to_keep, self)
        self._source: RowSource[R] | None = None
        self._held: Listed | None = None
        self._kept: KeptPlace | None = None
        self._follows_selected = self._is_in_place = False
        self._sort = ("", False)
        self._is_settling = False
        self._news = NewsPill(self.view)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.empty_state.hide()
        over = QVBoxLayout(self.view.viewport())
        over.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        over.addWidget(self.empty_state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self._news.clicked.connect(self.show_news)
        self._lister.listed.connect(self._take)
        self._lister.read_again.connect(self.refresh)
        self._lister.failed.connect(self._reads.report_error)
        self.model.failed.connect(self._reads.report_error)
        self.view.opened.connect(self.open_current)
        self.view.peeked.connect(self._peek)
        self.view.row_changed.connect(self._current_moved)
        self.view.header_clicked.connect(self._header_clicked)
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def current_id(self) -> Any:
        """Id of the current row, None without one."""
        index = self.view.currentIndex()
        return self.model.id_at(index.row()) if index.isValid() else None

    @property
    def news(self) -> int:
        """How many new rows are held back."""
        return 0 if self._held is None else self._held.listing.new

    @property
    def is_following(self) -> bool:
        """Whether new rows come in by themselves: the user is at the top, with nothing selected."""
        if self.view.verticalScrollBar().value() > 0 or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return False
        return self._follows_selected or not self.view.selectionModel().hasSelection()

    @property
    def keeps_place(self) -> bool:
        """Whether a row is to stay current that may stand anywhere: the next listing should be whole."""
        return self.current_id is not None or self._kept is not None

    @property
    def is_loading(self) -> bool:
        """Whether a listing is on its way."""
        return self._lister.busy

    def selected_ids(self, limit: int | None = None) -> list[Any]:
        """Return the ids of the selected rows from top to bottom, at most `limit`."""
        return [self.model.id_at(row) for row in self.view.selected_row_numbers(limit)]

    def selected(self) -> SelectedIds:
        """Return the selected rows as of now, however many, at no cost."""
        return SelectedIds(self.model.listing.ids, tuple(self.view.selected_runs()))

    def set_source(
        self, source: RowSource[R], *, sort_key: str = "", descending: bool = False, in_place: bool = False
    ) -> None:
        """List another source from its top. What is on screen stays until the answer comes; the selection is kept.

        `in_place`: not from its top, but where the user is: other rows of the same are unfolded, say.
        """
        self._source = source
        self._is_in_place = in_place
        self._held = None
        self._sort = (sort_key, descending)
        self._show_sort()
        self._show_bar()
        self._lister.read(source, None)

    def _show_sort(self) -> None:
        key, descending = self._sort
        keys = [column.key for column in self.model.columns]
        self.view.show_sort(keys.index(key) if key in keys else -1, descending=descending)

    def refresh(self) -> None:
        """List again: something was stored. Never moves what is being looked at."""
        if self._source is not None:
            shown = self.model.listing if self.model.source is self._source else None
            self._lister.read(self._source, shown)

    def show_news(self) -> None:
        """Show what was held back, from the top, and go on following."""
        self._follows_selected = True
        if self._held is not None:
            self._show(self._held, to_top=True)
        self.view.scrollToTop()

    def select_id(self, row_id: Any) -> bool:
        """Make a row current and bring it into view; False when it is not listed."""
        row = self.model.listing.ids.find(row_id)
        if row >= 0:
            self.view.selectRow(row)
            self.view.scrollTo(self.model.index(row, 0))
        return row >= 0

    def open_current(self) -> None:
        """Open the current row."""
        if (row_id := self.current_id) is not None:
            self.row_activated.emit(row_id)

    def save_state(self, state: QSettings) -> None:
        """Write the columns' order, widths and visibility, and where the user is."""
        state.setValue("columns", self.columns.save())
        write_json(state, "place", (self._kept or KeptPlace.of(self.view, self.model)).saved())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote; the first whole listing brings the user back to the place."""
        self.columns.restore(state.value("columns", ""))
        self._kept = KeptPlace.restored(read_json(state, "place"))

    def _take(self, answer: Listed) -> None:
        if answer.source is not self._source:
            return
        shown = self.model.listing
        shrinks = len(answer.listing.ids) < len(shown.ids)
        if self.model.source is not answer.source:
            self._show(answer, to_top=not self._is_in_place)
        elif shrinks or shown.is_partial or len(shown.ids) == 0 or self.is_following:
            self._show(answer, to_top=self.is_following)
            if 0 < answer.listing.new <= _FADED_ROWS and self.is_following:
                self.view.fade_in(answer.listing.new)
        else:
            self._held = answer
            self.model.reread(answer.listing)
            self.view.viewport().update()
            self._show_bar()
        self.listed.emit(answer.listing)

    def _show(self, answer: Listed, *, to_top: bool) -> None:
        self._held = None
        place = KeptPlace.of(self.view, self.model)
        if self._kept is not None and not answer.listing.is_partial:
            place, self._kept, to_top = self._kept, None, False
        self._is_settling = True
        self.model.show_listing(answer.source, answer.listing)
        place.put_back(self.view, answer, to_top=to_top)
        self._is_settling = False
        self.empty_state.setVisible(len(answer.listing.ids) == 0)
        self._show_bar()
        if self.current_id != place.current:
            self.current_changed.emit(self.current_id)

    def _ids_to_keep(self) -> Sequence[Any]:
        return (self._kept or KeptPlace.of(self.view, self.model)).ids

    def _show_bar(self) -> None:
        one, many = self._noun
        self._news.show_text(f"{self.news:,} {one if self.news == 1 else many}" if self.news else "")

    def _scrolled(self, value: int) -> None:
        if value == 0 and not self._is_settling and self._held is not None and self.is_following:
            self._show(self._held, to_top=True)

    def _current_moved(self) -> None:
        if not self._is_settling:
            self._follows_selected = False
            self.current_changed.emit(self.current_id)

    def _peek(self) -> None:
        if (row_id := self.current_id) is not None:
            self.peek_requested.emit(row_id)

    def _header_clicked(self, section: int) -> None:
        column = self.model.columns[section]
        if column.sortable:
            key, descending = self._sort
            self.sort_requested.emit(column.key, not descending if key == column.key else column.descending_first)
        else:
            self._show_sort()  # the header has moved its arrow to the clicked section by itself
