"""Summaries of stored traces, computed by DuckDB: the same as `summaries.summarize` over their spans."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from junjo_desktop.store.arriving import ARRIVING
from junjo_desktop.store.summaries import LLM_TYPE, TOKEN_TYPES, TRACE_COLUMNS, WORKFLOW_TYPES, TraceSummary
from junjo_desktop.telemetry.columns import INT64_MAX, INT64_MIN


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def _told(moment: str) -> str:
    return f"({moment} > 0 AND {moment} < {INT64_MAX})"


def _storable(sum_: str) -> str:
    # Tokens that are wrong may add up to more than a column can hold.
    limit = f"CASE WHEN {sum_} > 0 THEN {INT64_MAX} WHEN {sum_} < 0 THEN {INT64_MIN} END"
    return f"coalesce(try_cast({sum_} AS BIGINT), {limit})"


# `arg_min` over a row takes the columns from left to right, as tuples in Python are compared.
_LEAD = f"""arg_min(
    {{'is_root': parent_span_id IS NULL, 'id': span_id, 'name': name, 'service': service_name, 'type': span_type,
     'start': start_ns, 'status': status_code}},
    (parent_span_id IS NOT NULL, NOT {_told("start_ns")}, start_ns, span_id)
)"""


def summary_query(where: str, source: str = "spans") -> str:
    """Return a query for a row as those of `traces` for each trace with spans in `source` that meet the condition.

    How often spans were received again is not stored with them, so that count is 0.
    """
    return f"""
WITH added AS (
    SELECT
        trace_id,
        {_LEAD} AS lead,
        count(*) FILTER (parent_span_id IS NULL) AS root_count,
        coalesce(min(start_ns) FILTER ({_told("start_ns")}), 0) AS first_ns,
        coalesce(max(end_ns) FILTER ({_told("end_ns")}), 0) AS last_ns,
        count(*) AS span_count,
        count(*) FILTER (is_error) AS error_count,
        count(*) FILTER (span_type = '{LLM_TYPE}') AS llm_count,
        count(*) FILTER (junjo_span_type IN ({_quoted(WORKFLOW_TYPES)})) AS workflow_count,
        {_storable(f"sum(input_tokens) FILTER (span_type IN ({_quoted(TOKEN_TYPES)}))")} AS input_tokens,
        {_storable(f"sum(output_tokens) FILTER (span_type IN ({_quoted(TOKEN_TYPES)}))")} AS output_tokens,
        sum(dropped_attributes_count::BIGINT + dropped_events_count + dropped_links_count) AS dropped_count,
        min(received_ns) AS first_received_ns,
        max(received_ns) AS last_received_ns
    FROM {source}
    WHERE {where}
    GROUP BY trace_id
)
SELECT
    trace_id, CASE WHEN lead.is_root THEN lead.id END, root_count, lead.name, lead.service, lead.type,
    first_ns, last_ns, CASE WHEN first_ns > 0 AND last_ns > 0 THEN last_ns - first_ns ELSE 0 END,
    lead.start, lead.id, lead.status,
    span_count, error_count, llm_count, workflow_count, input_tokens, output_tokens, dropped_count,
    0, first_received_ns, last_received_ns
FROM added
"""  # noqa: S608 - names and types are our own constants, and so are conditions


_ARRIVING = summary_query("trace_id IN (SELECT unnest(?::VARCHAR[]))", ARRIVING)
_SUMMARIES = summary_query("received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?::VARCHAR[]))")


def summaries_of_stored(
    cursor: duckdb.DuckDBPyConnection, trace_ids: Collection[str], first_ns: int, last_ns: int
) -> list[TraceSummary]:
    """Return a summary for each of the traces that has stored spans; all were received within the given times.

    How often spans were received again is not stored with them, so that count is 0.
    """
    return _read(cursor, _SUMMARIES, [first_ns, last_ns, list(trace_ids)])


def summaries_of_arriving(cursor: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> list[TraceSummary]:
    """Return a summary for each of the traces that has spans in `ARRIVING`, of those alone."""
    return _read(cursor, _ARRIVING, [list(trace_ids)])


def _read(cursor: duckdb.DuckDBPyConnection, query: str, params: list[object]) -> list[TraceSummary]:
    rows = cursor.execute(query, params).fetchall()
    return [TraceSummary(**dict(zip(TRACE_COLUMNS, row, strict=True))) for row in rows]
