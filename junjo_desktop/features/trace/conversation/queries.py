"""What the lens Conversation reads: the calls of models and tools of a trace, whole, some at a time."""

from __future__ import annotations

from collections.abc import Iterator

from duckdb import DuckDBPyConnection

from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.store.trace_logs import log_count, read_trace_logs
from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span

MOST_CALLS = 2_000
"""Calls of models and tools that are read of one trace."""
_AT_ONCE = 64
_TYPES = ("llm", "embedding", "rerank", "tool")
_OF_TRACE = "trace_id = $trace_id AND received_ns BETWEEN $first_received_ns AND $last_received_ns"


def calling_spans(cursor: DuckDBPyConnection, head: TraceHead) -> tuple[list[str], int]:
    """Return the ids of the first `MOST_CALLS` spans that call a model or a tool, by start, and how many there are."""
    found = cursor.execute(
        f"""
        SELECT span_id FROM spans WHERE {_OF_TRACE} AND span_type IN (SELECT unnest($types)) ORDER BY start_ns, span_id
        """,  # noqa: S608 - only constants of this module
        {**_of_trace(head), "types": list(_TYPES)},
    ).fetchall()
    return [span_id for (span_id,) in found[:MOST_CALLS]], len(found)


def whole_spans(
    cursor: DuckDBPyConnection, head: TraceHead, span_ids: list[str]
) -> Iterator[tuple[Span, tuple[LogRecord, ...]]]:
    """Yield spans whole, in the order given, each with its log records; those that are gone are left out."""
    has_logs = log_count(cursor, head.trace_id) > 0
    columns = (
        *(f"s.{column}" for column in SPAN_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
    for first in range(0, len(span_ids), _AT_ONCE):
        wanted = span_ids[first : first + _AT_ONCE]
        rows = cursor.execute(
            f"""
            SELECT {", ".join(columns)}
            FROM (SELECT * FROM spans WHERE {_OF_TRACE} AND span_id IN (SELECT unnest($span_ids))) s
            JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
            """,  # noqa: S608 - column names of the schema
            {**_of_trace(head), "span_ids": wanted},
        ).fetchall()
        by_id = {span.span_id: span for span in map(Span.from_row, rows)}
        logs = read_trace_logs(cursor, head.trace_id, wanted) if has_logs else ()
        for span_id in wanted:
            if span_id in by_id:
                yield by_id[span_id], tuple(log for log in logs if log.span_id == span_id)


def _of_trace(head: TraceHead) -> dict[str, object]:
    return {
        "trace_id": head.trace_id,
        "first_received_ns": head.first_received_ns,
        "last_received_ns": head.last_received_ns,
    }
