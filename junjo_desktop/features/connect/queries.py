"""What the Connect page asks the store: has the test span come through?"""

from __future__ import annotations

from duckdb import DuckDBPyConnection


def is_span_stored(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> bool:
    """Return whether the span is in the store."""
    found = cursor.execute("SELECT 1 FROM spans WHERE trace_id = ? AND span_id = ? LIMIT 1", [trace_id, span_id])
    return found.fetchone() is not None


def is_trace_listed(cursor: DuckDBPyConnection, trace_id: str) -> bool:
    """Return whether the trace is among those the Traces page lists."""
    return cursor.execute("SELECT 1 FROM traces WHERE trace_id = ?", [trace_id]).fetchone() is not None
