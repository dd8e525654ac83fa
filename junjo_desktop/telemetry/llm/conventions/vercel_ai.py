"""The Vercel AI SDK: prompts as JSON, the answer in pieces (text, reasoning, calls of tools, an object)."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, Worth, draft_of, version_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, USER, read_message, read_messages, read_system
from junjo_desktop.telemetry.llm.parameters import parameters_of, tool_definitions
from junjo_desktop.telemetry.llm.part_reading import read_tool_call
from junjo_desktop.telemetry.llm.parts import DataPart, Message, Part, ReasoningPart, TextPart
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_text, compact, items, parsed, structure
from junjo_desktop.telemetry.otlp_json import Plain

_SETTINGS = "ai.settings."

KEYS = Keys(
    operation=("ai.operationId",),
    provider=("ai.model.provider",),
    request_model=("ai.model.id",),
    response_model=("ai.response.model",),
    response_id=("ai.response.id",),
    conversation_id=("ai.telemetry.metadata.sessionId",),
    user_id=("ai.telemetry.metadata.userId",),
    first_token_ms=("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"),
    tokens={
        "input_tokens": ("ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"),
        "output_tokens": ("ai.usage.outputTokens", "ai.usage.completionTokens"),
        "total": ("ai.usage.totalTokens",),
        "cache_read_tokens": ("ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"),
        "cache_write_tokens": ("ai.usage.inputTokenDetails.cacheWriteTokens",),
        "reasoning_tokens": ("ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"),
    },
    parameters={"tool_choice": ("ai.prompt.toolChoice",), "response_format": ("ai.schema",)},
)


def read(source: Source) -> Draft:
    """Read a span of the SDK, an outer or an inner one."""
    draft = draft_of(source, KEYS)
    for key in source.attributes:
        if key.startswith(_SETTINGS):
            name = key[len(_SETTINGS) :]
            draft.parameters |= parameters_of({name: source.value(key)})
    draft.take_input(read_messages(source.structure("ai.prompt.messages"), USER))
    prompt = source.structure("ai.prompt")
    if isinstance(prompt, dict):
        draft.system = read_system(prompt.get("system"))
        draft.take_input(read_messages(prompt.get("messages"), USER), Worth.BODY)
        draft.take_input((read_message(prompt.get("prompt"), USER),) if prompt.get("prompt") else (), Worth.BODY)
    embedded = [_text_of(value) for value in items(source.value("ai.values", "ai.value"))]
    draft.take_input(read_messages([text for text in embedded if text], USER))
    draft.tools = tool_definitions([structure(tool) for tool in items(source.value("ai.prompt.tools"))])
    managed = source.object("ai.telemetry.metadata.langfusePrompt")
    draft.prompt_name, draft.prompt_version = as_text(managed.get("name")), version_of(managed.get("version"))
    reason = source.text("ai.response.finishReason")
    draft.finish_reasons = (reason,) if reason else ()
    parts = _answer(source)
    draft.take_output((Message(ASSISTANT, parts, finish_reason=reason),) if parts else ())
    if draft.time_to_first_token_ns is None:
        draft.time_to_first_token_ns = _first_chunk(source)
    return draft


def _text_of(value: Plain) -> Plain:
    """Return a text that is written as JSON."""
    try:
        return parsed(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _answer(source: Source) -> tuple[Part, ...]:
    parts: list[Part] = []
    if thought := source.text("ai.response.reasoning"):
        parts.append(ReasoningPart(thought))
    if text := source.text("ai.response.text"):
        parts.append(TextPart(text))
    if (made := source.structure("ai.response.object")) is not None:
        parts.append(DataPart(compact(made)))
    asked = items(source.structure("ai.response.toolCalls"))
    parts += [call for one in asked if (call := read_tool_call(one)) is not None]
    return tuple(parts)


def _first_chunk(source: Source) -> int | None:
    times = [event.time_ns for event in source.events_named("ai.stream.firstChunk")]
    waited = min(times) - source.span.start_time_unix_nano if times else -1
    return waited if waited >= 0 else None
