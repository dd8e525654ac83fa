"""The calls of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.filters import CallFilter, Sort
from junjo_desktop.features.calls.listings import CallRow, Totals
from junjo_desktop.store.numbered_rows import CALLS, RowNumbers, RowsAsked
from junjo_desktop.widgets.queried_source import QueriedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.row_query import RowQuery


class CallSource(QueriedSource[CallFilter, Sort, CallRow, Totals]):
    """A call whose trace is read again may get another number: then the list is read whole."""

    table = CALLS

    def query(self, now_ns: int) -> RowQuery:
        """Return what is asked."""
        return queries.query(self.chosen, self.sort, now_ns)

    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, CallRow]:
        """Return rows by id."""
        return queries.rows(cursor, found)

    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> Totals:
        """Return what the filters offer, sums, and the scatter."""
        return queries.totals(cursor, asked, ids)
