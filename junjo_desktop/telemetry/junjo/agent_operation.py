"""Reads model requests and tool calls of an agent from their spans."""

from __future__ import annotations

from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.agent_model import AgentOperation, Candidate, ModelRequest, TokenSum, ToolCall, Usage
from junjo_desktop.telemetry.junjo.attributes import attributes_of, bool_of, int_of, text_of, to_int
from junjo_desktop.telemetry.junjo.executable import end_of
from junjo_desktop.telemetry.junjo.payload import Payload, payload_of
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.semantics import ERROR_TYPE
from junjo_desktop.telemetry.span import Span

PREFIX = "junjo.agent."
OPERATION_TYPE = PREFIX + "operation_type"
_TOKENS = {
    "input_tokens": "inputTokens",
    "output_tokens": "outputTokens",
    "cached_input_tokens": "cachedInputTokens",
    "reasoning_tokens": "reasoningTokens",
    "total_tokens": "totalTokens",
}


def read_operation(span: Span) -> AgentOperation:
    """Read a span that has an operation type; of a type that is not known, as a model request."""
    attributes = attributes_of(span)
    is_tool = text_of(attributes, OPERATION_TYPE) == "tool"
    return _tool_call(span, attributes) if is_tool else _model_request(span, attributes)


def slot(attributes: Attributes, name: str) -> Payload:
    """Read one of an agent's payload slots."""
    return payload_of(attributes, PREFIX + name)


def candidate(attributes: Attributes, name: str) -> Candidate:
    """Read a value as it was before it was checked."""
    key = PREFIX + name
    return Candidate(
        is_available=bool_of(attributes, f"{key}.available"),
        payload=payload_of(attributes, key),
        unavailable_reason=text_of(attributes, f"{key}.unavailable_reason"),
    )


def read_usage(text: str | None) -> Usage:
    """Read the tokens of a whole run."""
    found = _object(text)
    fields = found.get("fields")
    return Usage(
        model_responses=to_int(found.get("modelResponses")),
        fields={
            name: TokenSum(to_int(told.get("sum")), to_int(told.get("observations")))
            for name, key in _TOKENS.items()
            if isinstance(fields, dict) and isinstance(told := fields.get(key), dict)
        },
    )


def summed_usage(operations: tuple[AgentOperation, ...]) -> Usage:
    """Sum up what the single responses told: for a run whose own span has not arrived."""
    answered = [one for one in operations if isinstance(one, ModelRequest) and one.response.text is not None]
    fields = {}
    for name in _TOKENS:
        told = [tokens for one in answered if (tokens := one.tokens[name]) is not None]
        if told:
            fields[name] = TokenSum(sum(told), len(told))
    return Usage(len(answered), fields)


def _model_request(span: Span, attributes: Attributes) -> ModelRequest:
    usage = _object(text_of(attributes, PREFIX + "model.usage"))
    return ModelRequest(
        **_common(span, attributes),
        ordinal=int_of(attributes, PREFIX + "model_request.ordinal"),
        state_revision=int_of(attributes, PREFIX + "model_request.state_revision"),
        driver_key=text_of(attributes, PREFIX + "model.driver_key"),
        provider=text_of(attributes, PREFIX + "model.provider"),
        model_name=text_of(attributes, PREFIX + "model.name"),
        request=slot(attributes, "model.request"),
        response_candidate=candidate(attributes, "model.response_candidate"),
        response_type=text_of(attributes, PREFIX + "model.response_type"),
        response=slot(attributes, "model.response"),
        tokens={name: to_int(usage.get(key)) for name, key in _TOKENS.items()},
    )


def _tool_call(span: Span, attributes: Attributes) -> ToolCall:
    return ToolCall(
        **_common(span, attributes),
        call_id=text_of(attributes, PREFIX + "tool_call.id"),
        ordinal=int_of(attributes, PREFIX + "tool_call.ordinal"),
        tool_name=text_of(attributes, PREFIX + "tool.name"),
        tool_structural_id=text_of(attributes, PREFIX + "tool.structural_id"),
        state_revision_before=int_of(attributes, PREFIX + "tool.state_revision.before"),
        state_revision_after=int_of(attributes, PREFIX + "tool.state_revision.after"),
        requested_arguments=slot(attributes, "tool.requested_arguments"),
        arguments=slot(attributes, "tool.arguments"),
        result_candidate=candidate(attributes, "tool.result_candidate"),
        result=slot(attributes, "tool.result"),
        error_type=text_of(attributes, ERROR_TYPE),
    )


def _common(span: Span, attributes: Attributes) -> dict[str, Any]:
    return {
        "span_id": span.span_id,
        "name": span.name,
        "sequence": int_of(attributes, PREFIX + "operation.sequence"),
        "start_ns": span.start_time_unix_nano,
        "end_ns": span.end_time_unix_nano if end_of(span) is not None else None,
        "is_cancelled": bool_of(attributes, "junjo.cancelled") is True,
        "is_error": span.is_error,
        "cancelled_reason": text_of(attributes, "junjo.cancelled_reason"),
    }


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
