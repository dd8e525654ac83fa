"""One model request or tool call of an agent as JSON."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.agent import Candidate, ModelRequest, Operation, ToolCall
from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.json_value import payload_json
from junjo_desktop.telemetry.junjo.run_json import times_json


def model_json(request: ModelRequest, failure: Failure | None) -> dict[str, Any]:
    """Return a model request."""
    return {
        "type": "model_request",
        **_common(request, failure),
        "ordinal": request.ordinal,
        "state_revision": request.state_revision,
        "driver_key": request.driver_key,
        "provider": request.provider,
        "model_name": request.model_name,
        "request": payload_json(request.request),
        "response_candidate": candidate_json(request.response_candidate),
        "response_type": request.response_type,
        "response": payload_json(request.response),
        "usage": dict(request.tokens),
    }


def tool_json(call: ToolCall, failure: Failure | None) -> dict[str, Any]:
    """Return a tool call."""
    return {
        "type": "tool",
        **_common(call, failure),
        "call_id": call.call_id,
        "ordinal": call.ordinal,
        "tool_name": call.tool_name,
        "tool_structural_id": call.tool_structural_id,
        "state_revision_before": call.state_revision_before,
        "state_revision_after": call.state_revision_after,
        "requested_arguments": payload_json(call.requested_arguments),
        "arguments": payload_json(call.arguments),
        "result_candidate": candidate_json(call.result_candidate),
        "result": payload_json(call.result),
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Return a value as it was before it was checked."""
    return {
        "available": candidate.is_available,
        "payload": payload_json(candidate.payload),
        "unavailable_reason": candidate.unavailable_reason,
    }


def _common(operation: Operation, failure: Failure | None) -> dict[str, Any]:
    return {
        "sequence": operation.sequence,
        "span_id": operation.span_id,
        **times_json(operation.start_ns, operation.end_ns),
        "outcome": "cancelled" if operation.is_cancelled else "failed" if failure is not None else "completed",
        "error": (
            {
                "type": failure.type,
                "message": failure.message,
                "cause": failure.cause,
                "stacktrace": failure.stacktrace,
            }
            if failure is not None
            else None
        ),
        "cancellation": {"reason": operation.cancelled_reason} if operation.is_cancelled else None,
    }
