"""The conversations of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.conversations import queries
from junjo_desktop.features.conversations.filters import ConversationFilter, Sort
from junjo_desktop.features.conversations.listings import ConversationListing, ConversationRow
from junjo_desktop.widgets.live_source import LiveSource
from junjo_desktop.widgets.row_source import OrderedIds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST_ROWS = 100


class ConversationSource(LiveSource[ConversationListing, ConversationRow]):
    """Grouping 100,000 calls takes some 30 ms; a conversation grows at any place of the list, so it is read whole."""

    def __init__(self, chosen: ConversationFilter, sort: Sort, *, top_first: bool = True) -> None:
        super().__init__(top_first=top_first)
        self.chosen = chosen
        self.sort = sort

    def read_top(self, cursor: DuckDBPyConnection) -> ConversationListing:
        """Read the first screen."""
        keys = queries.keys(cursor, self.chosen, self.sort, time.time_ns(), _FIRST_ROWS)
        return ConversationListing(
            OrderedIds(keys), queries.call_count(cursor), first_rows=queries.rows(cursor, keys), is_partial=True
        )

    def read_whole(self, cursor: DuckDBPyConnection, shown: ConversationListing | None) -> ConversationListing:
        """List all that match."""
        keys = queries.keys(cursor, self.chosen, self.sort, time.time_ns())
        known = set() if shown is None else {shown.ids[row] for row in range(len(shown.ids))}
        return ConversationListing(
            OrderedIds(keys),
            queries.call_count(cursor),
            0 if shown is None or shown.is_partial else sum(key not in known for key in keys),
            queries.rows(cursor, keys[:_FIRST_ROWS]),
            queries.totals(cursor, keys),
        )

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> Mapping[str, ConversationRow]:
        """Return rows by key."""
        return queries.rows(cursor, ids)
