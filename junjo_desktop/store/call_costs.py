"""What calls of models cost, as it was computed when they were read: one, and those of traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from junjo_desktop.store.own_prices import own_prices_of
from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.span import Span

_KEPT = """
SELECT cost, cost_origin, priced_as, table_version, is_counted FROM calls WHERE trace_id = ? AND span_id = ?
"""
_SUMS = """
SELECT trace_id, call_count, without_usage, unpriced, 0, input_tokens, output_tokens, cost FROM call_traces
WHERE trace_id IN (SELECT unnest($ids::VARCHAR[]))
"""
_LOCAL = """
SELECT trace_id, count(*) FROM calls
WHERE trace_id IN (SELECT unnest($ids::VARCHAR[])) AND is_counted AND cost_origin = 'local' GROUP BY trace_id
"""
COST_OF_TRACE = "(SELECT max(c.cost) FROM call_traces c WHERE c.trace_id = traces.trace_id)"
"""For a query on `traces`."""


def kept_cost(cursor: duckdb.DuckDBPyConnection, span: Span) -> KeptCost | None:
    """Return the cost of a call; None where the span tells of none, or is not read yet."""
    if span.span_type not in MODEL_CALLS:
        return None
    found = cursor.execute(_KEPT, [span.trace_id, span.span_id]).fetchone()
    if found is None:
        return None
    own = {model: price.prices for model, price in own_prices_of(cursor).items()}
    return replace(KeptCost(*found), own_prices=own)


def call_sums(cursor: duckdb.DuckDBPyConnection, trace_ids: Sequence[str]) -> dict[str, CallSums]:
    """Return what the calls of traces add up to, by trace; one whose calls are not read yet is left out."""
    found = cursor.execute(_SUMS, {"ids": list(trace_ids)}).fetchall()
    sums = {trace_id: CallSums(*row) for trace_id, *row in found}
    # Only what costs nothing may have been answered on this computer as a whole.
    free = [trace_id for trace_id, one in sums.items() if one.call_count and not one.cost]
    local = cursor.execute(_LOCAL, {"ids": free}).fetchall() if free else []
    return sums | {trace_id: replace(sums[trace_id], local=count) for trace_id, count in local}


def trace_sums(cursor: duckdb.DuckDBPyConnection, trace_id: str) -> CallSums | None:
    """Return what the calls of a trace add up to; None where they are not read yet."""
    return call_sums(cursor, [trace_id]).get(trace_id)
