"""Finds the spans of a batch that are stored already, without an index on spans.

A trace's row says when anything of it was received. Rows of `spans` lie in that order on the disk, so the time range
leads DuckDB's zone maps to the few row groups that can hold an earlier version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from junjo_desktop.store.batch import Batch, SpanKey
from junjo_desktop.store.summaries import SUMMARY_COLUMNS, SpanFacts, TraceSummary

_FACTS = ", ".join(SUMMARY_COLUMNS)

_FIND = f"""
SELECT rowid, trace_id, {_FACTS}
FROM spans
WHERE received_ns BETWEEN ? AND ?
  AND trace_id IN (SELECT unnest(?))
  AND span_id IN (SELECT unnest(?))
"""  # noqa: S608 - column names are our own constants

_FACTS_OF_TRACES = f"""
SELECT trace_id, {_FACTS} FROM spans WHERE received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?))
"""  # noqa: S608 - column names are our own constants


@dataclass(frozen=True, slots=True)
class Stored:
    """An earlier version of a span of the batch."""

    row_id: int
    facts: SpanFacts


def find_stored(
    writer: duckdb.DuckDBPyConnection, batch: Batch, existing: Mapping[str, TraceSummary]
) -> dict[SpanKey, Stored]:
    """Return the stored versions of the batch's spans. `existing` has every trace of the batch that is stored."""
    if not existing:
        return {}
    keys = [key for key in batch.spans if key[0] in existing]
    rows = writer.execute(
        _FIND,
        [
            min(summary.first_received_ns for summary in existing.values()),
            max(summary.last_received_ns for summary in existing.values()),
            list(existing),
            list({span_id for _, span_id in keys}),
        ],
    ).fetchall()
    found = {(row[1], row[2]): Stored(row[0], SpanFacts._make(row[2:])) for row in rows}
    return {key: found[key] for key in keys if key in found}


def remove_stored(writer: duckdb.DuckDBPyConnection, stored: Collection[Stored]) -> None:
    """Delete versions that `find_stored` has found in the same transaction."""
    if stored:
        writer.execute("DELETE FROM spans WHERE rowid IN (SELECT unnest(?))", [[span.row_id for span in stored]])


def stored_facts(
    writer: duckdb.DuckDBPyConnection, traces: Collection[str], first_ns: int, last_ns: int
) -> dict[str, list[SpanFacts]]:
    """Return what summaries need of all stored spans of `traces`, which were received within the given times."""
    facts: dict[str, list[SpanFacts]] = {trace_id: [] for trace_id in traces}
    if traces:
        for row in writer.execute(_FACTS_OF_TRACES, [first_ns, last_ns, list(traces)]).fetchall():
            facts[row[0]].append(SpanFacts._make(row[1:]))
    return facts
