"""The spans of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.filters import Sort, SpanFilter
from junjo_desktop.features.spans.listings import SpanRow, Totals
from junjo_desktop.store.numbered_rows import SPANS, RowNumbers, RowsAsked
from junjo_desktop.widgets.numbered_source import FIRST_ROWS, NumberedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class SpanSource(NumberedSource[SpanRow, Totals]):
    """Listing a million spans in any order takes 0.2 to 0.5 s; of a newest-first list the newest take 5 ms."""

    table = SPANS

    def __init__(self, chosen: SpanFilter, sort: Sort, *, top_first: bool = True) -> None:
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

    def rows(self, cursor: DuckDBPyConnection, found: Sequence[int]) -> Mapping[str, SpanRow]:
        """Return rows by id."""
        return queries.rows(cursor, found)

    def totals(self, cursor: DuckDBPyConnection, asked: RowsAsked, ids: RowNumbers) -> Totals:
        """Return services, types and the scatter."""
        return queries.totals(cursor, asked, ids)
