"""How often a list that grows all the time is read, and how much of it. Qt-free."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from junjo_desktop.widgets.row_source import RowListing

_REST_SHARE = 4
"""A listing is followed by a pause of this many times its own time: it leaves the processor to others."""
_WHOLE_REST_SHARE = 20
"""The same between two whole listings of a list whose newest rows are read meanwhile."""
_SMALL = 2_000
"""So many rows are listed whole in a few milliseconds: nothing is gained by reading only the newest."""

R = TypeVar("R")


class LiveRows(RowListing, Protocol):
    """An answer to one filter and order. `stored` counts all rows there are, listed or not."""

    @property
    def stored(self) -> int: ...
    @property
    def totals(self) -> object:
        """What only reading every row tells; None in an answer that did not read everything."""


L = TypeVar("L", bound=LiveRows)


class LiveSource(ABC, Generic[L, R]):
    """Made anew for every filter and order. Both reads run on reader threads, one listing at a time.

    Reading every row takes longer the more there are, so a list is read in up to three ways:

    * first its top, at once, so that the screen is filled;
    * then whole, and again after a long rest while telemetry arrives;
    * between two whole listings only the newest rows, as quickly whatever is stored. What changed among older ones is
      seen with the next whole listing.

    The third way is for newest-first lists of many rows, and for sources that know it. In another order what is new may
    stand anywhere.
    """

    is_outdated = False
    """The ids mean other rows now: the list has to be read anew. Set on reader threads."""

    def __init__(self, *, top_first: bool = True, can_renew: bool = False) -> None:
        """`top_first` False: the first answer is whole, because a row far down must not be missed."""
        self._top_first = top_first
        self._can_renew = can_renew
        self._whole: L | None = None
        self._is_whole_due = False
        self._rests_until_s = 0.0
        self._whole_rests_until_s = 0.0

    @abstractmethod
    def read_top(self, cursor: Any) -> L:
        """Read the top of the list with its rows, in a few milliseconds."""

    @abstractmethod
    def read_whole(self, cursor: Any, shown: L | None) -> L:
        """List everything, with totals."""

    def read_newest(self, cursor: Any, whole: L, shown: L | None) -> L | None:  # noqa: ARG002 - for sources that renew
        """Read the newest rows again; the older ones are those of `whole`. None, as by default: read everything."""
        return None

    @abstractmethod
    def load_rows(self, cursor: Any, ids: Sequence[Any]) -> Mapping[Any, R]:
        """Return rows by id; what is no longer stored is left out."""

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

    def list_ids(self, cursor: Any, shown: L | None) -> L:
        """List the rows, in the way that suits the moment (see above)."""
        if shown is None and self._top_first:
            return self.read_top(cursor)
        started, was_due = time.monotonic(), self._is_whole_due
        found = self._renewed(cursor, shown)
        was_whole = found is None
        if found is None:
            self._is_whole_due = False
            found = self._whole = self.read_whole(cursor, shown)
        self._rest(started, was_whole=was_whole, was_due=was_due)
        return found

    @property
    def _base(self) -> L | None:
        """The whole listing that can be renewed; None when the list is read whole each time."""
        whole = self._whole
        return whole if self._can_renew and whole is not None and whole.stored > _SMALL else None

    def _renewed(self, cursor: Any, shown: L | None) -> L | None:
        base = self._base
        if base is None or self._is_whole_due:
            return None
        renewed = self.read_newest(cursor, base, shown)
        # With fewer rows than before something was deleted, and older ones may be among it.
        return renewed if renewed is not None and renewed.stored >= base.stored else None

    def _rest(self, started_s: float, *, was_whole: bool, was_due: bool) -> None:
        ended_s = time.monotonic()
        if was_whole:
            self._whole_rests_until_s = ended_s + (ended_s - started_s) * _WHOLE_REST_SHARE
        # After a whole listing that was due the newest rows may be read again at once. One that came in the place of a
        # renewed one may come with every batch.
        if not was_whole or not was_due or self._base is None:
            self._rests_until_s = ended_s + (ended_s - started_s) * _REST_SHARE
