"""A table of any length: a snapshot of ids, and pages of rows fetched in the background when a cell is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.row_source import GONE, Column, Gone, Listing, OrderedIds, RowListing, RowSource
from junjo_desktop.widgets.tooltip import plain_tooltip

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 256
_ROWS_KEPT = 8192
_PAGES_PER_READ = 3
_GONE_TEXT = "no longer stored"

_ALIGNMENT = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignCenter,
}


class PagedModel(QAbstractTableModel, Generic[R]):
    """Rows are asked for by `row_at`: None while they are on their way, `GONE` when they are no longer stored."""

    fetched = Signal()
    """Rows that were asked for are there, or known to be no longer stored."""
    failed = Signal(object)
    """Rows could not be read: the exception. They are not asked for again before the next listing or `reread`."""

    def __init__(self, reads: BackgroundReads, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._reader = reads.reader(self, self._take, self._fail)
        self._source: RowSource[R] | None = None
        self._listing: RowListing = Listing(OrderedIds())
        self._rows: OrderedDict[Any, tuple[int, R | Gone]] = OrderedDict()
        self._generation = 0
        self._is_failing = False
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._fetch)

    @property
    def listing(self) -> RowListing:
        """The snapshot that is shown."""
        return self._listing

    @property
    def source(self) -> RowSource[R] | None:
        """Where the snapshot came from."""
        return self._source

    def show_listing(self, source: RowSource[R], listing: RowListing) -> None:
        """Show another snapshot; rows known from an earlier one of the same source stay on screen until reread."""
        self.beginResetModel()
        if source is not self._source:
            self._rows.clear()
        self._source = source
        self._listing = listing
        self._wanted.clear()
        self._reader.cancel()
        self.reread(listing)
        self.endResetModel()

    def reread(self, listing: RowListing) -> None:
        """Take the rows that came with `listing`, and read the others that are looked at; they stay until then."""
        self._generation += 1
        self._is_failing = False
        self._keep(self._generation, listing.first_rows)

    def id_at(self, row: int) -> Any:
        """Return the id of a row."""
        return self._listing.ids[row]

    def row_at(self, row: int) -> R | Gone | None:
        """Return a row, and have its page fetched when it is missing or old."""
        kept = self._rows.get(self._listing.ids[row])
        if kept is None or kept[0] != self._generation:
            self._want(row // PAGE_ROWS)
        return None if kept is None else kept[1]

    def known_row(self, row_id: Any) -> R | None:
        """Return a row that is at hand, without fetching."""
        kept = self._rows.get(row_id)
        return None if kept is None or isinstance(kept[1], Gone) else kept[1]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._listing.ids)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[column.align]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.display_text(index.row(), column)
        if role == Qt.ItemDataRole.ToolTipRole and column.tooltip is not None:
            row = self.row_at(index.row())
            return None if row is None or isinstance(row, Gone) else plain_tooltip(column.tooltip(row))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.header_text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(column.title_tooltip or column.title)
        return _ALIGNMENT[column.align] if role == Qt.ItemDataRole.TextAlignmentRole else None

    def display_text(self, row: int, column: Column[R]) -> str:
        """Return a cell's text on one line; empty while it is on its way."""
        found = self.row_at(row)
        if found is None:
            return ""
        if isinstance(found, Gone):
            return _GONE_TEXT if column is self.columns[0] else ""
        return one_line(column.text(found))

    def _want(self, page: int) -> None:
        if self._is_failing:
            return
        self._wanted[page] = None
        self._wanted.move_to_end(page)
        if not self._soon.isActive() and not self._reader.busy:
            self._soon.start()

    def _fetch(self) -> None:
        if self._reader.busy or not self._wanted or self._source is None:
            return
        # Only what was looked at last: pages that were scrolled past are asked for again if they come back.
        pages = list(self._wanted)[-_PAGES_PER_READ:]
        self._wanted.clear()
        ids = [self._listing.ids[row] for page in pages for row in self._rows_of(page)]
        self._reader.submit(_PageRead(self._source, self._generation, pages, ids))

    def _rows_of(self, page: int) -> range:
        return range(page * PAGE_ROWS, min((page + 1) * PAGE_ROWS, len(self._listing.ids)))

    def _take(self, answer: _PageAnswer[R]) -> None:
        self._keep(answer.generation, {row_id: answer.rows.get(row_id, GONE) for row_id in answer.ids})
        for page in answer.pages:
            shown = self._rows_of(page)
            if shown:
                self.dataChanged.emit(self.index(shown[0], 0), self.index(shown[-1], len(self.columns) - 1))
        self._fetch()
        self.fetched.emit()

    def _keep(self, generation: int, rows: Mapping[Any, R | Gone]) -> None:
        for row_id, row in rows.items():
            known = self._rows.get(row_id)
            # Rows that came with a listing may be newer than an answer that was under way.
            if known is None or known[0] <= generation:
                self._rows[row_id] = (generation, row)
            self._rows.move_to_end(row_id)
        while len(self._rows) > _ROWS_KEPT:
            self._rows.popitem(last=False)

    def _fail(self, error: Exception) -> None:
        self._is_failing = True
        self._wanted.clear()
        self.failed.emit(error)


class _PageRead(Generic[R]):
    """A read as a value, so that no closure keeps the model alive."""

    def __init__(self, source: RowSource[R], generation: int, pages: list[int], ids: list[Any]) -> None:
        self._source = source
        self._generation = generation
        self._pages = pages
        self._ids = ids

    def __call__(self, cursor: Any) -> _PageAnswer[R]:
        return _PageAnswer(self._generation, self._pages, self._ids, self._source.load_rows(cursor, self._ids))


class _PageAnswer(Generic[R]):
    def __init__(self, generation: int, pages: list[int], ids: list[Any], rows: Mapping[Any, R]) -> None:
        self.generation = generation
        self.pages = pages
        self.ids = ids
        self.rows = rows
