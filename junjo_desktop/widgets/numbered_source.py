"""A live list of rows of one large table, held by their numbers: any order, any size. Qt-free and free of SQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from junjo_desktop.store.numbered_rows import (
    Census,
    RowNumbers,
    RowsAsked,
    RowTable,
    census,
    count_of,
    count_since,
    is_in_place,
    moment_of,
    numbers,
    only_grew,
    since_moment,
)
from junjo_desktop.widgets.live_source import LiveSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

R = TypeVar("R")
T = TypeVar("T")

FIRST_ROWS = 100
"""How many rows come with the ids: what a tall screen shows."""
NEWEST_ROWS = 1_000
"""How many rows are read again when something was stored; the others wait for the next whole listing."""
_EARLIEST_NS = -(1 << 63)


@dataclass(frozen=True, slots=True)
class NumberedListing(Generic[R, T]):
    """An answer to one filter and order; see `widgets.live_source.LiveRows`.

    A whole newest-first listing can be renewed: its first `newest_count` rows are of `newest_from_ns` or later.
    """

    ids: RowNumbers
    taken: Census
    new: int = 0
    first_rows: Mapping[str, R] = field(default_factory=dict)
    totals: T | None = None
    is_partial: bool = False
    newest_from_ns: int = _EARLIEST_NS
    newest_count: int = 0

    @property
    def stored(self) -> int:
        """How many rows the table has, listed or not."""
        return self.taken.stored


class NumberedSource(LiveSource[NumberedListing[R, T], R]):
    """A subclass says what is asked, and reads rows by their numbers and the totals."""

    table: ClassVar[RowTable]
    is_outdated = False
    """The numbers mean other rows now: the list has to be read anew. Set on reader threads."""

    @abstractmethod
    def asked(self, cursor: DuckDBPyConnection, *, at_once: bool = False) -> RowsAsked:
        """Return what is listed. `at_once`: for the first look, which must not take long."""

    @abstractmethod
    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, R]:
        """Return rows by id (their number as text); what is no longer stored is left out."""

    @abstractmethod
    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> T:
        """Return what only reading every row tells."""

    def read_top(self, cursor: DuckDBPyConnection) -> NumberedListing[R, T]:
        """Read the first screen."""
        asked = self.asked(cursor, at_once=True)
        ids = RowNumbers(numbers(cursor, asked, limit=FIRST_ROWS))
        return NumberedListing(
            ids, census(cursor, self.table), first_rows=self._first_rows(cursor, ids), is_partial=True
        )

    def read_whole(self, cursor: DuckDBPyConnection, shown: NumberedListing[R, T] | None) -> NumberedListing[R, T]:
        """List all that match."""
        asked = self.asked(cursor)
        self.is_outdated = False
        ids = RowNumbers(numbers(cursor, asked))
        from_ns, count = self._newest(cursor, asked, ids)
        return NumberedListing(
            ids,
            census(cursor, self.table),
            self._new(cursor, asked, shown),
            self._first_rows(cursor, ids),
            self.totals(cursor, asked, ids),
            newest_from_ns=from_ns,
            newest_count=count,
        )

    def read_newest(
        self, cursor: DuckDBPyConnection, whole: NumberedListing[R, T], shown: NumberedListing[R, T] | None
    ) -> NumberedListing[R, T] | None:
        """Read the newest again; what lies above the others is found by its moment."""
        asked = self.asked(cursor)
        now = census(cursor, self.table)
        if not only_grew(cursor, self.table, whole.taken, now):
            return None
        head = numbers(cursor, asked, also=since_moment(asked, whole.newest_from_ns))
        ids = whole.ids.below(whole.newest_count, head)
        return NumberedListing(ids, now, self._new(cursor, asked, shown), self._first_rows(cursor, ids))

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> Mapping[str, R]:
        """Return rows by id; none when the file was rewritten since they were listed."""
        base = self._whole
        if base is not None and base.stored and not is_in_place(cursor, self.table, base.taken):
            self.is_outdated = True
            return {}
        return self.rows(cursor, [int(row_id) for row_id in ids if row_id.isdecimal()])

    def _newest(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> tuple[int, int]:
        """Return from which moment on rows are read again, and how many of them are listed now."""
        is_long = self._can_renew and len(ids) > NEWEST_ROWS
        from_ns = moment_of(cursor, self.table, int(ids[NEWEST_ROWS - 1])) if is_long else None
        if from_ns is None:
            return _EARLIEST_NS, len(ids)
        return from_ns, count_of(cursor, asked, since_moment(asked, from_ns))

    def _new(self, cursor: DuckDBPyConnection, asked: RowsAsked, shown: NumberedListing[R, T] | None) -> int:
        return 0 if shown is None else count_since(cursor, asked, shown.taken.last)

    def _first_rows(self, cursor: DuckDBPyConnection, ids: RowNumbers) -> Mapping[str, R]:
        return self.rows(cursor, ids.page(0, FIRST_ROWS))
