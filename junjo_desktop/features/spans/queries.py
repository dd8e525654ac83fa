"""The SQL of the list of spans: what is asked, rows, totals, and one span whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.spans.filters import Sort, SortBy, SpanFilter
from junjo_desktop.features.spans.listings import MESSAGE_CHARACTERS, SpanCost, SpanRow, Totals
from junjo_desktop.store.call_costs import kept_cost
from junjo_desktop.store.facets import FacetColumn, Facets, count_values
from junjo_desktop.store.numbered_rows import SPANS, RowNumbers, RowsAsked, found_again
from junjo_desktop.store.row_query import RowQuery, all_of
from junjo_desktop.store.span_durations import DurationRank, SpanDurations, duration_rank, span_durations
from junjo_desktop.store.trace_logs import read_span_logs
from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.inspector.detail import SpanDetail, linked_traces
from junjo_desktop.widgets.inspector.detail import span_detail as make_detail
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT, Scatter, ScatterPoint

_TOLD = "start_ns > 0 AND end_ns > 0"
_DURATION = f"if({_TOLD}, duration_ns, NULL)"

_SORT_KEYS = {
    SortBy.STARTED: "start_ns",
    SortBy.NAME: "lower(name)",
    SortBy.TYPE: "span_type",
    SortBy.SERVICE: "lower(service_name)",
    SortBy.DURATION: _DURATION,
    SortBy.STATUS: "is_error",
    SortBy.MODEL: "lower(llm_model)",
    SortBy.TOKENS: "coalesce(input_tokens + output_tokens, input_tokens, output_tokens)",
    SortBy.TRACE_ID: "trace_id",
    SortBy.SPAN_ID: "span_id",
    SortBy.EVENTS: "event_count",
    SortBy.RECEIVED: "received_ns",
}
_MAY_LACK = frozenset({SortBy.DURATION, SortBy.MODEL, SortBy.TOKENS})

_FACETS = (
    FacetColumn("service", "Service", "service_name"),
    FacetColumn("name", "Name", "name"),
    FacetColumn("type", "Type", "span_type"),
    FacetColumn("error", "Failed", "is_error"),
    FacetColumn("model", "Model", "llm_model"),
    FacetColumn("provider", "Provider", "llm_provider"),
)


def span_count(cursor: DuckDBPyConnection) -> int:
    """Return how many spans are stored; it reads no row."""
    [(count,)] = cursor.execute("SELECT count(*) FROM spans").fetchall()
    return int(count)


def query(chosen: SpanFilter, sort: Sort, now_ns: int) -> RowQuery:
    """Return what is asked: the spans that pass `chosen`."""
    return RowQuery(SPANS, Subject.SPANS, _order(sort), chosen.text, now_ns, *_filters(chosen, now_ns))


def _filters(chosen: SpanFilter, now_ns: int) -> tuple[str, dict[str, Any]]:
    """Return the condition that all parts of the filter make but for the query."""
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    candidates: tuple[tuple[str, Any, str], ...] = (
        ("service", chosen.service, "service_name = $service"),
        ("name", chosen.name, "name = $name"),
        ("span_type", chosen.span_type, "span_type = $span_type"),
        ("failed", chosen.failed, "is_error = $failed"),
        ("since_ns", since_ns, "start_ns >= $since_ns"),
        ("until_ns", until_ns, "start_ns <= $until_ns"),
        # What told no start or no end took nobody knows how long.
        ("min_duration_ns", chosen.min_duration_ns, f"duration_ns >= $min_duration_ns AND {_TOLD}"),
        ("max_duration_ns", chosen.max_duration_ns, f"duration_ns <= $max_duration_ns AND {_TOLD}"),
    )
    return all_of(candidates)


def facet_counts(cursor: DuckDBPyConnection, chosen: SpanFilter, now_ns: int) -> Facets:
    """Count the spans that pass `chosen`. Raises `QueryError`."""
    return count_values(cursor, "spans", _FACETS, *query(chosen, Sort(), now_ns).condition(cursor), failed="is_error")


def rows(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> dict[str, SpanRow]:
    """Return rows by id, in this order; what is no longer stored is left out."""
    if not numbers:
        return {}
    found = cursor.execute(
        f"""
        SELECT rowid, trace_id, span_id, parent_span_id, service_name, name, span_type, start_ns, {_DURATION},
            status_code, left(status_message, {MESSAGE_CHARACTERS}), is_error, llm_provider, llm_model,
            input_tokens, output_tokens, event_count, received_ns
        FROM spans WHERE rowid IN (SELECT unnest($numbers::BIGINT[]))
        """,  # noqa: S608 - only constants of this module
        {"numbers": list(numbers)},
    ).fetchall()
    costs = _costs(cursor, [row for row in found if row[6] in MODEL_CALLS])
    by_number = {row[0]: SpanRow(*(*row, costs.get((row[1], row[2])))) for row in found}
    return {str(number): by_number[number] for number in numbers if number in by_number}


def _costs(cursor: DuckDBPyConnection, calling: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], SpanCost]:
    if not calling:
        return {}
    found = cursor.execute(
        """
        SELECT trace_id, span_id, cost, cost_origin, is_counted FROM calls
        WHERE trace_id IN (SELECT unnest($traces::VARCHAR[])) AND span_id IN (SELECT unnest($spans::VARCHAR[]))
        """,
        {"traces": list({row[1] for row in calling}), "spans": [row[2] for row in calling]},
    ).fetchall()
    return {(trace_id, span_id): SpanCost(*told) for trace_id, span_id, *told in found}


def totals(cursor: DuckDBPyConnection, listed: RowsAsked, ids: RowNumbers) -> Totals:
    """Return the services and types of all spans, and the scatter of those that are listed."""
    services = cursor.execute(
        "SELECT service_name, span_count FROM services WHERE span_count > 0 ORDER BY lower(service_name)"
    ).fetchall()
    types = cursor.execute("SELECT span_type, count(*) FROM spans GROUP BY span_type ORDER BY span_type").fetchall()
    return Totals(dict(services), dict(types), _scatter(cursor, found_again(listed, ids), len(ids)))


def durations(cursor: DuckDBPyConnection, chosen: SpanFilter, now_ns: int) -> SpanDurations:
    """Return how long the spans take that pass `chosen`, however long they take."""
    return span_durations(cursor, *_of_any_duration(chosen, now_ns).condition(cursor))


def rank(cursor: DuckDBPyConnection, chosen: SpanFilter, duration_ns: int, now_ns: int) -> DurationRank:
    """Return where a duration stands among those of the spans that pass `chosen`, however long they take."""
    return duration_rank(cursor, *_of_any_duration(chosen, now_ns).condition(cursor), duration_ns)


def span_row(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> SpanRow | None:
    """Return one span as a row; None when it is not stored."""
    found = cursor.execute(
        """
        SELECT s.rowid FROM spans s, traces t
        WHERE t.trace_id = $trace_id AND s.trace_id = $trace_id AND s.span_id = $span_id
          AND s.received_ns BETWEEN t.first_received_ns AND t.last_received_ns
        """,
        {"trace_id": trace_id, "span_id": span_id},
    ).fetchone()
    return None if found is None else rows(cursor, [found[0]]).get(str(found[0]))


def span_detail(cursor: DuckDBPyConnection, row: SpanRow) -> tuple[SpanDetail, int] | None:
    """Return a span whole, and when its trace began; None when it is no longer stored."""
    columns = (
        *(f"s.{column}" for column in SPAN_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
    found = cursor.execute(
        f"""
        SELECT {", ".join(columns)} FROM (
            SELECT * FROM spans WHERE rowid = $number AND trace_id = $trace_id AND span_id = $span_id
        ) s JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
        """,  # noqa: S608 - column names of the schema
        {"number": row.number, "trace_id": row.trace_id, "span_id": row.span_id},
    ).fetchone()
    if found is None:
        return None
    span = Span.from_row(found)
    began = cursor.execute("SELECT start_ns FROM traces WHERE trace_id = $id", {"id": row.trace_id}).fetchone()
    linked = linked_traces(span)
    stored = cursor.execute("SELECT trace_id FROM traces WHERE trace_id IN (SELECT unnest($ids))", {"ids": linked})
    known = frozenset(trace_id for (trace_id,) in (stored.fetchall() if linked else ()))
    logs = read_span_logs(cursor, row.trace_id, row.span_id)
    cost = kept_cost(cursor, span)
    return make_detail(span, known, *logs, cost), span.start_ns if began is None else began[0]


def _of_any_duration(chosen: SpanFilter, now_ns: int) -> RowQuery:
    return query(replace(chosen, min_duration_ns=None, max_duration_ns=None), Sort(), now_ns)


def _scatter(cursor: DuckDBPyConnection, listed: RowsAsked, total: int) -> Scatter:
    if not total:
        return Scatter()
    told = f"({listed.where}) AND {_TOLD}"
    sample = cursor.execute(
        f"""
        SELECT rowid, name, start_ns, greatest(duration_ns, 0), if(is_error, 'failed', 'done') FROM spans
        WHERE rowid IN (SELECT rowid FROM spans WHERE {told} ORDER BY hash(rowid) LIMIT {SAMPLE_LIMIT})
        """,  # noqa: S608 - constants; values are parameters
        dict(listed.parameters),
    ).fetchall()
    figures = f"""
        SELECT min(start_ns), max(start_ns), max(duration_ns), quantile_disc(duration_ns, [0.5, 0.95])
        FROM spans WHERE {told}
    """  # noqa: S608 - constants; values are parameters
    [(first_ns, last_ns, max_ns, quantiles)] = cursor.execute(figures, dict(listed.parameters)).fetchall()
    p50_ns, p95_ns = quantiles or (0, 0)
    return Scatter(
        points=tuple(ScatterPoint(str(number), *point) for number, *point in sample),
        total=total,
        first_start_ns=first_ns or 0,
        last_start_ns=last_ns or 0,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        max_ns=max_ns or 0,
    )


def _order(sort: Sort) -> str:
    direction = "DESC" if sort.descending else "ASC"
    # What was not told comes last, whichever way.
    last = " NULLS LAST" if sort.by in _MAY_LACK else ""
    first = f"{_SORT_KEYS[sort.by]} {direction}{last}"
    if sort.by in (SortBy.STARTED, SortBy.RECEIVED):
        return f"{first}, rowid {direction}"
    return f"{first}, start_ns DESC, rowid DESC"
