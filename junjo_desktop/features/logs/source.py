"""The log records of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.logs import queries
from junjo_desktop.features.logs.filters import LogFilter, Sort
from junjo_desktop.features.logs.listings import LogRow, Totals
from junjo_desktop.store.numbered_rows import LOGS, RowNumbers, RowsAsked
from junjo_desktop.widgets.numbered_source import FIRST_ROWS, NumberedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class LogSource(NumberedSource[LogRow, Totals]):
    """Records are listed as spans are: whole, and of a newest-first list the newest again."""

    table = LOGS

    def __init__(self, chosen: LogFilter, sort: Sort, *, top_first: bool = True) -> None:
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

    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, LogRow]:
        """Return rows by id."""
        return queries.rows(cursor, found)

    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> Totals:
        """Return services, and the records over time."""
        return queries.totals(cursor, asked, ids)
