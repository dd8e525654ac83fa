"""What one Junjo span says of runs: the span of a run (its owner) nearly all, its direct children a little.

Generations are told apart by the attributes that are present, never by a version: `junjo.id` and `junjo.parent_id`
(SDK 0.62 and older) stand for the definition and the runtime of an executable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from junjo_desktop.store.execution import Execution
from junjo_desktop.telemetry.columns import INT64_MAX, SPAN_COLUMNS
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_by_key
from junjo_desktop.telemetry.resource import parse_object

OWNER_TYPES = frozenset(("workflow", "subflow", "agent"))
TOP_TYPES = frozenset(("workflow", "agent"))
"""Those that are direct children of no run: what they run within is a node or a tool, or they run by themselves."""

# Their parent span is the owner's, whatever else is traced in between: Junjo itself starts them, within the owner.
_CHILD_TYPES = frozenset(("node", "run_concurrent", "subflow"))
_STEPS = frozenset(("node", "subflow"))
_NO_OWNERS = frozenset(("node", "run_concurrent"))
_OUTCOMES = frozenset(("completed", "failed", "cancelled"))
_HOOK_ERROR = "junjo.hook_error"
_LONGEST_MESSAGE = 1_000
_CONTRACT_VERSION = "junjo.telemetry.contract_version"
_OWNER_TEXTS = (
    "junjo.executable_definition_id",
    "junjo.id",
    "junjo.executable_runtime_id",
    "junjo.agent.runtime_id",
    "junjo.executable_structural_id",
    "junjo.enclosing_graph_structural_id",
    "junjo.parent_executable_runtime_id",
    "junjo.parent_id",
    "junjo.correlation.type",
    "junjo.correlation.id",
    "junjo.agent.key",
    "junjo.agent.name",
    "junjo.agent.termination_reason",
    "junjo.agent.usage",
    "junjo.agent.outcome",
)

FACT_COLUMNS = (
    "trace_id",
    "span_id",
    "parent_span_id",
    "service_name",
    "name",
    "start_ns",
    "end_ns",
    "duration_ns",
    "status_message",
    "is_error",
    "span_type",
    "junjo_span_type",
    "input_tokens",
    "output_tokens",
    "received_ns",
    "attributes",
    "events",
)
"""The columns of `spans` that runs are made of, in the order of `JunjoSpan`."""


class JunjoSpan(NamedTuple):
    """What is to be known of one span; `attributes` and `events` are JSON text, `events` only of an owner."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    start_ns: int
    end_ns: int
    duration_ns: int
    status_message: str
    is_error: bool
    span_type: str
    junjo_span_type: str | None
    input_tokens: int | None
    output_tokens: int | None
    received_ns: int
    attributes: str
    events: str
    service_version: str | None


pick: Callable[[tuple[Any, ...]], tuple[Any, ...]] = itemgetter(*map(SPAN_COLUMNS.index, FACT_COLUMNS))


@lru_cache(256)
def service_version_in(attributes: str | None) -> str | None:
    """Return `service.version` of a resource's attributes (JSON text)."""
    return _text(_parsed(attributes or ""), "service.version")


def execution_of(span: JunjoSpan) -> Execution:
    """Return the run that an owner tells of."""
    said = _parsed(span.attributes)
    texts = [value if type(value) is str and value else None for value in map(said.get, _OWNER_TEXTS)]
    definition_id, old_id, runtime_id, agent_runtime_id, structural_id, graph_id, parent_id, old_parent_id = texts[:8]
    correlation_type, correlation_id, agent_key, agent_name, reason, usage, sent_outcome = texts[8:]
    outcome = _outcome(span, said, sent_outcome)
    failed = outcome == "failed"
    is_told = 0 < span.start_ns < INT64_MAX and 0 < span.end_ns < INT64_MAX
    # A NamedTuple's own constructor takes five times as long.
    return Execution._make(
        (
            span.trace_id,
            span.span_id,
            span.span_id,
            span.junjo_span_type,
            agent_name or span.name,
            span.service_name,
            span.service_version,
            agent_key,
            definition_id or old_id,
            runtime_id or old_id or agent_runtime_id,
            structural_id,
            graph_id,
            parent_id or old_parent_id,
            span.parent_span_id,
            correlation_type,
            correlation_id,
            _storable(said.get(_CONTRACT_VERSION)),
            span.start_ns,
            span.end_ns,
            span.duration_ns if is_told else None,
            outcome,
            *(_error(span, said) if failed else (None, None)),
            reason,
            _storable(said.get("junjo.workflow.node.count")),
            int(failed),
            0 if span.events == "[]" else len(_events(span, _HOOK_ERROR)),
            _storable(said.get("junjo.agent.model_request.count")),
            _storable(said.get("junjo.agent.tool_call.started_count")),
            *((None, None) if usage is None else _usage(usage)),
            span.received_ns,
            span.received_ns,
        )
    )


