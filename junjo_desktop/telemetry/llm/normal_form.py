"""Brings messages into the one form in which the same call is the same, whoever described it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, SYSTEM, TOOL
from junjo_desktop.telemetry.llm.parts import DataPart, Message, Part, TextPart, ToolCallPart, ToolResultPart
from junjo_desktop.telemetry.llm.values import compacted, structure
from junjo_desktop.telemetry.llm.words import STOP, TOOL_CALLS, finish_reason_of


def instructions_and_rest(
    system: tuple[Part, ...], messages: Sequence[Message]
) -> tuple[tuple[Part, ...], tuple[Message, ...]]:
    """Part the system messages before the first other one from the rest; what is said twice is said once."""
    at = next((at for at, message in enumerate(messages) if message.role != SYSTEM), len(messages))
    led = tuple(part for message in messages[:at] for part in message.parts)
    repeated = bool(led) and led == system[-len(led) :]
    return (system if repeated else (*system, *led)), tuple(messages[at:])


def normal_messages(messages: Sequence[Message], known: Sequence[Message] = ()) -> tuple[Message, ...]:
    """Return messages with roles, names and values in one form. `known` are earlier ones with calls of tools."""
    names = {
        part.id: part.name
        for message in (*known, *messages)
        for part in message.parts
        if isinstance(part, ToolCallPart) and part.id and part.name
    }
    found: list[Message] = []
    for message in messages:
        for one in _each_result(_normal(message, names)):
            if found and _goes_on(found[-1], one):
                found[-1] = replace(found[-1], parts=found[-1].parts + one.parts, finish_reason=one.finish_reason)
            else:
                found.append(one)
    return tuple(found)


def normal_answers(answers: Sequence[Message], reasons: Sequence[str]) -> tuple[Message, ...]:
    """Return answers with the reasons for which they ended, where only the call tells those.

    What ended with calls ended for them, also where the provider says that it just stopped.
    """
    told = [*reasons, *[None] * len(answers)]
    ended = [finish_reason_of(message.finish_reason or told[at]) for at, message in enumerate(answers)]
    return tuple(
        _with_reason(message, TOOL_CALLS if reason == STOP and _has_calls(message) else reason)
        for message, reason in zip(answers, ended, strict=True)
    )


def _with_reason(message: Message, reason: str | None) -> Message:
    return message if message.finish_reason == reason else replace(message, finish_reason=reason)


def _has_calls(message: Message) -> bool:
    return any(isinstance(part, ToolCallPart) for part in message.parts)


def _normal(message: Message, names: dict[str, str]) -> Message:
    parts = message.parts
    if any(isinstance(part, ToolResultPart) for part in parts):
        parts = tuple(_normal_part(part, names) for part in parts)
    role = message.role
    if parts and all(isinstance(part, ToolResultPart) for part in parts):
        role = TOOL
    if role == ASSISTANT and parts and isinstance(parts[-1], TextPart):
        parts = _with_calls_last(parts)
    if role == ASSISTANT and len(parts) == 1 and isinstance(parts[0], TextPart):
        parts = (_data_or_text(parts[0]),)
    reason = finish_reason_of(message.finish_reason)
    is_normal = (role, reason) == (message.role, message.finish_reason) and parts == message.parts
    return message if is_normal else replace(message, role=role, parts=parts, finish_reason=reason)


def _goes_on(message: Message, following: Message) -> bool:
    """Whether a message is the rest of the one before: OpenAI's Responses API has each call beside what was said."""
    is_turn = message.role == following.role == ASSISTANT and message.finish_reason is None and bool(message.parts)
    return is_turn and bool(following.parts) and all(isinstance(part, ToolCallPart) for part in following.parts)


def _each_result(message: Message) -> tuple[Message, ...]:
    """Return a message for each result of a tool: some providers have them in one, some do not."""
    if message.role != TOOL or len(message.parts) < 2:
        return (message,)
    return tuple(replace(message, parts=(part,)) for part in message.parts)


def _with_calls_last(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts of a turn with its calls at the end: no model goes on to speak before it has their results."""
    if any(isinstance(part, ToolResultPart) for part in parts):
        return parts
    calls = tuple(part for part in parts if isinstance(part, ToolCallPart))
    return (*(part for part in parts if not isinstance(part, ToolCallPart)), *calls)


def _normal_part(part: Part, names: dict[str, str]) -> Part:
    if not isinstance(part, ToolResultPart):
        return part
    name = names.get(part.id, part.name) if part.id else part.name
    inner = part.parts
    if len(inner) == 1 and isinstance(inner[0], TextPart):
        inner = (_data_or_text(inner[0]),)
    return replace(part, name=name, parts=inner)


def _data_or_text(part: TextPart) -> TextPart | DataPart:
    """Return a text that is nothing but a JSON object or array as the value that it is."""
    text = part.text.strip()
    if text[:1] not in {"{", "["} or isinstance(structure(text), str):
        return part
    return DataPart(compacted(text))
