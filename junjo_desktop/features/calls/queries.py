"""The SQL of the list of calls: what is asked, rows, totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.calls.filters import CallFilter, Sort, SortBy
from junjo_desktop.features.calls.listings import CallRow, Sums, Totals
from junjo_desktop.store.call_costs import kept_cost
from junjo_desktop.store.facets import FacetColumn, Facets, count_values
from junjo_desktop.store.lookup import span as stored_span
from junjo_desktop.store.numbered_rows import CALLS, RowNumbers, RowsAsked, found_again
from junjo_desktop.store.query_calls import MODEL
from junjo_desktop.store.row_query import RowQuery, all_of
from junjo_desktop.store.trace_logs import read_span_logs
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.inspector.reading import SpanReading, read_span
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT, Scatter, ScatterPoint

_TOLD = "start_ns > 0 AND start_ns + duration_ns > 0"
_DURATION = f"if({_TOLD}, duration_ns, NULL)"
_NEWEST_CALLS = 20_000
"""How many calls a first, quick look of a query reads in another order than newest first."""
_OFFERED = 60

_SORT_KEYS = {
    SortBy.STARTED: "start_ns",
    SortBy.MODEL: f"lower({MODEL})",
    SortBy.PROVIDER: "lower(provider)",
    SortBy.OPERATION: "operation",
    SortBy.SERVICE: "lower(service_name)",
    SortBy.PLACE: "nullif(lower(concat_ws(' / ', workflow_name, node_name)), '')",
    SortBy.DURATION: _DURATION,
    SortBy.TTFT: "time_to_first_token_ns",
    SortBy.INPUT: "input_tokens",
    SortBy.OUTPUT: "output_tokens",
    SortBy.COST: "if(is_counted, cost, NULL)",
    SortBy.FINISH: "finish_reason",
    SortBy.STATUS: "is_error",
    SortBy.FIRST_WORDS: "nullif(lower(first_words), '')",
    SortBy.CONVERSATION: "conversation_id",
    SortBy.AGENT: "lower(agent_name)",
    SortBy.USER: "user_id",
    SortBy.TEMPERATURE: "temperature",
    SortBy.REASONING_EFFORT: "reasoning_effort",
    SortBy.TRACE_ID: "trace_id",
    SortBy.SPAN_ID: "span_id",
}
_FACETS = (
    FacetColumn("model", "Model", MODEL),
    FacetColumn("provider", "Provider", "provider"),
    FacetColumn("service", "Service", "service_name"),
    FacetColumn("workflow", "Workflow", "workflow_name"),
    FacetColumn("node", "Node", "node_name"),
    FacetColumn("finish", "Finish reason", "finish_reason"),
    FacetColumn("operation", "Operation", "operation"),
    FacetColumn("error_type", "Error type", "error_type"),
)
_SUMS = f"""
    count(*), count(*) FILTER (NOT is_counted), count(*) FILTER (is_counted AND is_error),
    count(*) FILTER (is_counted AND input_tokens IS NULL AND output_tokens IS NULL),
    count(*) FILTER (is_counted AND cost IS NULL),
    sum(input_tokens) FILTER (is_counted)::BIGINT, sum(output_tokens) FILTER (is_counted)::BIGINT,
    sum(cache_read_tokens) FILTER (is_counted)::BIGINT, sum(cache_write_tokens) FILTER (is_counted)::BIGINT,
    sum(reasoning_tokens) FILTER (is_counted)::BIGINT, sum(cost) FILTER (is_counted),
    quantile_disc(if(is_counted, {_DURATION}, NULL), [0.5, 0.95]),
    quantile_disc(if(is_counted, time_to_first_token_ns, NULL), 0.5)
