"""An agent's run as JSON, named as Junjo AI Studio names it: AgentExecutionSummary, ModelOperation, ToolOperation.

All of it is read from what arrived: the owner's span may be missing, and so may any operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junjo_desktop.telemetry.junjo.agent_operation_json import counted_usage, model_json, tool_json
from junjo_desktop.telemetry.junjo.attributes import attributes_of, bool_of, int_of, text_of
from junjo_desktop.telemetry.junjo.json_value import payload_json, written
from junjo_desktop.telemetry.junjo.payload import payload_of
from junjo_desktop.telemetry.junjo.run_model import Run
from junjo_desktop.telemetry.junjo.tool_admission import Admissions, RequestedCall, requested_calls
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_by_key
from junjo_desktop.telemetry.span import Span

_PREFIX = "junjo.agent."
_NONE: Attributes = {}


def agent_json(run: Run, spans: Sequence[Span]) -> dict[str, Any]:
    """Return what the document of an agent has beside that of any run. `spans` are all of its trace."""
    owner = next((span for span in spans if span.span_id == run.span_id), None)
    operations = _operations_of(run, owner, spans)
    attributes = attributes_of(owner) if owner is not None else _NONE
    failures = {failure.span_id: failure for failure in run.failures}
    admissions = Admissions(attributes, [attributes_of(span) for span in operations])
    told = [
        tool_json(span, failures.get(span.span_id))
        if text_of(attributes_of(span), _PREFIX + "operation_type") == "tool"
        else model_json(span, failures.get(span.span_id))
        for span in operations
    ]
    return {
        "agent_span_id": run.span_id,
        "service": _service(run, owner),
        "agent_key": text_of(attributes, _PREFIX + "key") or _first_key(operations),
        "agent_name": text_of(attributes, _PREFIX + "name") or run.name,
        **_summary(attributes),
        "definition": payload_json(payload_of(attributes, _PREFIX + "definition_snapshot")),
        "input": payload_json(payload_of(attributes, _PREFIX + "input")),
        "output": payload_json(payload_of(attributes, _PREFIX + "output")),
        "input_candidate": candidate_of(attributes, "input_candidate"),
        "history_candidate": candidate_of(attributes, "history_candidate"),
        "operations": told,
        "tool_calls": _tool_calls(operations, admissions),
    }


def candidate_of(attributes: Attributes, name: str) -> dict[str, Any] | None:
    """Return a rejected value, None where there was none: available, payload, unavailable_reason."""
    key = _PREFIX + name
    if key not in attributes and f"{key}.available" not in attributes:
        return None
    return {
        "available": bool_of(attributes, f"{key}.available"),
        "payload": payload_json(payload_of(attributes, key)),
        "unavailable_reason": text_of(attributes, f"{key}.unavailable_reason"),
    }


def _operations_of(run: Run, owner: Span | None, spans: Sequence[Span]) -> list[Span]:
    """The model requests and tool calls of this run, by their sequence, and of those without one by their start."""
    found = []
    for span in spans:
        attributes = attributes_of(span)
        if text_of(attributes, _PREFIX + "operation_type") is None:
            continue
        runtime_id = text_of(attributes, _PREFIX + "runtime_id")
        if runtime_id == run.runtime_id or (runtime_id is None and owner and span.parent_span_id == owner.span_id):
            found.append((int_of(attributes, _PREFIX + "operation.sequence") or 0, span.start_ns, span.arrival, span))
    return [span for *_, span in sorted(found, key=lambda one: one[:3])]


def _service(run: Run, owner: Span | None) -> dict[str, Any]:
    resource = attributes_by_key(owner.resource.attributes_json) if owner is not None else _NONE
    return {
        "namespace": text_of(resource, "service.namespace"),
        "name": run.service_name,
        "version": run.service_version,
    }


def _first_key(operations: Sequence[Span]) -> str | None:
    return next((text_of(attributes_of(span), _PREFIX + "key") for span in operations), None)


def _summary(attributes: Attributes) -> dict[str, Any]:
    def count(name: str) -> int | None:
        return int_of(attributes, _PREFIX + name)

    return {
        "outcome": text_of(attributes, _PREFIX + "outcome"),
        "termination_reason": text_of(attributes, _PREFIX + "termination_reason"),
        "limits": {"model_requests": count("limit.model_requests"), "tool_calls": count("limit.tool_calls")},
        "limit_exceeded": text_of(attributes, _PREFIX + "limit.exceeded"),
        "counts": {
            "operations": count("operation.count"),
            "model_requests": count("model_request.count"),
            "tool_calls": {
                stage: count(f"tool_call.{stage}_count") for stage in ("requested", "admitted", "started", "completed")
            },
        },
        "usage": counted_usage(text_of(attributes, _PREFIX + "usage")),
    }


def _tool_calls(operations: Sequence[Span], admissions: Admissions) -> list[dict[str, Any]]:
    """Every call that a model asked for, in that order, and what became of it."""
    asked = [(span, call) for span in operations for call in requested_calls(attributes_of(span))]
    return [_tool_call(ordinal, span, call, admissions) for ordinal, (span, call) in enumerate(asked, 1)]


def _tool_call(ordinal: int, span: Span, call: RequestedCall, admissions: Admissions) -> dict[str, Any]:
    admission, reason = admissions.of(call)
    return {
        "call_id": call.id,
        "ordinal": ordinal,
        "tool_name": call.tool_name,
        "arguments": written(call.arguments),
        "requested_by_span_id": span.span_id,
        "operation_sequence": admissions.operation_of(call),
        "admission": admission,
        "reason": reason,
    }
