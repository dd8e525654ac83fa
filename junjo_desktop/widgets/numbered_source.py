"""A live list of rows of one large table, held by their numbers: any order, any size. Qt-free and free of SQL."""

from __future__ import annotations

import time
from abc import abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import neg
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias, TypeVar

from junjo_desktop.store.numbered_rows import (
    Census,
    RowNumbers,
    RowsAsked,
    RowTable,
    added_since,
    census,
    count_since,
    is_in_place,
    moments,
    newest,
    numbers,
    only_grew,
)
from junjo_desktop.widgets.live_source import LiveSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

R = TypeVar("R")
T = TypeVar("T")

FIRST_ROWS = 100
"""How many rows come with the ids: what a tall screen shows."""
NEWEST_ROWS = 1_000
"""New rows take their place among so many, the newest; those that belong further down wait for a whole listing."""
_EARLIEST_NS = -(1 << 63)
_COSTLY_S = 0.7


@dataclass(frozen=True, slots=True)
class NumberedListing(Generic[R, T]):
    """An answer to one filter and order; see `widgets.live_source.LiveRows`.

    A newest-first listing can be renewed: `moments` are those of `ids.head`, the newest rows, and what is of
    `newest_from_ns` or later belongs among these.
    """

    ids: RowNumbers
    taken: Census
    new: int = 0
    first_rows: Mapping[str, R] = field(default_factory=dict)
    totals: T | None = None
    is_partial: bool = False
    moments: array[int] = field(default_factory=lambda: array("q"))
    newest_from_ns: int = _EARLIEST_NS

    @property
    def stored(self) -> int:
        """How many rows the table has, listed or not."""
        return self.taken.stored


class NumberedSource(LiveSource[NumberedListing[R, T], R]):
    """A subclass says what is asked, and reads rows by their numbers and the totals.

    Rows are only added, but for deletions: so what is new is read alone, however long the list is, and whatever it
    costs to ask all rows.
    """

    table: ClassVar[RowTable]
    _newest: NumberedListing[R, T] | None = None

    @abstractmethod
    def asked(self, cursor: DuckDBPyConnection, *, at_once: bool = False) -> RowsAsked:
        """Return what is listed. `at_once`: for the first look, which must not take long."""

    @abstractmethod
    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, R]:
        """Return rows by id (their number as text); what is no longer stored is left out."""

    @abstractmethod
    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> T:
        """Return what only reading every row tells."""

    def first_numbers(self, cursor: DuckDBPyConnection) -> array[int]:
        """Return the numbers of the rows on the first screen."""
        asked = self.asked(cursor, at_once=True)
        if self._can_renew:
            return newest(cursor, asked, FIRST_ROWS)
        return numbers(cursor, asked, limit=FIRST_ROWS)

    def read_top(self, cursor: DuckDBPyConnection) -> NumberedListing[R, T]:
        """Read the first screen."""
        ids = RowNumbers(self.first_numbers(cursor))
        return NumberedListing(
            ids, census(cursor, self.table), first_rows=self._first_rows(cursor, ids), is_partial=True
        )

    def read_whole(self, cursor: DuckDBPyConnection, shown: NumberedListing[R, T] | None) -> NumberedListing[R, T]:
        """List all that match."""
        asked = self.asked(cursor)
        self.is_outdated = False
        started_s = time.monotonic()
        found = numbers(cursor, asked)
        asked = replace(asked, is_costly=time.monotonic() - started_s > _COSTLY_S)
        head = found[:NEWEST_ROWS] if self._can_renew else array("q")
        ids = RowNumbers(head, found, len(head))
        of_head = moments(cursor, self.table, head) if head else array("q")
        self._newest = NumberedListing(
            ids,
            census(cursor, self.table),
            0 if shown is None else count_since(cursor, asked, shown.taken.last),
            self._first_rows(cursor, ids),
            self.totals(cursor, asked, ids),
            moments=of_head,
            newest_from_ns=of_head[-1] if len(found) > len(head) > 0 else _EARLIEST_NS,
        )
        return self._newest

    def read_newest(
        self, cursor: DuckDBPyConnection, whole: NumberedListing[R, T], shown: NumberedListing[R, T] | None
    ) -> NumberedListing[R, T] | None:
        """Add what came since the last listing; None when rows were deleted."""
        base = self._newest or whole
        now = census(cursor, self.table)
        if not only_grew(cursor, self.table, base.taken, now):
            return None
        found = added_since(cursor, self.asked(cursor), base.taken.last, base.newest_from_ns)
        head, of_head = _merged(found, (base.ids.head, base.moments))
        ids = replace(base.ids, head=head)
        last = now.last if shown is None else shown.taken.last
        self._newest = replace(
            base,
            ids=ids,
            taken=now,
            new=sum(number > last for number in head),
            first_rows=self._first_rows(cursor, ids),
            totals=None,
            moments=of_head,
        )
        return self._newest

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> Mapping[str, R]:
        """Return rows by id; none when the file was rewritten since they were listed."""
        base = self._newest
        if base is not None and base.stored and not is_in_place(cursor, self.table, base.taken):
            self.is_outdated = True
            return {}
        return self.rows(cursor, [int(row_id) for row_id in ids if row_id.isdecimal()])

    def _first_rows(self, cursor: DuckDBPyConnection, ids: RowNumbers) -> Mapping[str, R]:
        return self.rows(cursor, ids.page(0, FIRST_ROWS))


Rows: TypeAlias = "tuple[array[int], array[int]]"
"""Numbers and their moments, newest first."""


def _merged(added: Rows, known: Rows) -> Rows:
    """Return both in one order; of the same moment, what came later stands first."""
    if not added[0]:
        return known
    # Below the oldest that is added nothing moves.
    end = bisect_left(known[1], -added[1][-1], key=neg)
    upper, of_upper = array("q"), array("q")
    place = 0
    for number, moment in zip(*added, strict=True):
        stop = bisect_left(known[1], -moment, place, end, key=neg)
        upper += known[0][place:stop]
        of_upper += known[1][place:stop]
        upper.append(number)
        of_upper.append(moment)
        place = stop
    return upper + known[0][place:], of_upper + known[1][place:]
