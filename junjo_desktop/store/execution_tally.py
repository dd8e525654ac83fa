"""Runs of workflows, subflows and agents: the table `executions`, kept as spans arrive, in any order.

What the table holds of a trace is a function of its stored Junjo spans. Each owner among them is a run. A direct child
whose parent is not among them tells of an open run; what several children tell of one is merged. So a batch is merged
into the rows of its traces; where a Junjo span was replaced by a later version, the trace is read again instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.arrived_executables import ArrivedExecutables
from junjo_desktop.store.batch import SpanKey
from junjo_desktop.store.execution import EXECUTION_COLUMNS, Execution, merge_open, open_twins
from junjo_desktop.store.execution_facts import JunjoSpan, open_execution_of
from junjo_desktop.store.known_traces import FEW
from junjo_desktop.store.replacing import Replaced
from junjo_desktop.store.stored_executables import executions_of_stored, stored_junjo_spans
from junjo_desktop.store.trace_tally import Arrival, received_range

Insert: TypeAlias = Callable[[duckdb.DuckDBPyConnection, str, Sequence[Execution]], None]
"""Inserts rows into a table, quickly also when they are many."""

_DELETE = """
DELETE FROM executions
WHERE (trace_id, owner_span_id) IN (SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]))
"""


@dataclass(slots=True)
class _Trace:
    """The runs of one trace by owner, as they were stored and as they are to be."""

    before: dict[str, Execution] = field(default_factory=dict)
    runs: dict[str, Execution] = field(default_factory=dict)

    def is_ended(self, owner_span_id: str) -> bool:
        """Whether the owner of a run has arrived."""
        run = self.runs.get(owner_span_id)
        return run is not None and not run.is_open


def write_executions(
    writer: duckdb.DuckDBPyConnection,
    arrived: ArrivedExecutables,
    arrival: Arrival,
    replaced: Sequence[Replaced],
    insert: Insert,
) -> None:
    """Write what the spans of a batch, which are stored by now, tell of runs."""
    again = {span.trace_id for span in replaced if span.is_junjo}
    if not arrived.keys and not again:
        return
    again |= arrived.trace_ids & (arrival.replaced.keys() | arrival.resent.keys())
    orphans = [span for span in arrived.orphans() if span.trace_id not in again]
    merged = arrived.trace_ids.intersection(arrival.existing).difference(again)
    merged.update(span.trace_id for span in orphans)
    traces = _stored(writer, arrival.existing.keys() & (merged | again))
    if merged:
        _merge(traces, merged, arrived, _open_runs(writer, traces, orphans, arrival))
    if again:
        found = executions_of_stored(writer, again, *received_range(arrival, again))
        _replace(traces, again, found)
    # Most runs come whole, and their traces are new.
    whole = [run for run in arrived.runs.values() if run.trace_id not in merged and run.trace_id not in again]
    _write(writer, traces, whole, insert)


def remake_executions(
    writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str], first_ns: int, last_ns: int
) -> Collection[str]:
    """Make the rows of these traces what their stored spans tell, which were all received within the given times.

    Returns the traces of which any row was changed.
    """
    traces = _stored(writer, trace_ids)
    _replace(traces, trace_ids, executions_of_stored(writer, trace_ids, first_ns, last_ns))
    return _write(writer, traces, (), append)


def _replace(traces: defaultdict[str, _Trace], trace_ids: Iterable[str], found: Iterable[Execution]) -> None:
    for trace_id in trace_ids:
        traces[trace_id].runs = {}
    for run in found:
        traces[run.trace_id].runs[run.owner_span_id] = run


def _merge(
    traces: defaultdict[str, _Trace],
    trace_ids: Collection[str],
    arrived: ArrivedExecutables,
    told: Iterable[Execution],
) -> None:
    for trace_id in trace_ids & traces.keys():
        runs = traces[trace_id].runs
        for owner in [owner for owner, run in runs.items() if run.is_open and (trace_id, owner) in arrived.keys]:
            del runs[owner]
    for run in arrived.runs.values():
        if run.trace_id in trace_ids:
            traces[run.trace_id].runs[run.owner_span_id] = run
    for run in told:
        runs = traces[run.trace_id].runs
        before = runs.get(run.owner_span_id)
        runs[run.owner_span_id] = run if before is None else merge_open(before, run)
    for trace_id in trace_ids & traces.keys():
        runs = traces[trace_id].runs
        for twin in open_twins(runs.values()):
            del runs[twin.owner_span_id]


def _open_runs(
    writer: duckdb.DuckDBPyConnection,
    traces: Mapping[str, _Trace],
    orphans: Iterable[JunjoSpan],
    arrival: Arrival,
) -> list[Execution]:
    """Return what arrived children tell of runs whose owner is not stored."""
    told = [
        open_execution_of(span)
        for span in orphans
        if not (span.trace_id in traces and traces[span.trace_id].is_ended(str(span.parent_span_id)))
    ]
    open_runs = [run for run in told if run is not None]
    # The parent of what was open already was looked for when its row was made.
    unsure = {
        _key(run)
        for run in open_runs
        if run.trace_id in arrival.existing
        and (run.trace_id not in traces or run.owner_span_id not in traces[run.trace_id].runs)
    }
    stored = stored_junjo_spans(writer, unsure, arrival.existing) if unsure else set()
    return [run for run in open_runs if _key(run) not in stored]


def _key(run: Execution) -> SpanKey:
    return run.trace_id, run.owner_span_id


def _stored(writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> defaultdict[str, _Trace]:
    traces: defaultdict[str, _Trace] = defaultdict(_Trace)
    if not trace_ids:
        return traces
    # A list of single values is looked up in the index; a list in one value would have the whole table read.
    are_few = len(trace_ids) <= FEW
    values = ", ".join("?" * len(trace_ids)) if are_few else "SELECT unnest(?::VARCHAR[])"
    query = f"SELECT {', '.join(EXECUTION_COLUMNS)} FROM executions WHERE trace_id IN ({values})"  # noqa: S608 - our own names
    rows = writer.execute(query, list(trace_ids) if are_few else [list(trace_ids)]).fetchall()
    for row in rows:
        run = Execution._make(row)
        traces[run.trace_id].before[run.owner_span_id] = run
    for trace in traces.values():
        trace.runs = dict(trace.before)
    return traces


def _write(
    writer: duckdb.DuckDBPyConnection, traces: Mapping[str, _Trace], whole: Sequence[Execution], insert: Insert
) -> Collection[str]:
    """Write what differs, and `whole` besides; return the traces of which anything differed."""
    stale: list[SpanKey] = []
    made: list[Execution] = [*whole]
    changed: set[str] = set()
    for trace_id, trace in traces.items():
        for owner in trace.before.keys() | trace.runs.keys():
            before, after = trace.before.get(owner), trace.runs.get(owner)
            if before is after or before == after:
                continue
            changed.add(trace_id)
            if before is not None:
                stale.append((trace_id, owner))
            if after is not None:
                made.append(after)
    if stale:
        # By key and not by the number of the row: DuckDB may crash on these where the transaction added rows itself.
        writer.execute(_DELETE, [[trace_id for trace_id, _ in stale], [owner for _, owner in stale]])
    insert(writer, "executions", made)
    return changed
