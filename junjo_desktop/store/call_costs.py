"""What one call cost, as it was computed when the call was read."""

from __future__ import annotations

import duckdb

from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.span import Span

_KEPT = """
SELECT cost, cost_origin, priced_as, table_version, is_counted FROM calls WHERE trace_id = ? AND span_id = ?
"""


def kept_cost(cursor: duckdb.DuckDBPyConnection, span: Span) -> KeptCost | None:
    """Return the cost of a call; None where the span tells of none, or is not read yet."""
    if span.span_type not in MODEL_CALLS:
        return None
    found = cursor.execute(_KEPT, [span.trace_id, span.span_id]).fetchone()
    return None if found is None else KeptCost(*found)
