"""One row of `executions`: a run of a Junjo workflow, subflow or agent, as far as it has arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

LOST_AFTER_NS = 60 * 1_000_000_000
"""A run that has not ended counts as lost when nothing of its trace was received for so long."""


class Execution(NamedTuple):
    """The fields are the columns of the table, in order, and mean what they mean there. Times in nanoseconds."""

    trace_id: str
    owner_span_id: str
    span_id: str | None
    type: str | None
    name: str | None
    service_name: str
    service_version: str | None
    agent_key: str | None
    definition_id: str | None
    runtime_id: str | None
    structural_id: str | None
    graph_structural_id: str | None
    parent_runtime_id: str | None
    parent_span_id: str | None
    correlation_type: str | None
    correlation_id: str | None
    contract_version: int | None
    start_ns: int
    end_ns: int | None
    duration_ns: int | None
    outcome: str | None
    error_type: str | None
    error_message: str | None
    termination_reason: str | None
    node_count: int | None
    failure_count: int
    hook_error_count: int
    model_requests: int | None
    tool_calls: int | None
    input_tokens: int | None
    output_tokens: int | None
    first_received_ns: int
    last_received_ns: int

    @property
    def is_open(self) -> bool:
        """Whether its owner has not arrived: it runs, or it was lost."""
        return self.span_id is None


EXECUTION_COLUMNS = Execution._fields

# The children of one run say the same; where hostile ones do not, the least of all is as good as any.
_PICKED = (
    "type",
    "service_name",
    "service_version",
    "agent_key",
    "definition_id",
    "runtime_id",
    "structural_id",
    "graph_structural_id",
    "contract_version",
)
_ADDED = ("node_count", "failure_count", "model_requests", "tool_calls", "input_tokens", "output_tokens")


def merge_open(one: Execution, other: Execution) -> Execution:
    """Return what two groups of direct children, which share no span, tell of one open run."""
    correlation = _least(
        [(run.correlation_type or "", run.correlation_id or "") for run in (one, other) if run.correlation_id]
    )
    starts = [run.start_ns for run in (one, other) if run.start_ns]
    picked: dict[str, Any] = {name: _least([getattr(run, name) for run in (one, other)]) for name in _PICKED}
    added: dict[str, Any] = {name: _sum(getattr(one, name), getattr(other, name)) for name in _ADDED}
    return one._replace(
        **picked,
        **added,
        correlation_type=correlation and (correlation[0] or None),
        correlation_id=correlation and correlation[1],
        start_ns=min(starts, default=0),
        first_received_ns=min(one.first_received_ns, other.first_received_ns),
        last_received_ns=max(one.last_received_ns, other.last_received_ns),
    )


def open_twins(runs: Collection[Execution]) -> list[Execution]:
    """Return those open runs of a trace whose owner is there, though their children name another span as parent."""
    open_runs = [run for run in runs if run.is_open]
    if not open_runs:
        return []
    # Where both ids are the same, the runtime id is that of an object, and each of its runs has it.
    ended = {run.runtime_id for run in runs if not run.is_open and run.runtime_id != run.definition_id}
    return [run for run in open_runs if run.runtime_id is not None and run.runtime_id in ended]


def _least(values: Iterable[Any]) -> Any:
    """Return the same of several values in whatever order they come; None only when there is no other."""
    return min((value for value in values if value is not None), default=None)


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
