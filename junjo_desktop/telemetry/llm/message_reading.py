"""Reads messages, in whatever shape: of the providers' requests and answers, of OpenTelemetry, of the frameworks."""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.telemetry.llm.part_reading import is_part, read_part, read_parts, read_tool_call, result_parts
from junjo_desktop.telemetry.llm.parts import Message, Part, ReasoningPart, ToolCallPart, ToolResultPart, UnknownPart
from junjo_desktop.telemetry.llm.values import as_object, as_text, compact, items, plain, structure
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

ASSISTANT, SYSTEM, TOOL, USER = "assistant", "system", "tool", "user"

ROLES = {
    **dict.fromkeys(("human", "humanmessage", "humanmessagechunk", "user_message"), USER),
    **dict.fromkeys(("ai", "model", "bot", "aimessage", "aimessagechunk", "assistant_message"), ASSISTANT),
    **dict.fromkeys(("developer", "systemmessage", "system_message"), SYSTEM),
    **dict.fromkeys(("function", "toolmessage", "tool_response", "tool-response", "functionmessage"), TOOL),
    "messagerole.user": USER,
    "messagerole.assistant": ASSISTANT,
    "messagerole.system": SYSTEM,
}

# Items of OpenAI's Responses API that are messages by themselves.
_ASSISTANT_ITEMS = frozenset(
    ("reasoning", "function_call", "custom_tool_call", "mcp_call", "web_search_call", "file_search_call")
)
_DEEPEST = 4
_TOOL_ITEMS = frozenset(("function_call_output", "custom_tool_call_output"))


def role_of(value: Plain, default: str) -> str:
    """Return the role that a word means."""
    word = value if isinstance(value, str) and value not in {"", "unknown"} else default
    return ROLES.get(word.lower(), word.lower())


def read_messages(value: Plain, default_role: str = USER) -> tuple[Message, ...]:
    """Read a list of messages, one message or a text; items that follow each other as one turn are one message."""
    messages: list[Message] = []
    was_item = False
    for item in items(value):
        message, is_item = _read(item, default_role)
        if is_item and was_item and messages and messages[-1].role == message.role == ASSISTANT:
            messages[-1] = replace(messages[-1], parts=messages[-1].parts + message.parts)
        else:
            messages.append(message)
        was_item = is_item
    return tuple(messages)


def read_message(value: Plain, default_role: str = USER) -> Message:
    """Read one message; what is none becomes one with an unknown part."""
    return _read(value, default_role)[0]


def read_system(value: Plain) -> tuple[Part, ...]:
    """Read system instructions: a text, parts, or messages with parts."""
    found: list[Part] = []
    for item in items(value):
        if isinstance(item, dict) and ("parts" in item or "role" in item):
            found += read_message(item, SYSTEM).parts
        else:
            found += read_part(item)
    return tuple(found)


def _read(value: Plain, default_role: str, depth: int = 0) -> tuple[Message, bool]:
    """Read a message, and say whether it is an item that may belong to the one before."""
    value = plain(value)
    if isinstance(value, str):
        return Message(default_role, read_parts(value)), False
    if not isinstance(value, dict) or depth > _DEEPEST:
        return Message(default_role, (UnknownPart(compact(value)),)), False
    kind = as_text(value.get("type"))
    if kind in _TOOL_ITEMS:
        message = Message(TOOL, read_part(value))
    elif kind in _ASSISTANT_ITEMS and "role" not in value:
        return Message(ASSISTANT, read_part(value)), True
    elif kind == "constructor" or "lc" in value:
        message = _of_langchain(value, default_role)
    elif isinstance(inner := value.get("message"), dict) and "role" not in value:
        message, _ = _read(inner, default_role, depth + 1)
        message = replace(message, finish_reason=as_text(value.get("finish_reason")) or message.finish_reason)
    elif isinstance(inner := value.get("data"), dict) and kind and "role" not in value:
        message, _ = _read({**inner, "role": kind}, default_role, depth + 1)
    else:
        message = _of_object(value, default_role)
    return message, kind == "message"


def _of_object(value: Attributes, default_role: str) -> Message:
    role = role_of(value.get("role", _role_by_type(value)), default_role)
    parts = list(_parts_of(value, role))
    reasoning = as_text(value.get("reasoning_content")) or as_text(value.get("reasoning"))
    if reasoning and not any(isinstance(part, ReasoningPart) for part in parts):
        parts.insert(0, ReasoningPart(reasoning))
    known = {part.id for part in parts if isinstance(part, ToolCallPart)} - {None}
    parts += [call for call in _calls_of(value) if call.id not in known]
    reason = value.get("finish_reason", value.get("stop_reason", value.get("finishReason")))
    return Message(role, tuple(parts), as_text(value.get("name")) if role != TOOL else None, as_text(reason))


def _parts_of(value: Attributes, role: str) -> tuple[Part, ...]:
    content = next((value[key] for key in ("parts", "content", "contents", "text") if value.get(key)), None)
    refusal = value.get("refusal")
    if content is None and refusal:
        content = refusal
    answered = value.get("tool_call_id", value.get("toolCallId"))
    if role == TOOL and (answered or "parts" not in value):
        parts = read_parts(structure(content))
        if any(isinstance(part, ToolResultPart) for part in parts):
            return parts
        identity = as_text(answered) or as_text(value.get("id"))
        return (ToolResultPart(identity, as_text(value.get("name")), result_parts(content)),)
    if content is None and not _calls_of(value) and not _is_told(value):
        return (UnknownPart(compact(value)),)
    parts = read_parts(content)
    audio = value.get("audio")
    return (*parts, *read_part({"type": "audio", "audio": audio})) if isinstance(audio, dict) else parts


def _is_told(value: Attributes) -> bool:
    """Whether an object is a message that is empty, not something else."""
    return "role" in value or "content" in value or "parts" in value or "reasoning_content" in value


def _calls_of(value: Attributes) -> list[ToolCallPart]:
    asked: list[Plain] = []
    for key in ("tool_calls", "toolCalls", "function_call"):
        asked += items(value.get(key))
    further = as_object(value.get("additional_kwargs"))
    if not asked and further:
        asked = items(further.get("tool_calls"))
    return [call for one in asked if (call := read_tool_call(one)) is not None]


def _role_by_type(value: Attributes) -> Plain:
    kind = value.get("type")
    return kind if isinstance(kind, str) and kind.lower() in {*ROLES, ASSISTANT, SYSTEM, TOOL, USER} else None


def _of_langchain(value: Attributes, default_role: str) -> Message:
    """Read a message as LangChain writes its objects: its class is the last part of its id."""
    names = value.get("id")
    name = names[-1] if isinstance(names, list) and names else None
    inner = as_object(value.get("kwargs"))
    if not inner:
        return Message(default_role, (UnknownPart(compact(value)),))
    role = name if isinstance(name, str) and name.lower() in ROLES else inner.get("type")
    message = _of_object({**inner, "role": role, "type": None}, default_role)
    told = as_object(inner.get("response_metadata"))
    return replace(message, finish_reason=as_text(told.get("finish_reason")) or message.finish_reason)


def content_of_text(text: str) -> Plain:
    """Return the parts that a text is the JSON of, where it is nothing but known parts; else the text."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    found = structure(text)
    listed: list[Plain] = found if isinstance(found, list) else [found]
    is_parts = bool(listed) and all(is_part(item) and "type" in as_object(item) for item in listed)
    return listed if is_parts else text
