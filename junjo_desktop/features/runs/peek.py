"""The facts that a peek at a run or at a group shows."""

from __future__ import annotations

from junjo_desktop.features.runs.group_columns import rate_text
from junjo_desktop.features.runs.listings import AgentRow, GroupRow, lasted_ns, state_of
from junjo_desktop.features.runs.strip import strip_words
from junjo_desktop.features.runs.words import (
    correlation_text,
    duration_words,
    failure_words,
    name_text,
    name_words,
    of_limit,
    state_words,
)
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.widgets.cost_words import sums_cost_text, sums_words
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text
from junjo_desktop.widgets.list_columns import NO_START, token_words


def run_facts(row: RunRow) -> tuple[Fact, ...]:
    """Return the facts of one run; what nothing tells is left out."""
    lasted = lasted_ns(row)
    facts = [
        Fact("Name", name_text(row), name_words(row)),
        Fact("State", state_of(row).value, state_words(row)),
        Fact("Failure", failure_words(row) if row.failure_count else ""),
        Fact("Ended by", row.termination_reason or ""),
        Fact("Service", f"{row.service_name} {row.service_version or ''}".strip()),
        Fact("Started", iso_text(row.start_ns) if row.start_ns else NO_START),
        Fact("Duration", "" if lasted is None else duration_text(lasted), duration_words(row)),
        Fact("Nodes", "" if row.node_count is None else count_text(row.node_count)),
        *_agent_facts(row),
        Fact("Tokens", token_words(row.input_tokens, row.output_tokens)),
        Fact("Cost", sums_cost_text(row.calls), sums_words(row.calls)),
        Fact("Hook errors", count_text(row.hook_error_count) if row.hook_error_count else ""),
        Fact("Correlation", correlation_text(row)),
        Fact("Run", row.runtime_id or "", "The id its SDK gave to the run"),
        Fact("Trace", row.trace_id),
        Fact("Span", row.owner_span_id, "" if row.span_id else "It has not arrived; its children name it"),
    ]
    return tuple(fact for fact in facts if fact.value)


def _agent_facts(row: RunRow) -> tuple[Fact, ...]:
    limits = (row.model_request_limit, row.tool_call_limit) if isinstance(row, AgentRow) else (None, None)
    return (
        Fact("Model requests", of_limit(row.model_requests, limits[0])),
        Fact("Tool calls", of_limit(row.tool_calls, limits[1])),
    )


def group_facts(row: GroupRow) -> tuple[Fact, ...]:
    """Return the facts of one group."""
    group = row.group
    facts = (
        Fact("Name", group.name),
        Fact("Service", group.service_name),
        Fact("Runs", count_text(group.count)),
        Fact("Failure rate", rate_text(row)),
        Fact("Completed", count_text(group.completed)),
        Fact("Failed", count_text(group.failed)),
        Fact("Cancelled", count_text(group.cancelled)),
        Fact("Running", count_text(group.running)),
        Fact("Lost", count_text(group.lost)),
        Fact("p50", "" if group.p50_ns is None else duration_text(group.p50_ns)),
        Fact("p95", "" if group.p95_ns is None else duration_text(group.p95_ns)),
        Fact("Tokens", token_words(group.input_tokens, group.output_tokens)),
        Fact("Last runs", strip_words(row)),
    )
    return tuple(fact for fact in facts if fact.value)
