"""One model request or tool call of an agent as JSON."""

from __future__ import annotations

from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.attributes import attributes_of, bool_of, int_of, text_of, to_int
from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.json_value import payload_json
from junjo_desktop.telemetry.junjo.payload import payload_of
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.span import Span, iso_time

_PREFIX = "junjo.agent."
_TOKENS = {
    "input_tokens": "inputTokens",
    "output_tokens": "outputTokens",
    "cached_input_tokens": "cachedInputTokens",
    "reasoning_tokens": "reasoningTokens",
    "total_tokens": "totalTokens",
}


def model_json(span: Span, failure: Failure | None) -> dict[str, Any]:
    """Return a model request."""
    attributes = attributes_of(span)
    usage = _object(text_of(attributes, _PREFIX + "model.usage"))
    return {
        "type": "model_request",
        **_common(span, attributes, failure),
        "ordinal": int_of(attributes, _PREFIX + "model_request.ordinal"),
        "state_revision": int_of(attributes, _PREFIX + "model_request.state_revision"),
        "driver_key": text_of(attributes, _PREFIX + "model.driver_key"),
        "provider": text_of(attributes, _PREFIX + "model.provider"),
        "model_name": text_of(attributes, _PREFIX + "model.name"),
        "request": _payload(attributes, "model.request"),
        "response_candidate": _candidate(attributes, "model.response_candidate"),
        "response_type": text_of(attributes, _PREFIX + "model.response_type"),
        "response": _payload(attributes, "model.response"),
        "usage": {name: to_int(usage.get(key)) for name, key in _TOKENS.items()},
    }


def tool_json(span: Span, failure: Failure | None) -> dict[str, Any]:
    """Return a tool call."""
    attributes = attributes_of(span)
    return {
        "type": "tool",
        **_common(span, attributes, failure),
        "call_id": text_of(attributes, _PREFIX + "tool_call.id"),
        "ordinal": int_of(attributes, _PREFIX + "tool_call.ordinal"),
        "tool_name": text_of(attributes, _PREFIX + "tool.name"),
        "tool_structural_id": text_of(attributes, _PREFIX + "tool.structural_id"),
        "state_revision_before": int_of(attributes, _PREFIX + "tool.state_revision.before"),
        "state_revision_after": int_of(attributes, _PREFIX + "tool.state_revision.after"),
        "requested_arguments": _payload(attributes, "tool.requested_arguments"),
        "arguments": _payload(attributes, "tool.arguments"),
        "result_candidate": _candidate(attributes, "tool.result_candidate"),
        "result": _payload(attributes, "tool.result"),
    }


def counted_usage(text: str | None) -> dict[str, Any]:
    """Return the usage of a whole run: model_responses, and fields by name with their sum and observations."""
    found = _object(text)
    fields = found.get("fields")
    return {
        "model_responses": to_int(found.get("modelResponses")),
        "fields": {
            name: {"sum": to_int(field.get("sum")), "observations": to_int(field.get("observations"))}
            for name, key in _TOKENS.items()
            if isinstance(fields, dict) and isinstance(field := fields.get(key), dict)
        },
    }


def _common(span: Span, attributes: Attributes, failure: Failure | None) -> dict[str, Any]:
    is_cancelled = bool_of(attributes, "junjo.cancelled") is True
    reason = text_of(attributes, "junjo.cancelled_reason")
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    return {
        "sequence": int_of(attributes, _PREFIX + "operation.sequence"),
        "span_id": span.span_id,
        "start_time": iso_time(start),
        "end_time": iso_time(end),
        "start_time_unix_nano": str(start),
        "end_time_unix_nano": str(end),
        "duration_ns": end - start,
        "outcome": "cancelled" if is_cancelled else "failed" if failure is not None else "completed",
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
        "cancellation": {"reason": reason} if is_cancelled else None,
    }


def _payload(attributes: Attributes, name: str) -> dict[str, Any]:
    return payload_json(payload_of(attributes, _PREFIX + name))


def _candidate(attributes: Attributes, name: str) -> dict[str, Any]:
    key = _PREFIX + name
    return {
        "available": bool_of(attributes, f"{key}.available"),
        "payload": _payload(attributes, name),
        "unavailable_reason": text_of(attributes, f"{key}.unavailable_reason"),
    }


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
