"""The calls of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.filters import CallFilter, Sort
from junjo_desktop.features.calls.listings import CallRow, Totals
from junjo_desktop.store.numbered_rows import CALLS, RowNumbers, RowsAsked
from junjo_desktop.widgets.numbered_source import FIRST_ROWS, NumberedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class CallSource(NumberedSource[CallRow, Totals]):
    """A call whose trace is read again may get another number: then the list is read whole."""

    table = CALLS

    def __init__(self, chosen: CallFilter, sort: Sort, *, top_first: bool = True) -> None:
        super().__init__(top_first=top_first, can_renew=sort.newest_first)
        self.chosen = chosen
        self.sort = sort

    def asked(self, cursor: DuckDBPyConnection, *, at_once: bool = False) -> RowsAsked:
        """Return what is listed."""
        return queries.asked(cursor, self.chosen, self.sort, time.time_ns(), at_once=at_once)

    def first_numbers(self, cursor: DuckDBPyConnection) -> array[int]:
        """Return the numbers of the rows on the first screen; a query is asked of ever more rows until it is filled."""
        if self.chosen.text.strip() and self.sort.newest_first:
            return queries.first_matches(cursor, self.chosen, time.time_ns(), FIRST_ROWS)
        return super().first_numbers(cursor)

    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, CallRow]:
        """Return rows by id."""
        return queries.rows(cursor, found)

    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> Totals:
        """Return what the filters offer, sums, and the scatter."""
        return queries.totals(cursor, asked, ids)
