"""One run of an agent: what its own span says, and the operations that the spans under it are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from junjo_desktop.telemetry.junjo.agent_definition import read_definition
from junjo_desktop.telemetry.junjo.agent_model import (
    NOT_ARRIVED,
    Admission,
    AgentDefinition,
    AgentOperation,
    AgentRun,
    Candidate,
    Counts,
    Limits,
    ModelRequest,
    Operation,
    RequestedCall,
    TokenSum,
    ToolCall,
    ToolDefinition,
    Usage,
)
from junjo_desktop.telemetry.junjo.agent_operation import (
    OPERATION_TYPE,
    PREFIX,
    candidate,
    read_operation,
    read_usage,
    slot,
    summed_usage,
)
from junjo_desktop.telemetry.junjo.attributes import attributes_of, int_of, text_of
from junjo_desktop.telemetry.junjo.json_value import json_text, value_or_none
from junjo_desktop.telemetry.junjo.payload import Payload
from junjo_desktop.telemetry.junjo.tool_admission import Admissions
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_by_key
from junjo_desktop.telemetry.span import Span

__all__ = [
    "Admission",
    "AgentDefinition",
    "AgentOperation",
    "AgentRun",
    "Candidate",
    "Counts",
    "Limits",
    "ModelRequest",
    "Operation",
    "RequestedCall",
    "TokenSum",
    "ToolCall",
    "ToolDefinition",
    "Usage",
    "read_agent",
]

_NONE: Attributes = {}


def read_agent(owner: Span | None, children: Sequence[Span], runtime_id: str | None = None) -> AgentRun:
    """Read the run of an agent from its own span and those under it, in any order.

    Of the children, those count that name the run's `runtime_id`, or none at all and stand right under the owner.
    Without an owner, which arrives last, the run is what its operations tell.
    """
    told = attributes_of(owner) if owner is not None else _NONE
    runtime_id = text_of(told, PREFIX + "runtime_id", "junjo.executable_runtime_id") or runtime_id
    spans = _operation_spans(owner, children, runtime_id)
    operations = tuple(read_operation(span) for span in spans)
    requests = [one for one in operations if isinstance(one, ModelRequest)]
    snapshot = slot(told, "definition_snapshot") if owner is not None else NOT_ARRIVED
    termination_reason = text_of(told, PREFIX + "termination_reason")
    admissions = Admissions(termination_reason, slot(told, "state.end"), snapshot, operations)
    return AgentRun(
        is_arrived=owner is not None,
        key=text_of(told, PREFIX + "key") or _key_of(spans),
        name=text_of(told, PREFIX + "name"),
        service_namespace=_namespace(owner),
        outcome=text_of(told, PREFIX + "outcome"),
        termination_reason=termination_reason,
        limits=_limits(told),
        counts=_counts(told),
        usage=read_usage(text_of(told, PREFIX + "usage")) if owner is not None else summed_usage(operations),
        definition=read_definition(snapshot, requests),
        input=slot(told, "input") if owner is not None else _first_input(requests),
        output=slot(told, "output") if owner is not None else NOT_ARRIVED,
        input_candidate=_rejected(told, "input_candidate"),
        history_candidate=_rejected(told, "history_candidate"),
        operations=operations,
        requested_calls=admissions.calls(),
    )


def _operation_spans(owner: Span | None, children: Sequence[Span], runtime_id: str | None) -> list[Span]:
    found = []
    for span in children:
        if OPERATION_TYPE not in span.attributes:
            continue
        attributes = attributes_of(span)
        if text_of(attributes, OPERATION_TYPE) is None:
            continue
        named = text_of(attributes, PREFIX + "runtime_id")
        is_own = named == runtime_id if named is not None else owner is None or span.parent_span_id == owner.span_id
        if is_own:
            found.append((int_of(attributes, PREFIX + "operation.sequence") or 0, span.start_ns, span.arrival, span))
    return [span for *_, span in sorted(found, key=lambda one: one[:3])]


def _key_of(operations: Sequence[Span]) -> str | None:
    return next((text_of(attributes_of(span), PREFIX + "key") for span in operations), None)


def _namespace(owner: Span | None) -> str | None:
    return None if owner is None else text_of(attributes_by_key(owner.resource.attributes_json), "service.namespace")


def _limits(told: Attributes) -> Limits:
    return Limits(
        model_requests=int_of(told, PREFIX + "limit.model_requests"),
        tool_calls=int_of(told, PREFIX + "limit.tool_calls"),
        exceeded=text_of(told, PREFIX + "limit.exceeded"),
        attempted_count=int_of(told, PREFIX + "limit.attempted_count"),
        requested_batch_size=int_of(told, PREFIX + "limit.requested_batch_size"),
    )


def _counts(told: Attributes) -> Counts:
    return Counts(
        operations=int_of(told, PREFIX + "operation.count"),
        model_requests=int_of(told, PREFIX + "model_request.count"),
        tool_calls_requested=int_of(told, PREFIX + "tool_call.requested_count"),
        tool_calls_admitted=int_of(told, PREFIX + "tool_call.admitted_count"),
        tool_calls_started=int_of(told, PREFIX + "tool_call.started_count"),
        tool_calls_completed=int_of(told, PREFIX + "tool_call.completed_count"),
    )


def _rejected(told: Attributes, name: str) -> Candidate | None:
    key = PREFIX + name
    return candidate(told, name) if key in told or f"{key}.available" in told else None


def _first_input(requests: Sequence[ModelRequest]) -> Payload:
    """The input as the model was told of it: before the agent's own span, nothing else has it."""
    asked = value_or_none(requests[0].request) if requests else None
    messages = asked.get("messages") if isinstance(asked, dict) else None
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("type") == "agent_input":
            return replace(requests[0].request, text=json_text(message.get("input")))
    return NOT_ARRIVED
