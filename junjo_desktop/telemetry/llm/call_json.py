"""A call as JSON: whole, in this project's names."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.llm.usage import Usage


def call_json(call: LlmCall) -> dict[str, Any]:
    """Return a call, with every message and every part. Texts that hold JSON stay texts."""
    return {
        "trace_id": call.trace_id,
        "span_id": call.span_id,
        "operation": call.operation,
        "provider": call.provider,
        "request_model": call.request_model,
        "response_model": call.response_model,
        "response_id": call.response_id,
        "parameters": dict(call.parameters),
        "system_instructions": [part_json(part) for part in call.system_instructions],
        "input_messages": [message_json(message) for message in call.input_messages],
        "output_messages": [message_json(message) for message in call.output_messages],
        "tool_definitions": [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in call.tool_definitions
        ],
        "finish_reasons": list(call.finish_reasons),
        "usage": usage_json(call.usage),
        "time_to_first_token_ns": call.time_to_first_token_ns,
        "error": None if call.error is None else {"type": call.error.type, "message": call.error.message},
        "conversation_id": call.conversation_id,
        "user_id": call.user_id,
        "agent_name": call.agent_name,
        "server_address": call.server_address,
        "prompt_name": call.prompt_name,
        "prompt_version": call.prompt_version,
        "captured": {
            "input": call.captured.input,
            "output": call.captured.output,
            "switch": call.captured.switch,
        },
        "conventions": list(call.conventions),
        "notes": list(call.notes),
    }


def usage_json(usage: Usage | None) -> dict[str, int | float | None] | None:
    """Return the tokens by name; what is unknown is null."""
    return None if usage is None else {name: getattr(usage, name) for name in Usage.__slots__}


def message_json(message: Message) -> dict[str, Any]:
    """Return a message."""
    return {
        "role": message.role,
        "name": message.name,
        "finish_reason": message.finish_reason,
        "parts": [part_json(part) for part in message.parts],
    }


def part_json(part: Part) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of part
    """Return a part; its `type` says of which kind it is."""
    match part:
        case TextPart(text):
            return {"type": "text", "text": text}
        case ReasoningPart(text):
            return {"type": "reasoning", "text": text}
        case ToolCallPart(identity, name, arguments):
            return {"type": "tool_call", "id": identity, "name": name, "arguments": arguments}
        case ToolResultPart(identity, name, parts):
            return {"type": "tool_result", "id": identity, "name": name, "parts": [part_json(one) for one in parts]}
        case MediaPart(kind, mime_type, data, uri, name, missing):
            told = {"mime_type": mime_type, "data": data, "uri": uri, "name": name, "missing": missing}
            return {"type": kind, **told}
        case DataPart(json_text):
            return {"type": "data", "json": json_text}
        case UnknownPart(json_text):
            return {"type": "unknown", "raw": json_text}
