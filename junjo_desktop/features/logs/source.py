"""The log records of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.logs import queries
from junjo_desktop.features.logs.filters import LogFilter, Sort
from junjo_desktop.features.logs.listings import LogRow, Totals
from junjo_desktop.store.numbered_rows import LOGS, RowNumbers, RowsAsked
from junjo_desktop.widgets.queried_source import QueriedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.row_query import RowQuery


class LogSource(QueriedSource[LogFilter, Sort, LogRow, Totals]):
    """Records are listed as spans are: whole, and of a newest-first list the newest again."""

    table = LOGS

    def query(self, now_ns: int) -> RowQuery:
        """Return what is asked."""
        return queries.query(self.chosen, self.sort, now_ns)

    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, LogRow]:
        """Return rows by id."""
        return queries.rows(cursor, found)

    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> Totals:
        """Return services, and the records over time."""
        return queries.totals(cursor, asked, ids)
