"""The figures of one time, order and choice of what is unfolded, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.services.figure_rows import FigureRow, FiguresListing, FigureSort, listing_of, rows_of
from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.queries import stored
from junjo_desktop.store.service_figures import service_figures
from junjo_desktop.widgets.live_source import LiveSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class FigureSource(LiveSource[FiguresListing, FigureRow]):
    """Operations are few, however many spans there are: all are read with each listing, and sorted here."""

    least_rest_s = 1.0
    """Figures that change more often than that cannot be read."""

    def __init__(
        self,
        chosen: ServicesFilter,
        sort: FigureSort,
        unfolded: Collection[str],
        told: FiguresListing | None = None,
    ) -> None:
        """`told` is what was read for the same time and service a moment ago: the first answer reads nothing."""
        super().__init__(top_first=False)
        self.chosen = chosen
        self.sort = sort
        self.unfolded = frozenset(unfolded)
        self._told = told
        self._rows: Mapping[str, FigureRow] = {}
        self._read_s = float("-inf") if told is None else time.monotonic()

    @property
    def rest_s(self) -> float:
        """How long the figures should stand still."""
        return max(super().rest_s, self._read_s + self.least_rest_s - time.monotonic())

    def read_top(self, cursor: DuckDBPyConnection) -> FiguresListing:
        """Read everything: it is one screen or a few."""
        return self.read_whole(cursor, None)

    def read_whole(self, cursor: DuckDBPyConnection, shown: FiguresListing | None) -> FiguresListing:
        """Read the figures, and list what is unfolded."""
        last, self._told = self._told, None
        if last is not None and shown is None:
            told, known = last.told, last.known
        else:
            now_ns = time.time_ns()
            told, known = service_figures(cursor, self.chosen.stretch(now_ns), now_ns), stored(cursor)
            self._read_s = time.monotonic()
        found = listing_of(list(rows_of(told, self.chosen, self.sort, self.unfolded)), told, known, shown)
        self._rows = found.first_rows
        return found

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, FigureRow]:  # noqa: ARG002 - rows came with the listing
        """Return rows by key, of the last listing."""
        return {key: self._rows[key] for key in ids if key in self._rows}
