"""The log records of a trace as rows of a table. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from junjo_desktop.store.trace_logs import LogCounts, LogFilter, LogLine, count_logs, find_logs, read_log_lines
from junjo_desktop.widgets.row_source import OrderedIds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST_ROWS = 64


@dataclass(frozen=True, slots=True)
class LogListing:
    """The ids are where records lie. It is never whole as long as the trace may grow: another one is no news."""

    ids: OrderedIds
    severe: bytes
    """By row: 1 for an error or worse."""
    counts: LogCounts
    """Of all records of the trace, whatever the filter."""
    first_rows: Mapping[int, LogLine] = field(default_factory=dict)
    new: int = 0
    is_partial: bool = True

    def next_severe(self, row: int, *, forward: bool) -> int:
        """Return the row of the next or previous error, round the end; -1 when there is none."""
        if forward:
            found = self.severe.find(1, row + 1)
            return found if found >= 0 else self.severe.find(1)
        found = self.severe.rfind(1, 0, max(row, 0))
        return found if found >= 0 else self.severe.rfind(1)


@dataclass(frozen=True, slots=True)
class LogSource:
    """One filter and direction of time."""

    trace_id: str
    wanted: LogFilter = field(default_factory=LogFilter)
    newest_first: bool = False

    def list_ids(self, cursor: DuckDBPyConnection, _shown: object) -> LogListing:
        """List all that match."""
        found = find_logs(cursor, self.trace_id, self.wanted)
        row_ids, severe = found.row_ids, found.severe
        if self.newest_first:
            row_ids, severe = array("q", reversed(row_ids)), severe[::-1]
        counts = count_logs(cursor, self.trace_id)
        first_rows = self.load_rows(cursor, row_ids[:_FIRST_ROWS])
        return LogListing(OrderedIds(row_ids), severe, counts, first_rows)

    def load_rows(self, cursor: DuckDBPyConnection, ids: Sequence[int]) -> Mapping[int, LogLine]:
        """Return lines by where they lie."""
        return read_log_lines(cursor, self.trace_id, ids)
