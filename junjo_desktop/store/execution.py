"""One row of `executions`: a run of a Junjo workflow, subflow or agent, as far as it has arrived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter

LOST_AFTER_NS = 60 * 1_000_000_000
"""A run that has not ended counts as lost when nothing of its trace was received for so long."""


@dataclass(frozen=True, slots=True)
class Execution:
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

    def row(self) -> tuple[object, ...]:
        """The values in the order of the table's columns."""
        return _columns_of(self)


EXECUTION_COLUMNS = tuple(field.name for field in fields(Execution))

_columns_of: Callable[[Execution], tuple[object, ...]] = attrgetter(*EXECUTION_COLUMNS)
