"""The traces of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.traces.filters import Sort, TraceFilter
from junjo_desktop.features.traces.listings import Listing, TraceRow
from junjo_desktop.features.traces.queries import first_page, renewed_listing, rows, whole_listing
from junjo_desktop.store.cancellation import CancelToken

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REST_SHARE = 6
"""A whole listing is followed by a pause of this many times its own time: it leaves the processor to others."""
_RENEWED_REST_SHARE = 20
"""The same for a list whose newest traces are listed meanwhile."""
_SMALL = 2_000
"""So many traces are listed whole in a few milliseconds, so that nothing is gained by reading only the newest."""


class TraceSource:
    """Made anew for every filter and order. Both reads run on reader threads, one listing at a time.

    Reading every trace takes 35 ms for 100,000 and grows with them, so a list is read in up to three ways:

    * first its top, at once, so that the screen is filled;
    * then whole, and again after a rest while telemetry arrives;
    * between two whole listings of a newest-first list, only the newest traces, which takes 5 ms whatever is stored.
      What changed among older ones is seen with the next whole listing.

    In another order what is new may stand anywhere: such a list is read whole each time, and rests longer.
    """

    def __init__(self, chosen: TraceFilter, sort: Sort, *, top_first: bool = True) -> None:
        """`top_first` False: the first answer is whole, because a row far down must not be missed."""
        self.chosen = chosen
        self.sort = sort
        self._top_first = top_first
        self._whole: Listing | None = None
        self._rests_until_s = 0.0
        self._is_whole_due = False
        self._token = CancelToken()

    @property
    def rest_s(self) -> float:
        """How long nothing should be listed whole; 0 when it may."""
        return max(0.0, self._rests_until_s - time.monotonic())

    @property
    def is_renewable(self) -> bool:
        """Whether the newest traces can be listed at any moment, also during the rest."""
        return self.sort.newest_first and self._whole is not None

    def ask_whole(self) -> None:
        """Let the next listing be a whole one."""
        self._is_whole_due = True

    def list_ids(self, cursor: DuckDBPyConnection, shown: Listing | None) -> Listing:
        """List the traces, in the way that suits the moment (see above)."""
        with self._token.guarding(cursor):
            if shown is None and self._top_first:
                return first_page(cursor, self.chosen, self.sort, time.time_ns())
            whole = self._whole
            if whole is None or not self.is_renewable or self._is_whole_due or whole.stored <= _SMALL:
                return self._list_whole(cursor, shown)
            renewed = renewed_listing(cursor, self.chosen, whole, time.time_ns(), shown)
            # Something was deleted, and older traces may be among it.
            return self._list_whole(cursor, shown) if renewed.stored < whole.stored else renewed

    def _list_whole(self, cursor: DuckDBPyConnection, shown: Listing | None) -> Listing:
        self._is_whole_due = False
        started = time.monotonic()
        self._whole = whole_listing(cursor, self.chosen, self.sort, time.time_ns(), shown)
        ended = time.monotonic()
        self._rests_until_s = ended + (ended - started) * (
            _RENEWED_REST_SHARE if self.sort.newest_first else _REST_SHARE
        )
        return self._whole

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, TraceRow]:
        """Return rows by trace id."""
        return {row.trace_id: row for row in rows(cursor, ids)}

    def stop(self) -> None:
        """Interrupt a listing that is under way: a newer filter made its answer useless. Thread-safe."""
        self._token.cancel()
