"""The runs, or the groups of runs, of one filter and order, as the paged tables ask for them. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junjo_desktop.features.runs import queries
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.group_order import GroupSort, ordered
from junjo_desktop.features.runs.listings import GroupRow, GroupsListing, RunsListing
from junjo_desktop.store.run_filters import RunKind, RunSort
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.widgets.live_source import LiveSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class RunSource(LiveSource[RunsListing, RunRow]):
    """Runs are some hundred thousand at most: they are always listed whole, after a first look at the top."""

    def __init__(self, kind: RunKind, chosen: RunsFilter, sort: RunSort, *, top_first: bool = True) -> None:
        super().__init__(top_first=top_first)
        self.kind = kind
        self.chosen = chosen
        self.sort = sort

    def read_top(self, cursor: DuckDBPyConnection) -> RunsListing:
        """Read the first screen."""
        now_ns = time.time_ns()
        return queries.top(cursor, self.chosen.stored(self.kind, now_ns), self.sort, now_ns)

    def read_whole(self, cursor: DuckDBPyConnection, shown: RunsListing | None) -> RunsListing:
        """List all that match."""
        now_ns = time.time_ns()
        return queries.whole(cursor, self.chosen.stored(self.kind, now_ns), self.sort, now_ns, shown)

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> Mapping[str, RunRow]:
        """Return rows by key."""
        return queries.rows(cursor, self.kind, ids, time.time_ns())


class GroupSource(LiveSource[GroupsListing, GroupRow]):
    """Groups are few: all of them are read with each listing, and sorted here."""

    def __init__(self, kind: RunKind, chosen: RunsFilter, sort: GroupSort) -> None:
        super().__init__(top_first=False)
        self.kind = kind
        self.chosen = chosen
        self.sort = sort

    def read_top(self, cursor: DuckDBPyConnection) -> GroupsListing:
        """Read everything: it is one screen or a few."""
        return self.read_whole(cursor, None)

    def read_whole(self, cursor: DuckDBPyConnection, shown: GroupsListing | None) -> GroupsListing:  # noqa: ARG002 - nothing is new among groups
        """Read all groups."""
        now_ns = time.time_ns()
        return ordered(queries.groups(cursor, self.chosen.stored(self.kind, now_ns), now_ns), self.sort)

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, GroupRow]:
        """Return rows by key."""
        found = self.read_whole(cursor, None).first_rows
        return {key: found[key] for key in ids if key in found}