def open_execution_of(span: JunjoSpan) -> Execution | None:
    """Return what a span tells of the run that it is a direct child of; None when it tells of none."""
    if span.parent_span_id is None:
        return None
    said = _parsed(span.attributes)
    told = _agent_of(span, said) if span.junjo_span_type is None else _workflow_of(span, said)
    if told is None:
        return None
    return Execution(
        trace_id=span.trace_id,
        owner_span_id=span.parent_span_id,
        span_id=None,
        type=told.type,
        name=None,
        service_name=span.service_name,
        service_version=span.service_version,
        agent_key=told.agent_key,
        definition_id=told.definition_id,
        runtime_id=told.runtime_id,
        structural_id=told.structural_id,
        graph_structural_id=told.graph_id,
        parent_runtime_id=None,
        parent_span_id=None,
        correlation_type=_text(said, "junjo.correlation.type"),
        correlation_id=_text(said, "junjo.correlation.id"),
        contract_version=_storable(said.get(_CONTRACT_VERSION)),
        start_ns=span.start_ns if 0 < span.start_ns < INT64_MAX else 0,
        end_ns=None,
        duration_ns=None,
        outcome=None,
        error_type=None,
        error_message=None,
        termination_reason=None,
        node_count=told.node_count,
        failure_count=int(span.is_error),
        hook_error_count=0,
        model_requests=told.model_requests,
        tool_calls=told.tool_calls,
        input_tokens=told.input_tokens,
        output_tokens=told.output_tokens,
        first_received_ns=span.received_ns,
        last_received_ns=span.received_ns,
    )


class _Told(NamedTuple):
    """What a child says of its owner."""

    definition_id: str | None
    runtime_id: str | None
    structural_id: str | None = None
    graph_id: str | None = None
    node_count: int | None = None
    type: str | None = None
    agent_key: str | None = None
    model_requests: int | None = None
    tool_calls: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


def _workflow_of(span: JunjoSpan, said: Attributes) -> _Told | None:
    structural_id = _text(said, "junjo.parent_executable_structural_id")
    definition_id = _text(said, "junjo.parent_executable_definition_id", "junjo.parent_id")
    runtime_id = _text(said, "junjo.parent_executable_runtime_id", "junjo.parent_id")
    if not (definition_id or runtime_id) or not _is_within_owner(span, said, structural_id):
        return None
    graph_id = _graph_of(span, said, structural_id)
    return _Told(definition_id, runtime_id, structural_id, graph_id, int(span.junjo_span_type in _STEPS))


def _agent_of(span: JunjoSpan, said: Attributes) -> _Told | None:
    runtime_id, operation = _text(said, "junjo.agent.runtime_id"), said.get("junjo.agent.operation_type")
    if runtime_id is None or operation is None:
        return None
    is_request = operation == "model_request"
    return _Told(
        definition_id=None,
        runtime_id=runtime_id,
        type="agent",
        agent_key=_text(said, "junjo.agent.key"),
        model_requests=int(is_request),
        tool_calls=int(not is_request),
        input_tokens=span.input_tokens,
        output_tokens=span.output_tokens,
    )


def _is_within_owner(span: JunjoSpan, said: Attributes, structural_id: str | None) -> bool:
    """Whether it stands within a workflow, subflow or agent and not, say, within a concurrent group, as far as told."""
    parent_type = _text(said, "junjo.parent_executable_type")
    if span.junjo_span_type not in _CHILD_TYPES or parent_type in _NO_OWNERS:
        return False
    return structural_id is None or not structural_id.startswith("node_")


def _graph_of(span: JunjoSpan, said: Attributes, structural_id: str | None) -> str | None:
    if structural_id is not None and structural_id.startswith("graph_"):
        return structural_id
    # Of a subflow that attribute names its own graph.
    return None if span.junjo_span_type == "subflow" else _text(said, "junjo.enclosing_graph_structural_id")


def _outcome(span: JunjoSpan, said: Attributes, sent: str | None) -> str:
    if sent in _OUTCOMES:
        return str(sent)
    if said.get("junjo.cancelled") is True:
        return "cancelled"
    return "failed" if span.is_error else "completed"


def _error(span: JunjoSpan, said: Attributes) -> tuple[str | None, str | None]:
    type_, message = _text(said, "error.type"), span.status_message or None
    if type_ is None or message is None:
        for event in _events(span, "exception"):
            type_ = type_ or _text(event, "exception.type")
            message = message or _text(event, "exception.message")
    if type_ is not None and message is not None:
        # OpenTelemetry's own description of a failed span, which SDKs before 0.63 leave there, begins with the class.
        message = message.removeprefix(f"{type_.rpartition('.')[2]}: ")
    return type_, message[:_LONGEST_MESSAGE] if message else None


def _events(span: JunjoSpan, name: str) -> list[Attributes]:
    """Return the attributes of all events of a name. Most spans have none, which is seen without parsing."""
    if f'"{name}"' not in span.events:
        return []
    try:
        return [attributes_by_key(event["attributes"]) for event in orjson.loads(span.events) if event["name"] == name]
    except (ValueError, TypeError, KeyError):
        return []


def _usage(text: str) -> tuple[int | None, int | None]:
    try:
        fields = orjson.loads(text)["fields"]
        sums = [fields.get(name, {}).get("sum") for name in ("inputTokens", "outputTokens")]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, None
    return _storable(sums[0]), _storable(sums[1])


def _parsed(text: str) -> Attributes:
    try:
        parsed = parse_object(text)
        return attributes_by_key(parsed) if isinstance(parsed, dict) else {}
    except (ValueError, KeyError):
        return {}


def _text(said: Attributes, *keys: str) -> str | None:
    for key in keys:
        value = said.get(key)
        if value and isinstance(value, str):
            return value
    return None


def _storable(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= INT64_MAX else None
