"""A call that was read, in the form in which the stand-in for the providers noted it."""

from __future__ import annotations

import json
from typing import Any

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.counting import Sighting, counted
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
from junjo_desktop.telemetry.llm.reading import read_call
from tests.captures.load import Capture

FIELDS = (
    "operation",
    "provider",
    "request_model",
    "response_model",
    "response_id",
    "parameters",
    "system",
    "messages",
    "tools",
    "answer",
    "finish",
    "tokens",
    "cache",
    "reasoning",
    "error",
)


def calls_of(capture: Capture) -> list[LlmCall]:
    """Read the calls of a capture that count, by start."""
    sightings = [
        Sighting.of(call, span) for span in capture.spans if (call := read_call(span, capture.logs)) is not None
    ]
    parents = {(span.trace_id, span.span_id): span.parent_span_id for span in capture.spans}
    counting = counted(sightings, parents)
    return [sighting.call for sighting in sightings if sighting.spot in counting]


def found(call: LlmCall, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what was read of a call; of its parameters those that were asked for."""
    usage = call.usage
    is_chat = call.operation == "chat"
    return {
        "operation": call.operation,
        "provider": call.provider,
        "request_model": call.request_model,
        "response_model": call.response_model,
        "response_id": call.response_id,
        "parameters": {name: call.parameters.get(name) for name in asked["parameters"]},
        "system": [part["text"] for part in map(_part, call.system_instructions)],
        "messages": [_message(message) for message in call.input_messages],
        "tools": [tool.name for tool in call.tool_definitions],
        "answer": [_message(message) for message in call.output_messages],
        "finish": list(call.finish_reasons),
        "tokens": usage and [usage.input_tokens, usage.output_tokens or 0],
        "cache": usage and [usage.cache_read_tokens or 0, usage.cache_write_tokens or 0],
        "reasoning": (usage and usage.reasoning_tokens) or 0,
        "error": call.error is not None,
        **({} if is_chat else {"finish": []}),
    }


def true(exchange: dict[str, Any]) -> dict[str, Any]:
    """Return what really happened."""
    answer, tokens = exchange["answer"], exchange["tokens"]
    texts = [{"role": "user", "parts": [{"text": text} for text in exchange["texts"]]}] if exchange["texts"] else []
    return {
        **{name: exchange[name] for name in ("operation", "provider", "request_model", "response_model")},
        "response_id": exchange["response_id"] if exchange["operation"] == "chat" else None,
        "parameters": exchange["parameters"],
        "system": exchange["system"],
        "messages": [_noted(one) for message in exchange["messages"] for one in _each_result(message)] or texts,
        "tools": exchange["tools"],
        "answer": [_noted(answer)] if answer else [],
        "finish": [answer["finish"]] if answer else [],
        "tokens": tokens and [tokens["input"], tokens["output"]],
        "cache": tokens and [tokens["cache_read"], tokens["cache_write"]],
        "reasoning": (tokens and tokens["reasoning"]) or 0,
        "error": exchange["error"] is not None,
    }


def _message(message: Message) -> dict[str, Any]:
    return {"role": message.role, "parts": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of part
    match part:
        case TextPart(text):
            return {"text": text}
        case DataPart(json_text):
            return {"text": json.loads(json_text)}
        case ReasoningPart(text):
            return {"reasoning": text}
        case ToolCallPart(identity, name, arguments):
            return {"call": {"id": identity, "name": name, "arguments": json.loads(arguments or "null")}}
        case ToolResultPart(identity, _, (inner,)):
            return {"result": {"id": identity, **_part(inner)}}
        case ToolResultPart(identity, _, parts):
            return {"result": {"id": identity, "parts": [_part(inner) for inner in parts]}}
        case MediaPart():
            held = {"data": part.data} if part.data else {"uri": part.uri}
            return {part.kind: {"mime": part.mime_type, **held}}
        case UnknownPart(json_text):
            return {"unknown": json_text}


def _noted(message: dict[str, Any]) -> dict[str, Any]:
    """Return a noted message with JSON as values: how it is spaced is no matter here."""
    return {"role": message["role"], "parts": [_noted_part(part) for part in message["parts"]]}


def _each_result(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a message for each result of a tool, also where the wire format has several in one."""
    if message["role"] != "tool":
        return [message]
    return [{"role": "tool", "parts": [part]} for part in message["parts"]]


def _noted_part(part: dict[str, Any]) -> dict[str, Any]:
    if "call" in part:
        return {"call": {**part["call"], "arguments": json.loads(part["call"]["arguments"])}}
    if "result" in part:
        return {"result": {**part["result"], "text": _value(part["result"]["text"])}}
    return {"text": _value(part["text"])} if "text" in part else part


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in {"{", "["} else text
