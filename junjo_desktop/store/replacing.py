"""Finds the spans of a batch that are stored already, without an index on spans.

A trace's row says when anything of it was received. Rows of `spans` lie in that order on the disk, so the time range
leads DuckDB's zone maps to the few row groups that can hold an earlier version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from junjo_desktop.store.batch import SpanKey
from junjo_desktop.store.summaries import TraceSummary

_FIND = """
SELECT rowid, trace_id, span_id, service_name, is_error, junjo_runtime_id IS NOT NULL OR junjo_span_type IS NOT NULL
FROM spans
WHERE received_ns BETWEEN ? AND ?
  AND trace_id IN (SELECT unnest(?::VARCHAR[]))
  AND span_id IN (SELECT unnest(?::VARCHAR[]))
"""
_DELETE = "DELETE FROM spans WHERE rowid IN (SELECT unnest(?::BIGINT[]))"


class Replaced(NamedTuple):
    """An earlier version of a span that arrives."""

    row_id: int
    trace_id: str
    span_id: str
    service_name: str
    is_error: bool
    is_junjo: bool


def remove_earlier_versions(
    writer: duckdb.DuckDBPyConnection, existing: Mapping[str, TraceSummary], arrived: Iterable[SpanKey]
) -> Sequence[Replaced]:
    """Delete the stored versions of spans that arrived; return them.

    `existing` has every trace of them that is stored.
    """
    if not existing:
        return ()
    keys = {key for key in arrived if key[0] in existing}
    first_ns = min(summary.first_received_ns for summary in existing.values())
    last_ns = max(summary.last_received_ns for summary in existing.values())
    params = [first_ns, last_ns, list(existing), list({span_id for _, span_id in keys})]
    rows = map(Replaced._make, writer.execute(_FIND, params).fetchall())
    found = [span for span in rows if (span.trace_id, span.span_id) in keys]
    if found:
        writer.execute(_DELETE, [[span.row_id for span in found]])
    return found
