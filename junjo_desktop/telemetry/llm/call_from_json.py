"""From the JSON of a call (see `call_json`) back to what it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junjo_desktop.telemetry.llm.call import Captured, LlmCall
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
    UnknownPart,
)


def question_from_json(told: Mapping[str, Any]) -> LlmCall:
    """Return a call without its answer: what it would take to make it again."""
    captured = told["captured"]
    return LlmCall(
        told["trace_id"],
        told["span_id"],
        told["operation"],
        provider=told["provider"],
        request_model=told["request_model"],
        response_model=told["response_model"],
        parameters=told["parameters"],
        system_instructions=_parts(told["system_instructions"]),
        input_messages=tuple(
            Message(one["role"], _parts(one["parts"]), one["name"], one["finish_reason"])
            for one in told["input_messages"]
        ),
        tool_definitions=tuple(
            ToolDefinition(one["name"], one["description"], one["parameters"]) for one in told["tool_definitions"]
        ),
        server_address=told["server_address"],
        captured=Captured(captured["input"], captured["output"], captured["switch"]),
        notes=tuple(told["notes"]),
    )


def _parts(told: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(_part(one) for one in told)


def _part(told: Mapping[str, Any]) -> Part:  # noqa: PLR0911 - one return for each kind of part
    match told["type"]:
        case "text":
            return TextPart(told["text"])
        case "reasoning":
            return ReasoningPart(told["text"])
        case "tool_call":
            return ToolCallPart(told["id"], told["name"], told["arguments"])
        case "tool_result":
            return ToolResultPart(told["id"], told["name"], _parts(told["parts"]))
        case "data":
            return DataPart(told["json"])
        case "unknown":
            return UnknownPart(told["raw"])
    return MediaPart(told["type"], *(told[name] for name in ("mime_type", "data", "uri", "name", "missing")))
