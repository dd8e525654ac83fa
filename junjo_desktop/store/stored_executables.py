"""What the stored Junjo spans of traces tell of runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import duckdb

from junjo_desktop.store.batch import SpanKey
from junjo_desktop.store.execution import Execution, merge_open, open_twins
from junjo_desktop.store.execution_facts import (
    FACT_COLUMNS,
    OWNER_TYPES,
    TOP_TYPES,
    JunjoSpan,
    execution_of,
    open_execution_of,
    service_version_in,
)
from junjo_desktop.store.summaries import TraceSummary

IS_JUNJO = "(junjo_runtime_id IS NOT NULL OR junjo_span_type IS NOT NULL)"

_ROWS_AT_ONCE = 256
_OWNERS = ", ".join(f"'{name}'" for name in sorted(OWNER_TYPES))
_EVENTS_OF_OWNER = f"CASE WHEN junjo_span_type IN ({_OWNERS}) THEN events ELSE '[]' END"
_FACTS = ", ".join(_EVENTS_OF_OWNER if name == "events" else f"spans.{name}" for name in FACT_COLUMNS)
_OF_TRACES = f"""
SELECT trace_id, span_id, parent_span_id, junjo_span_type FROM spans
WHERE received_ns BETWEEN ? AND ? AND {IS_JUNJO} AND trace_id IN (SELECT unnest(?::VARCHAR[]))
"""  # noqa: S608 - our own names
_READ = f"""
SELECT {_FACTS}, resources.attributes FROM spans LEFT JOIN resources USING (resource_id)
WHERE received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?::VARCHAR[]))
  AND span_id IN (SELECT unnest(?::VARCHAR[]))
"""  # noqa: S608 - our own names
_FIND = f"""
SELECT trace_id, span_id FROM spans
WHERE received_ns BETWEEN ? AND ? AND {IS_JUNJO}
  AND trace_id IN (SELECT unnest(?::VARCHAR[])) AND span_id IN (SELECT unnest(?::VARCHAR[]))
"""  # noqa: S608 - our own names


def executions_of_stored(
    cursor: duckdb.DuckDBPyConnection, trace_ids: Collection[str], first_ns: int, last_ns: int
) -> list[Execution]:
    """Return the runs of these traces, whose spans were all received within the given times."""
    # Finding them first and reading wide columns of those alone that matter is what is quick.
    rows = cursor.execute(_OF_TRACES, [first_ns, last_ns, list(trace_ids)]).fetchall()
    keys = {(trace_id, span_id) for trace_id, span_id, _, _ in rows}
    orphans = {
        (trace_id, span_id)
        for trace_id, span_id, parent_id, type_ in rows
        if parent_id is not None and type_ not in TOP_TYPES and (trace_id, parent_id) not in keys
    }
    told = orphans.union((trace_id, span_id) for trace_id, span_id, _, type_ in rows if type_ in OWNER_TYPES)
    traces: dict[str, dict[str, Execution]] = {}
    for span in _read(cursor, told, first_ns, last_ns):
        runs = traces.setdefault(span.trace_id, {})
        if span.junjo_span_type in OWNER_TYPES:
            runs[span.span_id] = execution_of(span)
        one = open_execution_of(span) if (span.trace_id, span.span_id) in orphans else None
        if one is not None:
            before = runs.get(one.owner_span_id)
            runs[one.owner_span_id] = one if before is None else merge_open(before, one)
    return [run for runs in traces.values() for run in _without_twins(runs.values())]


def stored_junjo_spans(
    cursor: duckdb.DuckDBPyConnection, keys: Collection[SpanKey], existing: Mapping[str, TraceSummary]
) -> set[SpanKey]:
    """Return which of `keys` are stored Junjo spans; `existing` has the traces of all of them."""
    traces = {trace_id for trace_id, _ in keys}
    first_ns = min(existing[trace_id].first_received_ns for trace_id in traces)
    last_ns = max(existing[trace_id].last_received_ns for trace_id in traces)
    params = [first_ns, last_ns, list(traces), list({span_id for _, span_id in keys})]
    return set(cursor.execute(_FIND, params).fetchall()).intersection(keys)


def _read(
    cursor: duckdb.DuckDBPyConnection, keys: Collection[SpanKey], first_ns: int, last_ns: int
) -> Iterator[JunjoSpan]:
    # By key and not by the number of the row: DuckDB may crash on these where the transaction added rows itself.
    if not keys:
        return
    trace_ids, span_ids = ({key[at] for key in keys} for at in (0, 1))
    cursor.execute(_READ, [first_ns, last_ns, list(trace_ids), list(span_ids)])
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for *facts, resource in rows:
            if tuple(facts[:2]) in keys:
                yield JunjoSpan._make((*facts, service_version_in(resource)))


def _without_twins(runs: Collection[Execution]) -> Iterable[Execution]:
    twins = {run.owner_span_id for run in open_twins(runs)}
    return (run for run in runs if run.owner_span_id not in twins)
