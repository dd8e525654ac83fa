"""Messages to and from a model as entries of a conversation. Qt-free; made off the GUI thread."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import orjson

from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.llm.parts import Part as MessagePart
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.conversation.entries import (
    Badge,
    Entry,
    Part,
    media_part,
    message_part,
    note_part,
    value_part,
)
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import bytes_text

_ROLES: dict[str, Role] = {"system": "dim", "developer": "dim", "user": "info", "assistant": "llm", "tool": "tool"}
_BASE64_SHARE = 0.75
MOST_IMAGE_CHARACTERS = 12_000_000
"""Of base64: about 9 MB of picture. Larger ones are told, not shown."""
_DEEPEST = 8


def message_entry(
    key: Hashable,
    message: Message,
    *,
    span_id: str,
    facts: str = "",
    depth: int = 0,
    badges: tuple[Badge, ...] = (),
    notes: tuple[Part, ...] = (),
    without_calls: bool = False,
) -> Entry:
    """Return the entry of a message; `without_calls` leaves out the tool calls, which have entries of their own."""
    parts = [part for part in message.parts if not (without_calls and isinstance(part, ToolCallPart))]
    return Entry(
        key=key,
        tag=message.role or "message",
        role=_ROLES.get(message.role, "node"),
        title=message.name or "",
        facts=facts,
        span_id=span_id,
        depth=depth,
        badges=badges,
        parts=(*shown_parts(parts), *notes),
        raw=message_json(message),
    )


def shown_parts(parts: Sequence[MessagePart], label: str = "", depth: int = 0) -> tuple[Part, ...]:
    """Return parts of a message as parts of an entry."""
    return tuple(shown for part in parts for shown in _shown(part, label, depth))


def _shown(part: MessagePart, label: str, depth: int) -> tuple[Part, ...]:  # noqa: PLR0911 - one return for each kind of part
    match part:
        case TextPart(text):
            return (message_part(label, text),) if text else ()
        case ReasoningPart(text):
            return (message_part("Reasoning", text) if text else note_part("It reasoned; the provider keeps how."),)
        case ToolCallPart(_, name, arguments):
            return (arguments_part(f"Calls {one_line(name or 'a tool', 60)}", arguments),)
        case ToolResultPart(_, name, parts):
            result = f"Result of {one_line(name, 60)}" if name else "Result"
            if depth >= _DEEPEST:
                return (note_part("It is nested too deeply to be shown."),)
            return shown_parts(parts, result, depth + 1) or (note_part(f"{result}: nothing"),)
        case MediaPart():
            return (_media(part),)
        case DataPart(json_text) | UnknownPart(json_text):
            kind = label or ("Data" if isinstance(part, DataPart) else "Of an unknown kind")
            return (arguments_part(kind, json_text),)


def _media(part: MediaPart) -> Part:
    words = media_words(part)
    is_shown = part.kind == "image" and part.data is not None and len(part.data) <= MOST_IMAGE_CHARACTERS
    if part.kind == "image" and part.data is not None and not is_shown:
        words += " · too large to be shown"
    is_web = part.uri is not None and part.uri.lower().startswith(("https://", "http://"))
    return media_part(words, image=part.data if is_shown else None, address=part.uri if is_web else None)


def arguments_part(label: str, json_text: str) -> Part:
    """Return JSON text as a value, and what is none as the text it is."""
    try:
        return value_part(label, orjson.loads(json_text))
    except orjson.JSONDecodeError:
        return value_part(label, json_text)


def media_words(part: MediaPart) -> str:
    """Say what an image, a sound or a file is, without loading it."""
    words = [part.kind, part.mime_type or "", one_line(part.name or "", 80)]
    if part.data is not None:
        words.append(bytes_text(round(len(part.data) * _BASE64_SHARE)))
    if part.uri is not None:
        words.append(one_line(part.uri, 200))
    if part.missing:
        words.append(part.missing)
    return " · ".join(word for word in words if word)


def message_json(message: Message) -> dict[str, Any]:
    """Return a message ready for JSON, in the words of OpenTelemetry's GenAI conventions."""
    told: dict[str, Any] = {"role": message.role}
    if message.name:
        told["name"] = message.name
    told["parts"] = [part_json(part) for part in message.parts]
    if message.finish_reason:
        told["finish_reason"] = message.finish_reason
    return told


def part_json(part: MessagePart) -> dict[str, Any]:
    """Return a part ready for JSON."""
    match part:
        case TextPart(text):
            return {"type": "text", "content": text}
        case ReasoningPart(text):
            return {"type": "reasoning", "content": text}
        case ToolCallPart(id, name, arguments):
            return {"type": "tool_call", "id": id, "name": name, "arguments": _loaded(arguments)}
        case ToolResultPart(id, name, parts):
            response = [part_json(one) for one in parts]
            return {"type": "tool_call_response", "id": id, "name": name, "response": response}
        case MediaPart():
            kind = "blob" if part.data is not None else "uri"
            told = {"modality": part.kind, "mime_type": part.mime_type, "content": part.data, "uri": part.uri}
            return {"type": kind, **{key: value for key, value in told.items() if value is not None}}
        case DataPart(json_text) | UnknownPart(json_text):
            return {"type": "data" if isinstance(part, DataPart) else "unknown", "content": _loaded(json_text)}


def _loaded(json_text: str) -> Any:
    try:
        return orjson.loads(json_text)
    except orjson.JSONDecodeError:
        return json_text