"""


def call_count(cursor: DuckDBPyConnection) -> int:
    """Return how many calls are known; it reads no row."""
    [(count,)] = cursor.execute("SELECT count(*) FROM calls").fetchall()
    return int(count)


def query(chosen: CallFilter, sort: Sort, now_ns: int) -> RowQuery:
    """Return what is asked: the calls that pass `chosen`."""
    where, parameters = _filters(chosen, now_ns)
    return RowQuery(
        CALLS, Subject.CALLS, _order(sort), chosen.text, now_ns, where, parameters, quickly_read=_NEWEST_CALLS
    )


def _filters(chosen: CallFilter, now_ns: int) -> tuple[str, dict[str, Any]]:
    """Return the condition that all parts of the filter make but for the query."""
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    candidates: tuple[tuple[str, Any, str], ...] = (
        ("service", chosen.service, "service_name = $service"),
        ("model", chosen.model, f"{MODEL} = $model"),
        ("provider", chosen.provider, "provider = $provider"),
        ("failed", chosen.failed, "is_error = $failed"),
        ("counted", chosen.only_counted or None, "is_counted = $counted"),
        ("since_ns", since_ns, "start_ns >= $since_ns"),
        ("until_ns", until_ns, "start_ns <= $until_ns"),
        # What told no start or no end took nobody knows how long.
        ("min_duration_ns", chosen.min_duration_ns, f"duration_ns >= $min_duration_ns AND {_TOLD}"),
        ("max_duration_ns", chosen.max_duration_ns, f"duration_ns <= $max_duration_ns AND {_TOLD}"),
    )
    return all_of(candidates)


def facet_counts(cursor: DuckDBPyConnection, chosen: CallFilter, now_ns: int) -> Facets:
    """Count the calls that pass `chosen`. Raises `QueryError`."""
    return count_values(cursor, "calls", _FACETS, *query(chosen, Sort(), now_ns).condition(cursor), failed="is_error")


def rows(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> dict[str, CallRow]:
    """Return rows by id, in this order; what is no longer known is left out."""
    if not numbers:
        return {}
    found = cursor.execute(
        f"""
        SELECT rowid, trace_id, span_id, service_name, operation, provider, request_model, response_model,
            conversation_id, user_id, agent_name, workflow_name, node_name, start_ns, {_DURATION},
            time_to_first_token_ns, finish_reason, is_error, error_type, temperature, reasoning_effort,
            input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
            is_counted, cost, cost_origin, priced_as, table_version, first_words
        FROM calls WHERE rowid IN (SELECT unnest($numbers::BIGINT[]))
        """,  # noqa: S608 - only constants of this module
        {"numbers": list(numbers)},
    ).fetchall()
    by_number = {row[0]: CallRow(*row) for row in found}
    return {str(number): by_number[number] for number in numbers if number in by_number}


def totals(cursor: DuckDBPyConnection, listed: RowsAsked, ids: RowNumbers) -> Totals:
    """Return what the filters offer, and what the listed calls add up to."""
    found = found_again(listed, ids)
    return Totals(
        _frequent(cursor, "service_name", "lower(value)"),
        _frequent(cursor, MODEL, "count DESC, value"),
        _frequent(cursor, "provider", "count DESC, value"),
        sums(cursor, found.where, found.parameters),
        _scatter(cursor, found, len(ids)),
    )


def sums(cursor: DuckDBPyConnection, where: str, parameters: Any) -> Sums:
    """Return what calls add up to that meet a condition."""
    [found] = cursor.execute(
        f"SELECT {_SUMS} FROM calls WHERE {where}",  # noqa: S608 - constants; values are parameters
        dict(parameters),
    ).fetchall()
    p50_ns, p95_ns = found[-2] or (None, None)
    return Sums(*(*found[:-2], p50_ns, p95_ns, found[-1]))


def sums_of(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> Sums:
    """Return what these calls add up to."""
    return sums(cursor, "rowid IN (SELECT unnest($numbers::BIGINT[]))", {"numbers": list(numbers)})


def said(cursor: DuckDBPyConnection, row: CallRow) -> SpanReading | None:
    """Return what was asked and answered in a call; None when its span is no longer stored."""
    span = stored_span(cursor, row.trace_id, row.span_id)
    if span is None:
        return None
    return read_span(span, read_span_logs(cursor, row.trace_id, row.span_id)[0], kept_cost(cursor, span))


def _frequent(cursor: DuckDBPyConnection, value: str, order: str) -> dict[str, int]:
    found = cursor.execute(
        f"""
        SELECT value, count FROM (
            SELECT {value} AS value, count(*) AS count FROM calls WHERE {value} IS NOT NULL GROUP BY 1
            ORDER BY count DESC LIMIT {_OFFERED}
        ) ORDER BY {order}
        """  # noqa: S608 - only constants of this module
    ).fetchall()
    return dict(found)


def _scatter(cursor: DuckDBPyConnection, listed: RowsAsked, total: int) -> Scatter:
    if not total:
        return Scatter()
    told = f"({listed.where}) AND {_TOLD}"
    sample = cursor.execute(
        f"""
        SELECT rowid, coalesce({MODEL}, operation), start_ns, greatest(duration_ns, 0), if(is_error, 'failed', 'done')
        FROM calls WHERE rowid IN (SELECT rowid FROM calls WHERE {told} ORDER BY hash(rowid) LIMIT {SAMPLE_LIMIT})
        """,  # noqa: S608 - constants; values are parameters
        dict(listed.parameters),
    ).fetchall()
    figures = f"""
        SELECT min(start_ns), max(start_ns), max(duration_ns), quantile_disc(duration_ns, [0.5, 0.95])
        FROM calls WHERE {told}
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
    first = f"{_SORT_KEYS[sort.by]} {direction}"
    if sort.by is SortBy.STARTED:
        return f"{first}, rowid {direction}"
    return f"{first} NULLS LAST, start_ns DESC, rowid DESC"
