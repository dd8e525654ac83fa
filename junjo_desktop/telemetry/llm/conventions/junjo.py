"""Model requests of Junjo's own agents: payload slots with a mode, see `telemetry.junjo.payload`."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import PayloadMode, payload_of
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, TOOL, USER
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.part_reading import read_parts, read_tool_call
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    Message,
    Part,
    TextPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_count, as_object, as_text, compact, items
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

PREFIX = "junjo.agent."
REQUEST, RESPONSE = f"{PREFIX}model.request", f"{PREFIX}model.response"
KEYS = Keys(
    provider=(f"{PREFIX}model.provider",),
    request_model=(f"{PREFIX}model.name",),
    agent_name=(f"{PREFIX}name", f"{PREFIX}key"),
)
_WITHHELD = frozenset((PayloadMode.REDACTED, PayloadMode.EXCLUDED, PayloadMode.REFERENCE))
_TOKENS = {
    "inputTokens": "input_tokens",
    "outputTokens": "output_tokens",
    "cachedInputTokens": "cache_read_tokens",
    "reasoningTokens": "reasoning_tokens",
    "totalTokens": "total",
}


def read(source: Source) -> Draft:
    """Read a model request; what is no operation of an agent says nothing here."""
    draft = draft_of(source, KEYS)
    if f"{PREFIX}operation_type" not in source.attributes:
        return Draft()
    draft.operation = "chat"
    for slot in (REQUEST, RESPONSE):
        source.value(slot)
        payload = payload_of(source.attributes, slot)
        if payload.mode in _WITHHELD:
            source.notes.append(payload.reason)
    request = as_object(value_or_none(payload_of(source.attributes, REQUEST)))
    draft.system = read_parts(request.get("instructions"))
    draft.take_input(_message(as_object(item)) for item in items(request.get("messages")))
    draft.tools = tool_definitions(request.get("tools"))
    if schema := request.get("outputSchema"):
        draft.parameters["response_format"] = schema
    answer = as_object(value_or_none(payload_of(source.attributes, RESPONSE)))
    if not answer:
        answer = as_object(value_or_none(payload_of(source.attributes, f"{PREFIX}model.response_candidate")))
    if answer:
        draft.take_output((_message(answer),))
    usage = source.object(f"{PREFIX}model.usage")
    for key, name in _TOKENS.items():
        if (count := as_count(usage.get(key))) is not None:
            draft.tokens[name] = count
    return draft


def _message(told: Attributes) -> Message:
    match told.get("type"):
        case "agent_input":
            return Message(USER, _value(told.get("input")))
        case "tool_result":
            result = ToolResultPart(
                as_text(told.get("callId")), as_text(told.get("toolName")), _value(told.get("result"))
            )
            return Message(TOOL, (result,))
        case "assistant_tool_calls" | "tool_calls":
            calls = tuple(call for item in items(told.get("calls")) if (call := read_tool_call(item)) is not None)
            return Message(ASSISTANT, (*read_parts(told.get("assistantText")), *calls))
        case "assistant_output" | "final_output":
            return Message(ASSISTANT, _value(told.get("output")))
        case _:
            return Message(USER, (UnknownPart(compact(told)),))


def _value(value: Plain) -> tuple[Part, ...]:
    if isinstance(value, str):
        return (TextPart(value),)
    return () if value is None else (DataPart(compact(value)),)
