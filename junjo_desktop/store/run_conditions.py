"""Filters and orders of runs as SQL over the view `runs`."""

from __future__ import annotations

import json

from junjo_desktop.store.execution import LOST_AFTER_NS
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort, RunSortBy

OUTCOME = f"""CASE WHEN outcome IS NOT NULL THEN outcome
    WHEN heard_ns < $now_ns::BIGINT - {LOST_AFTER_NS} THEN 'lost' ELSE 'running' END"""

DURATION = f"""CASE WHEN duration_ns IS NOT NULL OR start_ns = 0 THEN duration_ns
    WHEN heard_ns < $now_ns::BIGINT - {LOST_AFTER_NS} THEN greatest(heard_ns - start_ns, 0)
    ELSE greatest($now_ns::BIGINT - start_ns, 0) END"""

# What needs attention first.
_OUTCOME_RANK = f"""CASE {OUTCOME} WHEN 'failed' THEN 0 WHEN 'lost' THEN 1 WHEN 'cancelled' THEN 2
    WHEN 'running' THEN 3 ELSE 4 END"""

# A workflow alone at the top of its trace has its trace's tokens.
_ALONE = "SELECT trace_id FROM executions WHERE parent_runtime_id IS NULL GROUP BY trace_id HAVING count(*) = 1"
_WITH_TRACES = f"""SELECT runs.* REPLACE (
    coalesce(runs.input_tokens, alone.input_tokens) AS input_tokens,
    coalesce(runs.output_tokens, alone.output_tokens) AS output_tokens)
FROM runs LEFT JOIN (SELECT trace_id, input_tokens, output_tokens FROM traces WHERE trace_id IN ({_ALONE})) alone
ON alone.trace_id = runs.trace_id AND runs.type <> 'agent' AND runs.parent_runtime_id IS NULL"""  # noqa: S608 - constants

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
_SEARCHED = (
    "name",
    "error_type",
    "error_message",
    "service_name",
    "service_version",
    "correlation_id",
    "correlation_type",
    "agent_key",
    "termination_reason",
)


def source(*, with_tokens: bool) -> str:
    """Return the relation that runs are read from; with tokens, those of workflows are those of their traces."""
    return f"({_WITH_TRACES})" if with_tokens else "runs"


def order(sort: RunSort) -> str:
    """Return what follows ORDER BY. What has no value comes last."""
    direction = "DESC" if sort.descending else "ASC"
    return f"{_SORT_KEYS[sort.by]} {direction} NULLS LAST, start_ns DESC, trace_id, owner_span_id"


def type_condition(kind: RunKind, *, with_subflows: bool) -> str:
    """Return which types of executables are of a kind."""
    if kind is RunKind.AGENTS:
        return "type = 'agent'"
    return "type IN ('workflow', 'subflow')" if with_subflows else "type = 'workflow'"


def condition(chosen: RunFilter, now_ns: int) -> tuple[str, dict[str, object]]:
    """Return a condition and its parameters, `now_ns` always among them."""
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
    text = chosen.text.strip()
    if text:
        clauses.append(_text_clause(in_state=chosen.in_state))
        parameters["text"] = text.lower()
        if chosen.in_state:
            # Attributes are JSON text: what was typed is looked for as JSON writes it.
            parameters["text_json"] = json.dumps(text, ensure_ascii=False)[1:-1].lower()
    return " AND ".join(clauses), parameters


def _text_clause(*, in_state: bool) -> str:
    places = ["starts_with(trace_id, $text)", "starts_with(owner_span_id, $text)", "lower(runtime_id) = $text"]
    places += [f"contains(lower({column}), $text)" for column in _SEARCHED]
    if in_state:
        places.append("""(trace_id, owner_span_id) IN (
            SELECT (trace_id, span_id) FROM spans
            WHERE junjo_span_type IN ('workflow', 'subflow', 'agent') AND contains(lower(attributes), $text_json))""")
    return f"({' OR '.join(places)})"
