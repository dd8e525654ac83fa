"""Asks a row source for its ids, one answer at a time, and finds in the background where given ids went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.row_source import RowListing, RowSource


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing, the source it came from, and the row of each id that was to be kept (-1: no longer listed)."""

    source: RowSource[Any]
    listing: RowListing
    rows: Mapping[Any, int]

    def row_of(self, row_id: Any) -> int:
        """Return the row of an id, -1 when it is not listed."""
        return self.rows[row_id] if row_id in self.rows else self.listing.ids.find(row_id)


class ListingReader(QObject):
    """`listed` carries a `Listed`, `failed` an exception. Asking again while one is under way adds one more round."""

    listed = Signal(object)
    failed = Signal(object)
    read_again = Signal()
    """A refresh was asked for meanwhile; its answer would show what the one just given could not know."""

    def __init__(self, reads: BackgroundReads, keep: Callable[[], Sequence[Any]], parent: QObject) -> None:
        """`keep` names the ids (selection, anchor) whose new rows will be needed."""
        super().__init__(parent)
        self._reader = reads.reader(self, self._deliver, self._fail)
        self._keep = keep
        self._source: RowSource[Any] | None = None
        self._shown: RowListing | None = None
        self._again = False

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    def read(self, source: RowSource[Any], shown: RowListing | None) -> None:
        """List `source`; `shown` is what of it is on screen. An answer for another source is forgotten."""
        if self._reader.busy and source is self._source:
            # Restarting would starve: under a steady stream no read would ever finish.
            self._again = True
            return
        self._again = False
        self._source = source
        self._shown = shown
        self._reader.submit(_ListRead(source, shown, tuple(self._keep())))

    def _deliver(self, answer: Listed) -> None:
        again, self._again = self._again, False
        self.listed.emit(answer)
        if again:
            self.read_again.emit()

    def _fail(self, error: Exception) -> None:
        self._again = False
        self.failed.emit(error)


@dataclass(frozen=True, slots=True)
class _ListRead:
    source: RowSource[Any]
    shown: RowListing | None
    keep: tuple[Any, ...]

    def __call__(self, cursor: Any) -> Listed:
        listing = self.source.list_ids(cursor, self.shown)
        return Listed(self.source, listing, {row_id: listing.ids.find(row_id) for row_id in self.keep})
