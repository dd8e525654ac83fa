"""`find` of the command line: what matches a query, of any subject, newest first, each row with a cursor."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UsageError
from junjo_desktop.store import lookup, run_queries
from junjo_desktop.store.call_lookup import listed_calls
from junjo_desktop.store.keyset import Key, checked_limit, key_of
from junjo_desktop.store.log_lookup import listed_logs, place_of
from junjo_desktop.store.log_rows import MOMENT
from junjo_desktop.store.lookup import DEFAULT_LIMIT, listed_spans
from junjo_desktop.store.query_newest import Newest, newest_matches
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.span import iso_time


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in a list."""

    row: RunRow

    @property
    def cursor(self) -> str:
        """Given as `before`, the list goes on behind this run."""
        return Key(self.row.start_ns, self.row.trace_id, self.row.owner_span_id).text()

    def to_json(self) -> dict[str, object]:
        """The run for JSON: times as text, exact nanoseconds as decimal strings. A start of 0 is unknown: null."""
        row = asdict(self.row)
        start_ns, heard_ns = row.pop("start_ns"), row.pop("heard_ns")
        return {
            **row,
            "outcome": self.row.outcome.value,
            "start_time": iso_time(start_ns) if start_ns else None,
            "start_time_unix_nano": str(start_ns) if start_ns else None,
            "heard_unix_nano": str(heard_ns),
            "cursor": self.cursor,
        }


def find(
    cursor: DuckDBPyConnection,
    query: str,
    subject: str = "traces",
    limit: int = DEFAULT_LIMIT,
    before: str | None = None,
    narrowing: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Return what matches (`ListedSpan`, `ListedRun`, `ListedLog` or `ListedCall`); an empty query matches all.

    Of a trace it is the span that it has its name from.
    `narrowing` are the fields of a `TraceNarrowing`, for traces only. Raises `QueryError`, `UsageError`.
    """
    wanted = Subject(subject)
    if narrowing and wanted is not Subject.TRACES:
        raise UsageError("A view of traces cannot be asked of anything else.", "Leave out --view, or --in.")
    limit = checked_limit(limit)
    match wanted:
        case Subject.TRACES:
            return lookup.find(cursor, query, limit, before, narrowing)
        case Subject.SPANS:
            return listed_spans(cursor, [row_id for (row_id,) in _read(cursor, _SPANS, query, before, limit)])
        case Subject.RUNS:
            ids = [row_id for (row_id,) in _read(cursor, _RUNS, query, before, limit)]
            rows = run_queries.rows(cursor, ids, time.time_ns())
            return [ListedRun(rows[row_id]) for row_id in ids if row_id in rows]
        case Subject.LOGS:
            return listed_logs(cursor, [row_id for (row_id,) in _read(cursor, _LOGS, query, before, limit)])
        case Subject.CALLS:
            return listed_calls(cursor, [row_id for (row_id,) in _read(cursor, _CALLS, query, before, limit)])


_SPANS = Newest(Subject.SPANS, "rowid", "start_ns", "start_ns DESC, trace_id DESC, span_id DESC")
_RUNS = Newest(
    Subject.RUNS, "trace_id || owner_span_id", "start_ns", "start_ns DESC, trace_id DESC, owner_span_id DESC"
)
_LOGS = Newest(Subject.LOGS, "rowid", MOMENT, f"{MOMENT} DESC, rowid DESC")
_CALLS = Newest(Subject.CALLS, "rowid", "start_ns", "start_ns DESC, trace_id DESC, span_id DESC")


def _read(
    cursor: DuckDBPyConnection, rows: Newest, text: str, before: str | None, limit: int
) -> Sequence[tuple[Any, ...]]:
    rows = rows if before is None else _behind(rows, before)
    query = parse(text, rows.subject)
    if query is not None:
        return newest_matches(cursor, rows, query, time.time_ns(), limit)
    return cursor.execute(
        f"SELECT {rows.columns} FROM {rows.subject} WHERE {rows.where} ORDER BY {rows.order} LIMIT {limit:d}",  # noqa: S608 - constants; values are parameters
        dict(rows.parameters),
    ).fetchall()


def _behind(rows: Newest, before: str) -> Newest:
    """Return those of the rows that stand behind a cursor."""
    parameters: dict[str, Any]
    if rows.subject is Subject.LOGS:
        moment_ns, number = place_of(before)
        page = f"({MOMENT}, rowid) < ($before_ns, $before_row)"
        parameters = {"before_ns": moment_ns, "before_row": number}
    else:
        key = key_of(before)
        names = ", ".join(part.removesuffix(" DESC") for part in rows.order.split(", "))
        # The first part says nothing new, but it alone is what DuckDB compares with its zone maps.
        page = f"{rows.moment} <= $before_ns AND ({names}) < ($before_ns, $before_trace_id, $before_span_id)"
        parameters = {"before_ns": key.start_ns, "before_trace_id": key.trace_id, "before_span_id": key.span_id}
    return rows.restricted(page, parameters)
