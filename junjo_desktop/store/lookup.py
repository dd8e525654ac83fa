"""The six queries of Junjo AI Studio's observability API: services, spans, traces, workflows, trace, span; and find.

Each is a function of a read cursor. Lists are ordered by (start, trace id, span id), newest first, and every row
carries an opaque cursor: given as `before`, the list goes on behind that row, whatever has arrived meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.keyset import MAX_LIMIT, Key, checked_limit, key_of, page_of, span_id_of, trace_id_of
from junjo_desktop.store.summaries import TRACE_COLUMNS, TraceSummary
from junjo_desktop.store.trace_narrowing import TraceNarrowing
from junjo_desktop.telemetry.columns import INT64_MAX, RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.resource import Resource, Scope
from junjo_desktop.telemetry.span import Span

DEFAULT_LIMIT = 100

_ORDER = "start_ns DESC, trace_id DESC, span_id DESC"
_HAS_SERVICE = "trace_id IN (SELECT trace_id FROM trace_services WHERE service_name = ?)"
_HAS_LLM = "llm_count > 0"


@dataclass(frozen=True, slots=True)
class Service:
    """Everything one `service.name` has sent. Times in nanoseconds since the epoch."""

    service_name: str
    span_count: int
    error_count: int
    log_count: int
    metric_count: int
    first_received_ns: int
    last_received_ns: int

    @property
    def cursor(self) -> str:
        """Given as `before`, `services` goes on behind this one."""
        return self.service_name


@dataclass(frozen=True, slots=True)
class ListedSpan:
    """A span in a list. `trace` is what its trace adds up to, in the list of traces; None in the others."""

    span: Span
    trace: TraceSummary | None = None

    @property
    def cursor(self) -> str:
        """Given as `before`, the list goes on behind this span."""
        return Key(self.span.start_ns, self.span.trace_id, self.span.span_id).text()

    @property
    def root_missing(self) -> bool:
        """Whether it stands for a trace whose root has not arrived."""
        return self.trace is not None and self.trace.root_span_id is None

    def to_json(self) -> dict[str, object]:
        """The span for JSON, with what lists show beside it; in the list of traces also `root_missing` and `trace`."""
        row = self.span.to_json()
        row.update(span_type=self.span.span_type, is_error=self.span.is_error, cursor=self.cursor)
        if self.trace is not None:
            row.update(root_missing=self.root_missing, trace=_trace_json(self.trace))
        return row


def services(cursor: DuckDBPyConnection, limit: int = MAX_LIMIT, before: str | None = None) -> list[Service]:
    """Return what has sent telemetry, by name."""
    columns = ", ".join(field.name for field in fields(Service))
    rows = cursor.execute(
        f"SELECT {columns} FROM services WHERE service_name > ? OR ? IS NULL ORDER BY service_name LIMIT ?",  # noqa: S608 - our own names
        [before, before, checked_limit(limit)],
    ).fetchall()
    return [Service(*row) for row in rows]


def spans(
    cursor: DuckDBPyConnection, service: str, limit: int = DEFAULT_LIMIT, before: str | None = None
) -> list[ListedSpan]:
    """Return the spans of a service."""
    return _listed(cursor, "service_name = ?", [service], limit, before)


def workflows(
    cursor: DuckDBPyConnection, service: str | None = None, limit: int = DEFAULT_LIMIT, before: str | None = None
) -> list[ListedSpan]:
    """Return the spans that are Junjo workflows, of one service or of all."""
    condition = "junjo_span_type = 'workflow'"
    if service is None:
        return _listed(cursor, condition, [], limit, before)
    return _listed(cursor, f"{condition} AND service_name = ?", [service], limit, before)


def traces(
    cursor: DuckDBPyConnection,
    service: str | None = None,
    has_llm: bool = False,
    limit: int = DEFAULT_LIMIT,
    before: str | None = None,
) -> list[ListedSpan]:
    """Return root spans, and the earliest span of each trace whose root has not arrived.

    `service` keeps traces in which that service has any span, `has_llm` those with a call of a language model.
    A trace's row names its only root, or its earliest span; only traces with several roots are looked up in `spans`.
    """
    filters = ["true"]
    params: list[Any] = []
    if service is not None:
        filters.append(_HAS_SERVICE)
        params.append(service)
    if has_llm:
        filters.append(_HAS_LLM)
    condition = " AND ".join(filters)
    page, page_params = page_of(before)
    limit = checked_limit(limit)
    newest, newest_params = _newest_leads(cursor, condition, params, before, limit)
    rows = cursor.execute(
        f"""
        WITH matching AS (
            SELECT trace_id, lead_span_id AS span_id, lead_start_ns AS start_ns, root_count,
                   first_received_ns, last_received_ns
            FROM traces WHERE {condition}
        ), alone AS (
            SELECT start_ns, trace_id, span_id, first_received_ns, last_received_ns FROM matching WHERE root_count < 2
        ), several AS (
            SELECT start_ns, trace_id, span_id, received_ns, received_ns FROM spans
            WHERE parent_span_id IS NULL AND trace_id IN (SELECT trace_id FROM matching WHERE root_count > 1)
        )
        FROM (FROM alone UNION ALL FROM several) WHERE {newest} AND {page} ORDER BY {_ORDER} LIMIT ?
        """,  # noqa: S608 - put together from constants; values are parameters
        [*params, *newest_params, *page_params, limit],
    ).fetchall()
    return listed_leads(cursor, rows)


def find(
    cursor: DuckDBPyConnection,
    query: str,
    limit: int = DEFAULT_LIMIT,
    before: str | None = None,
    narrowing: Mapping[str, Any] | None = None,
) -> list[ListedSpan]:
    """Return the traces that match a query (see `telemetry.query`): of each the span that it has its name from.

    An empty query matches all; `narrowing` are the fields of a `TraceNarrowing`. Raises `QueryError`.
    """
    from junjo_desktop.store.query_newest import Newest, newest_matches
    from junjo_desktop.telemetry.query.parsing import parse
    from junjo_desktop.telemetry.query.subject import Subject

    asked = parse(query)
    clauses, narrowed = TraceNarrowing(**(narrowing or {})).condition()
    page, page_params = _leads_behind(before)
    where = " AND ".join([page, *clauses])
    columns = "lead_start_ns, trace_id, lead_span_id, first_received_ns, last_received_ns"
    order = "lead_start_ns DESC, trace_id DESC, lead_span_id DESC"
    params: dict[str, object] = {**page_params, **narrowed}
    limit = checked_limit(limit)
    if asked is not None:
        newest = Newest(Subject.TRACES, columns, "lead_start_ns", order, where, params)
        return listed_leads(cursor, newest_matches(cursor, newest, asked, time.time_ns(), limit))
    rows = cursor.execute(
        f"SELECT {columns} FROM traces WHERE {where} ORDER BY {order} LIMIT {limit:d}",  # noqa: S608 - put together from constants; values are parameters
        params,
    ).fetchall()
    return listed_leads(cursor, rows)


def listed_leads(cursor: DuckDBPyConnection, leads: Sequence[tuple[Any, ...]]) -> list[ListedSpan]:
    """Return the spans that traces have their names from, newest first, each with what its trace adds up to.

    `leads` are rows of `traces`: (lead_start_ns, trace_id, lead_span_id, first_received_ns, last_received_ns).
    """
    found = _fetch(cursor, _row_ids(cursor, leads))
    summaries = _summaries(cursor, {span.trace_id for span in found})
    return [ListedSpan(span, summaries[span.trace_id]) for span in found]


def listed_spans(cursor: DuckDBPyConnection, row_ids: Sequence[int]) -> list[ListedSpan]:
    """Return the spans that lie in these rows, newest first."""
    return [ListedSpan(span) for span in _fetch(cursor, row_ids)]


def _leads_behind(before: str | None) -> tuple[str, dict[str, object]]:
    if before is None:
        return "true", {}
    key = key_of(before)
    page = """lead_start_ns <= $before_ns
        AND (lead_start_ns, trace_id, lead_span_id) < ($before_ns, $before_trace_id, $before_span_id)"""
    return page, {"before_ns": key.start_ns, "before_trace_id": key.trace_id, "before_span_id": key.span_id}


def _newest_leads(
    cursor: DuckDBPyConnection, condition: str, params: Sequence[Any], before: str | None, limit: int
) -> tuple[str, list[Any]]:
    """Return a condition that the newest `limit` rows of the list of traces meet, with its parameters.

    It leaves the older row groups of both tables unread: 100 of 600,000 traces are then found as quickly as of 1,000.
    """
    first_ns = key_of(before).start_ns if before is not None else INT64_MAX
    found = cursor.execute(
        f"""
        SELECT lead_start_ns FROM traces WHERE root_count < 2 AND {condition} AND lead_start_ns < ?
        ORDER BY lead_start_ns DESC LIMIT 1 OFFSET ?
        """,  # noqa: S608 - put together from constants; values are parameters
        [*params, first_ns, limit - 1],
    ).fetchone()
    return ("true", []) if found is None else ("start_ns >= ?", [found[0]])


def trace(
    cursor: DuckDBPyConnection, trace_id: str, limit: int | None = None, before: str | None = None
) -> list[ListedSpan]:
    """Return the spans of a trace, all of them unless `limit` says otherwise; none when it is not stored."""
    trace_id = trace_id_of(trace_id)
    received = cursor.execute(
        "SELECT first_received_ns, last_received_ns FROM traces WHERE trace_id = ?", [trace_id]
    ).fetchone()
    if received is None:
        return []
    # Rows lie in the order of arrival, so the times of arrival say which part of the table to look at.
    return _listed(cursor, "trace_id = ? AND received_ns BETWEEN ? AND ?", [trace_id, *received], limit, before)


def span(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> Span | None:
    """Return one span; None when it is not stored."""
    trace_id, span_id = trace_id_of(trace_id), span_id_of(span_id)
    rows = cursor.execute(
        """
        SELECT s.rowid FROM spans s, traces t
        WHERE t.trace_id = ? AND s.trace_id = ? AND s.span_id = ?
          AND s.received_ns BETWEEN t.first_received_ns AND t.last_received_ns
        """,
        [trace_id, trace_id, span_id],
    ).fetchall()
    found = _fetch(cursor, [row_id for (row_id,) in rows])
    return found[0] if found else None


def _listed(
    cursor: DuckDBPyConnection, condition: str, params: Sequence[Any], limit: int | None, before: str | None
) -> list[ListedSpan]:
    page, page_params = page_of(before)
    query = f"SELECT rowid FROM spans WHERE {condition} AND {page}"  # noqa: S608 - constants; values are parameters
    values = [*params, *page_params]
    if limit is not None:
        query += f" ORDER BY {_ORDER} LIMIT ?"
        values.append(checked_limit(limit))
    rows = cursor.execute(query, values).fetchall()
    return listed_spans(cursor, [row_id for (row_id,) in rows])


def _row_ids(cursor: DuckDBPyConnection, chosen: Sequence[tuple[Any, ...]]) -> list[int]:
    """Return where spans lie, each given as (start, trace id, span id, received from, received to).

    Rows lie in the order of arrival, so the times of arrival say which part of the table to look at.
    """
    if not chosen:
        return []
    starts, traces, spans, firsts, lasts = zip(*chosen, strict=True)
    rows = cursor.execute(
        """
        SELECT rowid FROM spans
        JOIN (SELECT unnest(?::BIGINT[]) AS start_ns, unnest(?::VARCHAR[]) AS trace_id, unnest(?::VARCHAR[]) AS span_id)
        USING (start_ns, trace_id, span_id)
        WHERE received_ns BETWEEN ? AND ?
        """,
        [starts, traces, spans, min(firsts), max(lasts)],
    ).fetchall()
    return [row_id for (row_id,) in rows]


def _fetch(cursor: DuckDBPyConnection, row_ids: Sequence[int]) -> list[Span]:
    """Return whole spans, newest first. Finding rows first and reading wide columns for them alone is what is quick."""
    if not row_ids:
        return []
    rows = cursor.execute(
        f"SELECT {', '.join(SPAN_COLUMNS)} FROM spans WHERE rowid IN (SELECT unnest(?)) ORDER BY {_ORDER}",  # noqa: S608 - our own names
        [list(row_ids)],
    ).fetchall()
    resources = {
        row[0]: Resource(*row)
        for row in _by_id(cursor, "resources", RESOURCE_COLUMNS, {row[_RESOURCE] for row in rows})
    }
    scopes = {row[0]: Scope(*row) for row in _by_id(cursor, "scopes", SCOPE_COLUMNS, {row[_SCOPE] for row in rows})}
    return [
        Span(resource=resources[row[_RESOURCE]], scope=scopes[row[_SCOPE]], **dict(zip(SPAN_COLUMNS, row, strict=True)))
        for row in rows
    ]


_RESOURCE = SPAN_COLUMNS.index("resource_id")
_SCOPE = SPAN_COLUMNS.index("scope_id")


def _summaries(cursor: DuckDBPyConnection, trace_ids: set[str]) -> dict[str, TraceSummary]:
    return {row[0]: TraceSummary(*row) for row in _by_id(cursor, "traces", TRACE_COLUMNS, trace_ids)}


def _by_id(cursor: DuckDBPyConnection, table: str, columns: Sequence[str], ids: set[str]) -> list[tuple[Any, ...]]:
    """Return the rows whose first column is one of `ids`."""
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {columns[0]} IN (SELECT unnest(?))"  # noqa: S608 - our own names
    return cursor.execute(query, [list(ids)]).fetchall()


def _trace_json(summary: TraceSummary) -> dict[str, object]:
    """What lists show of a trace; 64-bit times as decimal strings."""
    return {
        "trace_id": summary.trace_id,
        "root_span_id": summary.root_span_id,
        "root_count": summary.root_count,
        "start_time_unix_nano": str(summary.start_ns),
        "end_time_unix_nano": str(summary.end_ns),
        "duration_ns": summary.duration_ns,
        "span_count": summary.span_count,
        "error_count": summary.error_count,
        "llm_count": summary.llm_count,
        "workflow_count": summary.workflow_count,
        "input_tokens": summary.input_tokens,
        "output_tokens": summary.output_tokens,
        "dropped_count": summary.dropped_count,
        "replaced_count": summary.replaced_count,
    }
