"""The rows of the list of restarts. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.queries import Stored, stored
from junjo_desktop.store.service_processes import Process, Processes, processes_of
from junjo_desktop.widgets.live_source import LiveSource
from junjo_desktop.widgets.row_source import Ids, OrderedIds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class ProcessSortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    STARTED = "started"
    SERVICE = "service"
    VERSION = "version"
    REQUESTS = "requests"
    ERRORS = "errors"
    ERROR_RATE = "error_rate"
    P50 = "p50"
    P95 = "p95"
    SPANS = "spans"
    TRACES = "traces"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class ProcessSort:
    """An order; what has no value comes last."""

    by: ProcessSortBy = ProcessSortBy.STARTED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class ProcessListing:
    """What the list shows. `told` is everything that was read, newest first."""

    ids: Ids
    stored: int
    new: int
    first_rows: Mapping[str, Process]
    told: Processes
    known: Stored
    totals: object = field(default=True)
    is_partial: bool = False


class ProcessSource(LiveSource[ProcessListing, Process]):
    """Restarts are few: all are read with each listing, and sorted here."""

    least_rest_s = 1.5
    """Figures that change more often than that cannot be read."""

    def __init__(self, chosen: ServicesFilter, sort: ProcessSort) -> None:
        super().__init__(top_first=False)
        self.chosen = chosen
        self.sort = sort
        self._rows: Mapping[str, Process] = {}
        self._read_s = float("-inf")

    @property
    def rest_s(self) -> float:
        """How long the figures should stand still."""
        return max(super().rest_s, self._read_s + self.least_rest_s - time.monotonic())

    def read_top(self, cursor: DuckDBPyConnection) -> ProcessListing:
        """Read everything: it is one screen or a few."""
        return self.read_whole(cursor, None)

    def read_whole(self, cursor: DuckDBPyConnection, shown: ProcessListing | None) -> ProcessListing:
        """Read all restarts."""
        told = processes_of(cursor, self.chosen.stretch(time.time_ns()))
        self._read_s = time.monotonic()
        fitting = [process for process in told.processes if self.chosen.passes(*_texts(process))]
        rows = {process.key: process for process in ordered(fitting, self.sort)}
        new = 0 if shown is None else len(rows.keys() - shown.first_rows.keys())
        self._rows = rows
        return ProcessListing(OrderedIds(list(rows)), len(told.processes), new, rows, told, stored(cursor))

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Process]:  # noqa: ARG002 - rows came with the listing
        """Return rows by key, of the last listing."""
        return {key: self._rows[key] for key in ids if key in self._rows}


def ordered(newest_first: Sequence[Process], sort: ProcessSort) -> list[Process]:
    """Return processes in another order; ties are newest first."""
    key = _KEYS[sort.by]
    known = [process for process in newest_first if key(process) is not None]
    known.sort(key=key, reverse=sort.descending)
    return [*known, *(process for process in newest_first if key(process) is None)]


def _texts(process: Process) -> tuple[str, ...]:
    identity = process.identity
    return process.service_name, identity.version, identity.revision, identity.words


def _error_share(process: Process) -> float | None:
    figures = process.figures
    return figures.failed_requests / figures.requests if figures.requests else None


_KEYS: dict[ProcessSortBy, Callable[[Process], Any]] = {
    ProcessSortBy.STARTED: lambda process: process.first_ns,
    ProcessSortBy.SERVICE: lambda process: process.service_name.lower(),
    ProcessSortBy.VERSION: lambda process: process.identity.version or None,
    ProcessSortBy.REQUESTS: lambda process: process.figures.requests,
    ProcessSortBy.ERRORS: lambda process: process.figures.failed_requests,
    ProcessSortBy.ERROR_RATE: _error_share,
    ProcessSortBy.P50: lambda process: process.figures.p50_ns,
    ProcessSortBy.P95: lambda process: process.figures.p95_ns,
    ProcessSortBy.SPANS: lambda process: process.figures.spans,
    ProcessSortBy.TRACES: lambda process: process.figures.traces,
    ProcessSortBy.TOKENS: lambda process: process.figures.tokens,
}
