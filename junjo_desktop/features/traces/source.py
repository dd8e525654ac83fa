"""The traces of one filter and order, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.traces.filters import Sort, TraceFilter
from junjo_desktop.features.traces.listings import Listing, TraceRow
from junjo_desktop.features.traces.queries import first_page, renewed_listing, rows, whole_listing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REST_SHARE = 4
"""A listing is followed by a pause of this many times its own time: it leaves the processor to others."""
_WHOLE_REST_SHARE = 20
"""The same between two whole listings of a list whose newest traces are read meanwhile."""
_SMALL = 2_000
"""So many traces are listed whole in a few milliseconds: nothing is gained by reading only the newest."""


class TraceSource:
    """Made anew for every filter and order. Both reads run on reader threads, one listing at a time.

    Reading every trace takes 35 ms for 100,000, and more for more, so a list is read in up to three ways:

    * first its top, at once, so that the screen is filled;
    * then whole, and again after a long rest while telemetry arrives;
    * between two whole listings only the newest traces, in 5 ms whatever is stored. What changed among older ones is
      seen with the next whole listing.

    The third way is for newest-first lists of many traces. In another order what is new may stand anywhere.
    """

    def __init__(
        self,
        chosen: TraceFilter,
        sort: Sort,
        *,
        top_first: bool = True,
        starred: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """`top_first` False: the first answer is whole, because a row far down must not be missed.

        `starred` returns the ids of the starred traces; it is called on reader threads.
        """
        self.chosen = chosen
        self._starred = starred
        self.sort = sort
        self._top_first = top_first
        self._whole: Listing | None = None
        self._is_whole_due = False
        self._rests_until_s = 0.0
        self._whole_rests_until_s = 0.0

    @property
    def rest_s(self) -> float:
        """How long nothing should be listed; 0 when it may."""
        return max(0.0, self._rests_until_s - time.monotonic())

    @property
    def whole_rest_s(self) -> float:
        """How long no whole listing should be asked for; 0 when it may."""
        return max(0.0, self._whole_rests_until_s - time.monotonic())

    def ask_whole(self) -> None:
        """Let the next listing be a whole one."""
        self._is_whole_due = True

    def list_ids(self, cursor: DuckDBPyConnection, shown: Listing | None) -> Listing:
        """List the traces, in the way that suits the moment (see above)."""
        if shown is None and self._top_first:
            return first_page(cursor, self.chosen, self.sort, time.time_ns(), starred=self._starred_ids())
        started = time.monotonic()
        found = self._renewed(cursor, shown)
        was_whole = found is None
        if found is None:
            self._is_whole_due = False
            found = self._whole = whole_listing(
                cursor, self.chosen, self.sort, time.time_ns(), shown, starred=self._starred_ids()
            )
        self._rest(started, was_whole=was_whole)
        return found

    def _starred_ids(self) -> Collection[str]:
        return self._starred() if self.chosen.starred_only else ()

    @property
    def _base(self) -> Listing | None:
        """The whole listing that can be renewed; None when the list is read whole each time."""
        whole = self._whole
        return whole if self.sort.newest_first and whole is not None and whole.stored > _SMALL else None

    def _renewed(self, cursor: DuckDBPyConnection, shown: Listing | None) -> Listing | None:
        base = self._base
        if base is None or self._is_whole_due:
            return None
        renewed = renewed_listing(cursor, self.chosen, base, time.time_ns(), shown, starred=self._starred_ids())
        # With fewer traces than before something was deleted, and older ones may be among it.
        return renewed if renewed.stored >= base.stored else None

    def _rest(self, started_s: float, *, was_whole: bool) -> None:
        ended_s = time.monotonic()
        if was_whole:
            self._whole_rests_until_s = ended_s + (ended_s - started_s) * _WHOLE_REST_SHARE
        if not was_whole or self._base is None:
            self._rests_until_s = ended_s + (ended_s - started_s) * _REST_SHARE

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, TraceRow]:
        """Return rows by trace id."""
        return {row.trace_id: row for row in rows(cursor, ids)}
