"""One run of an agent, as what reads it sees it; see `agent` for how it is made. What was not told is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import Payload, missing_payload

NOT_SENT = missing_payload("It was not sent.")
NOT_ARRIVED = missing_payload("The agent's own span has not arrived.")


class Admission(StrEnum):
    """Whether a tool call that a model asked for was let through."""

    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Candidate:
    """A value before it was checked. `unavailable_reason` is the producer's word for why there is none."""

    is_available: bool | None
    payload: Payload
    unavailable_reason: str | None


@dataclass(frozen=True, slots=True)
class TokenSum:
    """Tokens of one kind, and how many of the model's responses told them."""

    sum: int | None
    observations: int | None


@dataclass(frozen=True)
class Usage:
    """Tokens of a whole run by kind (`input_tokens`, `output_tokens`, …). `model_responses`: how many there were."""

    model_responses: int | None = None
    fields: Mapping[str, TokenSum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an agent may do; `exceeded` is the limit that ended it: model_requests or tool_calls.

    `attempted_count` is how many there would have been, `requested_batch_size` how many were asked for at once.
    """

    model_requests: int | None = None
    tool_calls: int | None = None
    exceeded: str | None = None
    attempted_count: int | None = None
    requested_batch_size: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an agent did, as it counted itself."""

    operations: int | None = None
    model_requests: int | None = None
    tool_calls_requested: int | None = None
    tool_calls_admitted: int | None = None
    tool_calls_started: int | None = None
    tool_calls_completed: int | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool that an agent has. The schemas are JSON schemas, None where none was told."""

    name: str
    description: str
    input_schema: Any
    output_schema: Any


@dataclass(frozen=True)
class AgentDefinition:
    """What an agent is: from its own snapshot, else from what it sent to its model."""

    snapshot: Payload
    instructions: str | None = None
    tools: tuple[ToolDefinition, ...] = ()
    input_schema: Any = None
    output_schema: Any = None
    model: Mapping[str, Any] = field(default_factory=dict)
    is_inferred: bool = False
    """Taken from the first model request: the agent's own span has not arrived, or does not tell."""


@dataclass(frozen=True)
class Operation:
    """What model requests and tool calls have in common. `end_ns` is None where none was sent; times in ns."""

    span_id: str
    name: str
    sequence: int | None
    start_ns: int
    end_ns: int | None
    is_cancelled: bool
    is_error: bool
    cancelled_reason: str | None


@dataclass(frozen=True)
class ModelRequest(Operation):
    """One request to a model. `tokens` are its usage by kind; `response_type` is final_output or tool_calls."""

    ordinal: int | None
    state_revision: int | None
    driver_key: str | None
    provider: str | None
    model_name: str | None
    request: Payload
    response_candidate: Candidate
    response_type: str | None
    response: Payload
    tokens: Mapping[str, int | None]

    @cached_property
    def answer(self) -> Mapping[str, Any]:
        """The response as an object; empty where there is none."""
        value = value_or_none(self.response)
        return value if isinstance(value, dict) else {}

    @property
    def assistant_text(self) -> str:
        """What the model said beside its calls."""
        said = self.answer.get("assistantText")
        return said if isinstance(said, str) else ""


@dataclass(frozen=True)
class ToolCall(Operation):
    """One call of a tool that reached the tool, or whose arguments were looked at.

    `arguments` are there only once they were accepted, `result` only once the tool's result was.
    """

    call_id: str | None
    ordinal: int | None
    tool_name: str | None
    tool_structural_id: str | None
    state_revision_before: int | None
    state_revision_after: int | None
    requested_arguments: Payload
    arguments: Payload
    result_candidate: Candidate
    result: Payload
    error_type: str | None


AgentOperation: TypeAlias = ModelRequest | ToolCall


@dataclass(frozen=True)
class RequestedCall:
    """A call as a model asked for it, and what became of it.

    An id or a name that is no text counts as absent; `arguments` are any JSON. `reason` says in Junjo AI Studio's
    words why it was not admitted, or why nobody can tell; None for an admitted call.
    """

    call_id: str | None
    ordinal: int
    tool_name: str | None
    arguments: Any
    requested_by: ModelRequest
    operation: ToolCall | None
    admission: Admission
    reason: str | None


@dataclass(frozen=True)
class AgentRun:
    """A run of an agent. `outcome` is completed, failed or cancelled; None while the owner has not arrived.

    `operations` are in order of their sequence; `requested_calls` are every call that a model asked for, in that order.
    `input_candidate` and `history_candidate` are what was rejected before anything was asked.
    """

    is_arrived: bool
    key: str | None
    name: str | None
    service_namespace: str | None
    outcome: str | None
    termination_reason: str | None
    limits: Limits
    counts: Counts
    usage: Usage
    definition: AgentDefinition
    input: Payload
    output: Payload
    input_candidate: Candidate | None
    history_candidate: Candidate | None
    operations: tuple[AgentOperation, ...]
    requested_calls: tuple[RequestedCall, ...]

    @property
    def model_requests(self) -> tuple[ModelRequest, ...]:
        """The requests to the model, in order."""
        return tuple(one for one in self.operations if isinstance(one, ModelRequest))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The calls of tools, in order."""
        return tuple(one for one in self.operations if isinstance(one, ToolCall))

    @property
    def model_request_count(self) -> int:
        """How often it asked its model: as it counted, else as many as arrived."""
        count = self.counts.model_requests
        return len(self.model_requests) if count is None else count

    @property
    def tool_call_count(self) -> int:
        """How many tool calls it started: as it counted, else as many as arrived."""
        count = self.counts.tool_calls_started
        return len(self.tool_calls) if count is None else count

    @property
    def rejected_output(self) -> Any:
        """The answer that did not pass as final output; None where no answer was rejected for that."""
        if self.termination_reason != "output_validation_error" or not self.model_requests:
            return None
        last = self.model_requests[-1]
        told = last.answer or value_or_none(last.response_candidate.payload)
        return told.get("output") if isinstance(told, dict) else told
