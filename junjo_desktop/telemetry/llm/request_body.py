"""The body of a request as OpenAI's and Anthropic's APIs take it, made of a call as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.otlp_json import Plain

_OPENAI_NAMES = {"stop_sequences": "stop", "choice.count": "n"}
_ANTHROPIC_NAMES = {"stop": "stop_sequences"}
_ANTHROPIC_MAX_TOKENS = 1024
"""Anthropic's API wants a limit; this one stands where none was told."""
_PNG = "image/png"


def openai_body(call: LlmCall) -> dict[str, Any]:
    """Return the body for chat completions, completions or embeddings."""
    body: dict[str, Any] = {"model": call.request_model or call.response_model or ""}
    match call.operation:
        case "embeddings":
            body["input"] = [text for message in call.input_messages if (text := _text(message.parts))]
        case "text_completion":
            body["prompt"] = "\n\n".join(_text(message.parts) for message in call.input_messages)
        case _:
            system = (
                [{"role": "system", "content": _text(call.system_instructions)}] if call.system_instructions else []
            )
            body["messages"] = [*system, *(one for message in call.input_messages for one in _openai_message(message))]
    for key, value in call.parameters.items():
        body.setdefault(_OPENAI_NAMES.get(key, key), value)
    if call.tool_definitions:
        body["tools"] = [
            {
                "type": "function",
                "function": _told(name=tool.name, description=tool.description, parameters=tool.parameters),
            }
            for tool in call.tool_definitions
        ]
    return body


def anthropic_body(call: LlmCall) -> dict[str, Any]:
    """Return the body for Anthropic's messages."""
    body: dict[str, Any] = {
        "model": call.request_model or call.response_model or "",
        "max_tokens": call.parameters.get("max_tokens", _ANTHROPIC_MAX_TOKENS),
    }
    for key, value in call.parameters.items():
        if key != "choice.count":
            body.setdefault(_ANTHROPIC_NAMES.get(key, key), value)
    if call.system_instructions:
        body["system"] = _text(call.system_instructions)
    messages: list[dict[str, Any]] = []
    for message in call.input_messages:
        role = "assistant" if message.role == "assistant" else "user"
        content = [one for part in message.parts if (one := _anthropic_part(part)) is not None]
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += content
        elif content:
            messages.append({"role": role, "content": content})
    body["messages"] = messages
    if call.tool_definitions:
        body["tools"] = [
            _told(name=tool.name, description=tool.description, input_schema=tool.parameters or {"type": "object"})
            for tool in call.tool_definitions
        ]
    return body


def _openai_message(message: Message) -> Iterable[dict[str, Any]]:
    results = [part for part in message.parts if isinstance(part, ToolResultPart)]
    for result in results:
        yield {"role": "tool", "tool_call_id": result.id or "", "content": _text(result.parts)}
    rest = [part for part in message.parts if not isinstance(part, ToolResultPart)]
    if results and not rest:
        return
    calls = [
        {
            "id": part.id or "",
            "type": "function",
            "function": {"name": part.name or "", "arguments": part.arguments_text},
        }
        for part in rest
        if isinstance(part, ToolCallPart)
    ]
    media = [part for part in rest if isinstance(part, MediaPart)]
    content: Any = [one for part in rest if (one := _openai_part(part))] if media else _text(rest)
    told: dict[str, Any] = {"role": message.role, "content": content or None if calls else content}
    if message.name:
        told["name"] = message.name
    if calls:
        told["tool_calls"] = calls
    yield told


def _openai_part(part: Part) -> dict[str, Any] | None:
    if isinstance(part, MediaPart):
        if part.kind == "image" and (address := _address(part)):
            return {"type": "image_url", "image_url": {"url": address}}
        return {"type": "text", "text": _unsent(part)}
    text = _text((part,))
    return {"type": "text", "text": text} if text else None


def _anthropic_part(part: Part) -> dict[str, Any] | None:
    match part:
        case ToolCallPart(identity, name, arguments):
            return {"type": "tool_use", "id": identity or "", "name": name or "", "input": _loaded(arguments)}
        case ToolResultPart(identity, _, parts):
            return {"type": "tool_result", "tool_use_id": identity or "", "content": _text(parts)}
        case MediaPart(kind="image", data=str(data)):
            source = {"type": "base64", "media_type": part.mime_type or _PNG, "data": data}
            return {"type": "image", "source": source}
        case MediaPart(kind="image", uri=str(uri)):
            return {"type": "image", "source": {"type": "url", "url": uri}}
        case MediaPart():
            return {"type": "text", "text": _unsent(part)}
    text = _text((part,))
    return {"type": "text", "text": text} if text else None


def _address(part: MediaPart) -> str | None:
    return part.uri if part.data is None else f"data:{part.mime_type or _PNG};base64,{part.data}"


def _unsent(part: MediaPart) -> str:
    return f"[{part.kind}: {part.name or part.uri or part.mime_type or 'not captured'}]"


def _text(parts: Sequence[Part]) -> str:
    """Return what of parts is text; thoughts are not sent back."""
    texts: list[str] = []
    for part in parts:
        match part:
            case TextPart(text):
                texts.append(text)
            case DataPart(json_text) | UnknownPart(json_text):
                texts.append(json_text)
            case MediaPart():
                texts.append(_unsent(part))
    return "\n\n".join(texts)


def _loaded(json_text: str) -> Plain:
    try:
        value: Plain = orjson.loads(json_text)
    except orjson.JSONDecodeError:
        value = None
    return value if isinstance(value, dict) else {"arguments": json_text}


def _told(**fields: Plain) -> dict[str, Plain]:
    return {key: value for key, value in fields.items() if value is not None}
