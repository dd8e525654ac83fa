"""The SQL of the list of log records: what is asked, rows, totals, and one record whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.logs.filters import LogFilter, Sort, SortBy
from junjo_desktop.features.logs.listings import BODY_CHARACTERS, LogDetail, LogRow, Totals
from junjo_desktop.store.facets import FacetColumn, Facets, count_values
from junjo_desktop.store.log_rows import MOMENT, SEVERITY
from junjo_desktop.store.numbered_rows import LOGS, RowNumbers, RowsAsked, found_again
from junjo_desktop.store.row_query import RowQuery, all_of
from junjo_desktop.telemetry.columns import LOG_COLUMNS, RESOURCE_COLUMNS, SCOPE_COLUMNS
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.time_bars_data import BARS, TimeBar, TimeBars

_SCOPE_NAME = "(SELECT name FROM scopes WHERE scopes.scope_id = logs.scope_id)"
_SORTED_CHARACTERS = 200
_SORT_KEYS = {
    SortBy.TIME: MOMENT,
    SortBy.SEVERITY: SEVERITY,
    SortBy.SERVICE: "lower(service_name)",
    SortBy.EVENT: "lower(nullif(event_name, ''))",
    SortBy.BODY: f"lower(left(body_text, {_SORTED_CHARACTERS}))",
    SortBy.SCOPE: f"lower(nullif({_SCOPE_NAME}, ''))",
    SortBy.TRACE_ID: "trace_id",
    SortBy.SPAN_ID: "span_id",
    SortBy.RECEIVED: "received_ns",
}

_WORDS = " ".join(f"WHEN {int(each)} THEN '{each.word}'" for each in Severity if each is not Severity.UNKNOWN)
_FACETS = (
    FacetColumn("severity", "Severity", f"CASE {SEVERITY} {_WORDS} END"),
    FacetColumn("service", "Service", "service_name"),
    FacetColumn("scope", "Logger", "scope_name"),
    FacetColumn("event", "Event", "event_name"),
)
_WITH_SCOPES = (
    "logs JOIN (SELECT scope_id AS id_of_scope, name AS scope_name FROM scopes) ON id_of_scope = logs.scope_id"
)


def log_count(cursor: DuckDBPyConnection) -> int:
    """Return how many log records are stored; it reads no row."""
    [(count,)] = cursor.execute("SELECT count(*) FROM logs").fetchall()
    return int(count)


def query(chosen: LogFilter, sort: Sort, now_ns: int) -> RowQuery:
    """Return what is asked: the records that pass `chosen`."""
    return RowQuery(LOGS, Subject.LOGS, _order(sort), chosen.text, now_ns, *_filters(chosen, now_ns))


def _filters(chosen: LogFilter, now_ns: int) -> tuple[str, dict[str, Any]]:
    """Return the condition that all parts of the filter make but for the query."""
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    least = None if chosen.least is Severity.UNKNOWN else int(chosen.least)
    candidates: tuple[tuple[str, Any, str], ...] = (
        ("service", chosen.service, "service_name = $service"),
        ("trace_id", chosen.trace_id, "trace_id = $trace_id"),
        ("span_id", chosen.span_id, "span_id = $span_id"),
        ("least", least, f"{SEVERITY} >= $least"),
        ("since_ns", since_ns, f"{MOMENT} >= $since_ns"),
        ("until_ns", until_ns, f"{MOMENT} <= $until_ns"),
    )
    return all_of(candidates)


def facet_counts(cursor: DuckDBPyConnection, chosen: LogFilter, now_ns: int) -> Facets:
    """Count the records that pass `chosen`; those of errors count as failed. Raises `QueryError`."""
    where, parameters = query(chosen, Sort(), now_ns).condition(cursor)
    failed = f"coalesce({SEVERITY} >= {int(Severity.ERROR)}, false)"
    return count_values(cursor, _WITH_SCOPES, _FACETS, where, parameters, failed=failed)


def rows(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> dict[str, LogRow]:
    """Return rows by id, in this order; what is no longer stored is left out."""
    if not numbers:
        return {}
    found = cursor.execute(
        f"""
        SELECT logs.rowid, trace_id, span_id, service_name, {MOMENT}, time_ns <= 0, severity_number, severity_text,
            event_name, left(body_text, {BODY_CHARACTERS}), length(body_text), coalesce(scopes.name, ''), received_ns
        FROM logs LEFT JOIN scopes USING (scope_id) WHERE logs.rowid IN (SELECT unnest($numbers::BIGINT[]))
        """,  # noqa: S608 - only constants of this module
        {"numbers": list(numbers)},
    ).fetchall()
    by_number = {row[0]: LogRow(*row) for row in found}
    return {str(number): by_number[number] for number in numbers if number in by_number}


def totals(cursor: DuckDBPyConnection, listed: RowsAsked, ids: RowNumbers) -> Totals:
    """Return the services of all records, and over time those that are listed."""
    services = cursor.execute(
        "SELECT service_name, log_count FROM services WHERE log_count > 0 ORDER BY lower(service_name)"
    ).fetchall()
    return Totals(dict(services), _bars(cursor, found_again(listed, ids)) if len(ids) else TimeBars())


def log_detail(cursor: DuckDBPyConnection, row: LogRow) -> LogDetail | None:
    """Return a record whole, with the names of its span and trace; None when it is no longer stored."""
    columns = (
        *(f"l.{column}" for column in LOG_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
    found = cursor.execute(
        f"""
        SELECT {", ".join(columns)} FROM (SELECT * FROM logs WHERE rowid = $number AND received_ns = $received_ns) l
        JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
        """,  # noqa: S608 - column names of the schema
        {"number": row.number, "received_ns": row.received_ns},
    ).fetchone()
    if found is None:
        return None
    record = LogRecord.from_row(found)
    trace = cursor.execute(
        "SELECT name, start_ns, first_received_ns, last_received_ns FROM traces WHERE trace_id = $trace_id",
        {"trace_id": row.trace_id},
    ).fetchone()
    if trace is None:
        return LogDetail(row, record, None, 0, None)
    span = cursor.execute(
        """
        SELECT name FROM spans WHERE trace_id = $trace_id AND span_id = $span_id
            AND received_ns BETWEEN $first_received_ns AND $last_received_ns
        """,
        {
            "trace_id": row.trace_id,
            "span_id": row.span_id,
            "first_received_ns": trace[2],
            "last_received_ns": trace[3],
        },
    ).fetchone()
    return LogDetail(row, record, trace[0], trace[1], None if span is None else span[0])


def _bars(cursor: DuckDBPyConnection, listed: RowsAsked) -> TimeBars:
    ends = f"""
        SELECT min({MOMENT}) FILTER ({MOMENT} > 0), max({MOMENT}) FILTER ({MOMENT} > 0), count(*) FILTER ({MOMENT} <= 0)
        FROM logs WHERE {listed.where}
    """  # noqa: S608 - constants; values are parameters
    [(first_ns, last_ns, untold)] = cursor.execute(ends, dict(listed.parameters)).fetchall()
    if first_ns is None:
        return TimeBars(untold=untold)
    step_ns = (last_ns - first_ns) // BARS + 1
    counts = cursor.execute(
        f"""
        SELECT ({MOMENT} - {first_ns:d}) // {step_ns:d} AS bar, count(*),
            count(*) FILTER ({SEVERITY} BETWEEN {int(Severity.WARN)} AND {int(Severity.ERROR) - 1}),
            count(*) FILTER ({SEVERITY} >= {int(Severity.ERROR)})
        FROM logs WHERE {MOMENT} > 0 AND ({listed.where}) GROUP BY bar
        """,  # noqa: S608 - constants; values are parameters
        dict(listed.parameters),
    ).fetchall()
    by_place = {place: TimeBar(*counted) for place, *counted in counts}
    bars = tuple(by_place.get(place, TimeBar()) for place in range((last_ns - first_ns) // step_ns + 1))
    return TimeBars(bars, first_ns, step_ns, untold)


def _order(sort: Sort) -> str:
    direction = "DESC" if sort.descending else "ASC"
    if sort.by in (SortBy.TIME, SortBy.RECEIVED):
        return f"{_SORT_KEYS[sort.by]} {direction}, rowid {direction}"
    return f"{_SORT_KEYS[sort.by]} {direction} NULLS LAST, {MOMENT} DESC, rowid DESC"
