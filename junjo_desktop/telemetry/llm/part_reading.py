"""Reads one part of a message, in whatever shape: OpenTelemetry's, OpenAI's, Anthropic's, Gemini's, Bedrock's, and
those of the frameworks. What is of no known kind is an `UnknownPart`, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable

from junjo_desktop.telemetry.llm.media_reading import MEDIA_TYPES, read_media
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.llm.values import arguments_text, as_object, as_text, compact, plain, structure
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

# Results of tools hold parts, and those may be results again.
_DEEPEST = 8


def read_parts(content: Plain, depth: int = 0) -> tuple[Part, ...]:
    """Read the content of a message: a text, a part, or a list of both."""
    content = plain(content)
    if content is None or content == "":
        return ()
    if isinstance(content, list):
        return tuple(part for item in content for part in read_part(item, depth))
    return read_part(content, depth)


def read_part(value: Plain, depth: int = 0) -> tuple[Part, ...]:
    """Read one part; a text that is empty is none."""
    value = plain(value)
    if isinstance(value, str):
        return (TextPart(value),) if value else ()
    if not isinstance(value, dict):
        return (DataPart(compact(value)),) if value is not None else ()
    read = _reader_of(value) if depth < _DEEPEST else None
    if read is None:
        return (UnknownPart(compact(value)),)
    found = read(value, depth)
    return (UnknownPart(compact(value)),) if found is None else found


def is_part(value: Plain) -> bool:
    """Whether a value is an object of a shape that is known here."""
    return isinstance(value, dict) and _reader_of(value) is not None


def read_tool_call(value: Plain) -> ToolCallPart | None:
    """Read a call of a tool, whatever its shape; None where it is no object."""
    call = as_object(value)
    if not call:
        return None
    inner = call.get("function", call.get("tool_call", call.get("server_tool_call", call.get("custom"))))
    function = as_object(inner) or call
    if isinstance(inner, str):  # an older shape has the name there
        function = {**call, "name": inner}
    identity = _first_text(call, "id", "call_id", "toolCallId", "tool_call_id", "toolUseId", "tool_use_id")
    return ToolCallPart(
        identity or _first_text(function, "id"),
        _first_text(function, "name", "toolName", "tool_name") or _first_text(call, "name", "toolName"),
        arguments_text(_first(function, "arguments", "input", "args", "parameters", "input_schema", "raw_input")),
    )


def read_tool_result(value: Attributes, depth: int = 0) -> ToolResultPart:
    """Read what a tool gave back."""
    inner = as_object(value.get("server_tool_call_response", value.get("tool_call_response"))) or value
    content = _first(inner, "response", "result", "output", "content", "value", "toolResult")
    return ToolResultPart(
        _first_text(value, "id", "tool_use_id", "tool_call_id", "call_id", "toolCallId", "toolUseId"),
        _first_text(value, "name", "tool_name", "toolName"),
        result_parts(content, depth),
    )


def result_parts(content: Plain, depth: int = 0) -> tuple[Part, ...]:
    """Read what a tool gave back: parts of a message where it is made of those, else a value."""
    content = structure(content)
    if isinstance(content, dict) and set(content) == {"type", "value"}:  # the Vercel AI SDK says what kind it is
        content = structure(content["value"])
    if isinstance(content, list) and content and all(is_part(item) for item in content):
        return read_parts(content, depth + 1)
    if isinstance(content, dict):
        return read_part(content, depth + 1) if is_part(content) else (DataPart(compact(content)),)
    if isinstance(content, list):
        return (DataPart(compact(content)),)
    return read_parts(content, depth + 1)


def _text(value: Attributes, _depth: int) -> tuple[Part, ...] | None:
    said = plain(_first(value, "content", "text", "refusal", "input_text", "output_text", "value"))
    if isinstance(said, dict):
        said = said.get("value")
    if said == "":
        return ()
    if isinstance(said, str):
        return (TextPart(said),)
    return None if said is None else (DataPart(compact(said)),)


def _reasoning(value: Attributes, _depth: int) -> tuple[Part, ...] | None:
    thought = _first(
        value, "content", "text", "thinking", "reasoning", "reasoningText", "reasoning_content", "summary", "data"
    )
    return (ReasoningPart(_joined(thought)),)


def _joined(thought: Plain, depth: int = 0) -> str:
    if isinstance(thought, str):
        return thought
    if depth < _DEEPEST and isinstance(thought, dict):
        return _joined(_first(thought, "text", "reasoningText", "content", "thinking"), depth + 1)
    if depth < _DEEPEST and isinstance(thought, list):
        return "\n\n".join(text for item in thought if (text := _joined(item, depth + 1)))
    return ""


def _tool_call(value: Attributes, _depth: int) -> tuple[Part, ...] | None:
    call = read_tool_call(value)
    return None if call is None else (call,)


def _tool_result(value: Attributes, depth: int) -> tuple[Part, ...] | None:
    return (read_tool_result(value, depth),)


def _media(value: Attributes, _depth: int) -> tuple[Part, ...] | None:
    media = read_media(value)
    return None if media is None else (media,)


def _data(value: Attributes, _depth: int) -> tuple[Part, ...] | None:
    for key in ("json", "object", "data", "content"):
        if key in value:
            return (DataPart(compact(structure(value[key]))),)
    return None


def _within(key: str, read: _Reader) -> _Reader:
    """Read what stands under the key that says of which kind it is, as Gemini and Bedrock have it."""

    def read_within(value: Attributes, depth: int) -> tuple[Part, ...] | None:
        inner = plain(value.get(key))
        if isinstance(inner, str):
            inner = {"content": inner}
        return read(inner, depth) if isinstance(inner, dict) else None

    return read_within


_Reader = Callable[[Attributes, int], "tuple[Part, ...] | None"]

_BY_TYPE: dict[str, _Reader] = {
    **dict.fromkeys(("text", "input_text", "output_text", "refusal", "summary_text", "plain_text"), _text),
    **dict.fromkeys(("reasoning", "thinking", "redacted_thinking", "reasoning_text", "reasoning_content"), _reasoning),
    **dict.fromkeys(
        ("tool_call", "tool_use", "function", "function_call", "server_tool_call", "server_tool_use", "mcp_tool_use"),
        _tool_call,
    ),
    **dict.fromkeys(("custom_tool_call", "mcp_call"), _tool_call),
    **dict.fromkeys(
        ("tool_call_response", "tool_result", "function_call_output", "server_tool_call_response", "tool_response"),
        _tool_result,
    ),
    **dict.fromkeys(("mcp_tool_result", "custom_tool_call_output", "function_response"), _tool_result),
    **dict.fromkeys(MEDIA_TYPES, _media),
    **dict.fromkeys(("json", "object", "data"), _data),
}

_BY_KEY: dict[str, _Reader] = {
    "functionCall": _within("functionCall", _tool_call),
    "function_call": _within("function_call", _tool_call),
    "functionResponse": _within("functionResponse", _tool_result),
    "function_response": _within("function_response", _tool_result),
    "toolUse": _within("toolUse", _tool_call),
    "toolResult": _within("toolResult", _tool_result),
    "reasoningContent": _within("reasoningContent", _reasoning),
    "inlineData": _within("inlineData", _media),
    "inline_data": _within("inline_data", _media),
    "fileData": _within("fileData", _media),
    "file_data": _within("file_data", _media),
    "image": _media,
    "video": _media,
    "document": _media,
    "text": _text,
}


def _reader_of(value: Attributes) -> _Reader | None:
    kind = value.get("type")
    if isinstance(kind, str):
        return _BY_TYPE.get(kind.replace("-", "_").lower())
    if value.get("thought") is True:
        return _reasoning
    return next((read for key, read in _BY_KEY.items() if value.get(key) is not None), None)


def _first(value: Attributes, *keys: str) -> Plain:
    return next((found for key in keys if (found := value.get(key)) is not None), None)


def _first_text(value: Attributes, *keys: str) -> str | None:
    return next((found for key in keys if (found := as_text(value.get(key)))), None)
