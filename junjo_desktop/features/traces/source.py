"""The traces of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.traces.filters import Sort, TraceFilter
from junjo_desktop.features.traces.queries import Listing, TraceRow, listing, rows
from junjo_desktop.store.cancellation import CancelToken

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""A listing is followed by a pause of this many times its own time: searches leave the processor to others."""


class TraceSource:
    """Made anew for every filter and order. Both reads run on reader threads."""

    def __init__(self, chosen: TraceFilter, sort: Sort) -> None:
        self.chosen = chosen
        self.sort = sort
        self.rests_until_s = 0.0
        """Monotonic time before which nothing is listed again: what takes long is not repeated without a pause."""
        self._token = CancelToken()

    def list_ids(self, cursor: DuckDBPyConnection, shown: Listing | None) -> Listing:
        """List the traces; the first time a text is only looked for in the newest spans."""
        started = time.monotonic()
        with self._token.guarding(cursor):
            found = listing(cursor, self.chosen, self.sort, time.time_ns(), shown, quick=shown is None)
        ended = time.monotonic()
        self.rests_until_s = ended + (ended - started) * _IDLE_SHARE
        return found

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, TraceRow]:
        """Return rows by trace id."""
        return {row.trace_id: row for row in rows(cursor, ids)}

    def stop(self) -> None:
        """Interrupt a listing that is under way: a newer filter made its answer useless. Thread-safe."""
        self._token.cancel()
