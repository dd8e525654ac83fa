"""Filters and orders of runs as SQL over the view `runs`."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from junjo_desktop.store.query_sql import matching
from junjo_desktop.store.run_expressions import DURATION, OUTCOME
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort, RunSortBy
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import negates

# What needs attention first.
_OUTCOME_RANK = f"""CASE {OUTCOME} WHEN 'failed' THEN 0 WHEN 'lost' THEN 1 WHEN 'cancelled' THEN 2
    WHEN 'running' THEN 3 ELSE 4 END"""

WITH_TOKENS = """(
    SELECT runs.* REPLACE (
        CASE WHEN alone.top_count IS NULL THEN runs.input_tokens ELSE traces.input_tokens END AS input_tokens,
        CASE WHEN alone.top_count IS NULL THEN runs.output_tokens ELSE traces.output_tokens END AS output_tokens
    )
    FROM runs
    LEFT JOIN traces ON traces.trace_id = runs.trace_id
    LEFT JOIN (
        SELECT trace_id, count(*) AS top_count FROM executions WHERE parent_runtime_id IS NULL
        GROUP BY trace_id HAVING top_count = 1
    ) alone ON alone.trace_id = runs.trace_id AND runs.type <> 'agent' AND runs.parent_runtime_id IS NULL
)"""
"""Runs, where a workflow that is alone at the top of its trace has the tokens of its trace."""

ENDED = """(
    SELECT *, 'sent' AS name_source, last_received_ns AS heard_ns FROM executions WHERE span_id IS NOT NULL
)"""
"""Of `runs` those that have ended, read without a look at others of their likeness."""

_SORT_KEYS = {
    RunSortBy.OUTCOME: _OUTCOME_RANK,
    RunSortBy.NAME: "lower(name)",
    RunSortBy.SERVICE: "lower(service_name)",
    RunSortBy.VERSION: "service_version",
    RunSortBy.STARTED: "start_ns",
    RunSortBy.DURATION: DURATION,
    RunSortBy.NODES: "node_count",
    RunSortBy.FAILURES: "failure_count",
    RunSortBy.ERROR: "lower(error_type)",
    RunSortBy.TERMINATION: "termination_reason",
    RunSortBy.MODEL_REQUESTS: "model_requests",
    RunSortBy.TOOL_CALLS: "tool_calls",
    RunSortBy.TOKENS: "coalesce(input_tokens, 0) + coalesce(output_tokens, 0)",
    RunSortBy.CORRELATION: "correlation_id",
    RunSortBy.TYPE: "type",
    RunSortBy.TRACE_ID: "trace_id",
    RunSortBy.RUNTIME_ID: "runtime_id",
    RunSortBy.RECEIVED: "last_received_ns",
}
_WHOLE_SINCE = """trace_id IN (SELECT trace_id FROM traces WHERE first_received_ns > (
    SELECT min(received_ns) FROM spans WHERE rowid >= {oldest_row:d}))"""


def order(sort: RunSort) -> str:
    """Return what follows ORDER BY. What has no value comes last.

    Ties are broken by a number: sorting half a million texts would take more memory than there is.
    """
    direction = "DESC" if sort.descending else "ASC"
    return f"{_SORT_KEYS[sort.by]} {direction} NULLS LAST, start_ns DESC, hash(trace_id, owner_span_id)"


def type_condition(kind: RunKind, *, with_subflows: bool) -> str:
    """Return which types of executables are of a kind."""
    if kind is RunKind.AGENTS:
        return "type = 'agent'"
    return "type IN ('workflow', 'subflow')" if with_subflows else "type = 'workflow'"


def condition(
    cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int, *, oldest_row: int = 0
) -> tuple[str, dict[str, object]]:
    """Return a condition and its parameters, `now_ns` always among them. Raises `QueryError`.

    With `oldest_row`, of spans only those from that row on are looked at for the query.
    """
    where, parameters = filters(chosen, now_ns)
    query = parse(chosen.text, Subject.RUNS)
    if query is None:
        return where, parameters
    among = f"rowid >= {oldest_row:d}" if oldest_row else ""
    found = matching(cursor, query, now_ns, subject=Subject.RUNS, among=among)
    clauses = [where, found.sql]
    if oldest_row and negates(query):
        # What no span says, only a trace tells that is looked at whole.
        clauses.append(_WHOLE_SINCE.format(oldest_row=oldest_row))
    return " AND ".join(clauses), parameters | found.parameters


def filters(chosen: RunFilter, now_ns: int) -> tuple[str, dict[str, object]]:
    """Return what all parts of the filter ask but for the query: a condition and its parameters, `now_ns` too."""
    candidates = (
        (chosen.service, "service_name = $service", "service"),
        (chosen.name, "name = $name", "name"),
        (chosen.version, "service_version = $version", "version"),
        (chosen.correlation_id, "correlation_id = $correlation_id", "correlation_id"),
        (chosen.termination_reason, "termination_reason = $termination_reason", "termination_reason"),
        (chosen.since_ns, "start_ns >= $since_ns", "since_ns"),
        (chosen.until_ns, "start_ns <= $until_ns", "until_ns"),
        (chosen.min_duration_ns, f"{DURATION} >= $min_duration_ns", "min_duration_ns"),
        (chosen.max_duration_ns, f"{DURATION} BETWEEN 0 AND $max_duration_ns", "max_duration_ns"),
    )
    clauses = ["$now_ns::BIGINT IS NOT NULL", type_condition(chosen.kind, with_subflows=chosen.with_subflows)]
    clauses += [clause for value, clause, _ in candidates if value is not None]
    parameters: dict[str, object] = {"now_ns": now_ns}
    parameters |= {name: value for value, _, name in candidates if value is not None}
    if chosen.outcomes and chosen.outcomes != frozenset(RunOutcome):
        clauses.append(f"{OUTCOME} IN (SELECT unnest($outcomes::VARCHAR[]))")
        parameters["outcomes"] = sorted(chosen.outcomes)
    return " AND ".join(clauses), parameters
