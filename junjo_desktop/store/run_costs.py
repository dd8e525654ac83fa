"""What the model calls of runs add up to: of each run those at or below the span that owns it, each call once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from duckdb import DuckDBPyConnection

from junjo_desktop.store.call_costs import call_sums
from junjo_desktop.store.run_listings import RunKey
from junjo_desktop.telemetry.llm.call_sums import CallSums, added

_MOST_STEPS_UP = 10_000
"""What is sent may be a ring."""
_CALLS = """
SELECT trace_id, span_id, input_tokens, output_tokens, cost, cost_origin FROM calls
WHERE is_counted AND trace_id IN (SELECT unnest($ids::VARCHAR[]))
"""
_RECEIVED = """
SELECT min(first_received_ns), max(last_received_ns) FROM traces WHERE trace_id IN (SELECT unnest($ids::VARCHAR[]))
"""
_SHAPE = """
SELECT trace_id, span_id, parent_span_id FROM spans
WHERE trace_id IN (SELECT unnest($ids::VARCHAR[])) AND received_ns BETWEEN $first_ns AND $last_ns
"""


def run_sums(cursor: DuckDBPyConnection, runs: Sequence[RunKey], lone: Collection[str] = ()) -> dict[RunKey, CallSums]:
    """Return the sums of runs; those whose calls are not read yet are left out.

    `lone` are traces in which the run stands for all: of these the sums of the trace are taken as they are kept.
    """
    of_traces = call_sums(cursor, list({run.trace_id for run in runs}))
    found = {
        run: sums
        for run in runs
        if (sums := of_traces.get(run.trace_id)) is not None and (not sums.call_count or run.trace_id in lone)
    }
    others = [run for run in runs if run.trace_id in of_traces and run not in found]
    return found | _below(cursor, others) if others else found


def one_run_sums(cursor: DuckDBPyConnection, trace_id: str, owner_span_id: str) -> CallSums | None:
    """Return the sums of one run; None where its calls are not read yet."""
    run = RunKey(trace_id, owner_span_id)
    return run_sums(cursor, [run]).get(run)


def _below(cursor: DuckDBPyConnection, runs: Sequence[RunKey]) -> dict[RunKey, CallSums]:
    ids = list({run.trace_id for run in runs})
    first_ns, last_ns = cursor.execute(_RECEIVED, {"ids": ids}).fetchone() or (None, None)
    place = {"ids": ids, "first_ns": first_ns, "last_ns": last_ns}
    parents = {(trace_id, span_id): parent for trace_id, span_id, parent in cursor.execute(_SHAPE, place).fetchall()}
    of_runs: dict[RunKey, list[CallSums]] = {run: [] for run in runs}
    for trace_id, span_id, *told in cursor.execute(_CALLS, {"ids": ids}).fetchall():
        for above in _upwards(trace_id, span_id, parents):
            if (run := RunKey(trace_id, above)) in of_runs:
                of_runs[run].append(_one(*told))
    return {run: added(sums) for run, sums in of_runs.items()}


def _upwards(trace_id: str, span_id: str, parents: Mapping[tuple[str, str], str | None]) -> Iterator[str]:
    at: str | None = span_id
    seen: set[str] = set()
    while at is not None and at not in seen and len(seen) < _MOST_STEPS_UP:
        seen.add(at)
        yield at
        at = parents.get((trace_id, at))


def _one(input_tokens: int | None, output_tokens: int | None, cost: float | None, origin: str) -> CallSums:
    return CallSums(
        call_count=1,
        without_usage=int(input_tokens is None and output_tokens is None),
        unpriced=int(cost is None),
        local=int(origin == "local"),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost=cost,
    )
