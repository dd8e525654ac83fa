"""OpenLLMetry (Traceloop): numbered `gen_ai.prompt` and `gen_ai.completion` attributes, and its older `llm.*` names.

Its releases since 0.5x send the messages as `gen_ai.input.messages`, which `gen_ai` reads.
"""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, USER, content_of_text, read_message
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.parts import Message
from junjo_desktop.telemetry.llm.source import Source, within
from junjo_desktop.telemetry.llm.values import structure
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

_PROPERTIES = "traceloop.association.properties."

KEYS = Keys(
    operation=("llm.request.type",),
    conversation_id=(f"{_PROPERTIES}session_id", f"{_PROPERTIES}conversation_id", f"{_PROPERTIES}thread_id"),
    user_id=(f"{_PROPERTIES}user_id", "llm.user"),
    prompt_name=("traceloop.prompt.key",),
    prompt_version=("traceloop.prompt.version", "traceloop.prompt.version_name", "traceloop.prompt.version_hash"),
    tokens={"total": ("llm.usage.total_tokens",)},
    parameters={
        "temperature": ("llm.temperature",),
        "top_k": ("llm.top_k",),
        "top_p": ("llm.top_p",),
        "frequency_penalty": ("llm.frequency_penalty",),
        "presence_penalty": ("llm.presence_penalty",),
        "stop_sequences": ("llm.chat.stop_sequences",),
        "reasoning_effort": ("llm.request.reasoning_effort",),
    },
)


def read(source: Source) -> Draft:
    """Read a span with numbered prompts and completions."""
    draft = draft_of(source, KEYS)
    draft.take_input(_message(flat, USER) for flat in source.indexed("gen_ai.prompt"))
    draft.take_output(_message(flat, ASSISTANT) for flat in source.indexed("gen_ai.completion"))
    draft.finish_reasons = tuple(message.finish_reason for message in draft.output if message.finish_reason)
    draft.tools = tool_definitions([dict(flat) for flat in source.indexed("llm.request.functions")])
    return draft


def _message(flat: Attributes, default_role: str) -> Message:
    content = flat.get("content")
    calls: Plain = [dict(call) for call in within(flat, "tool_calls")]
    calls = calls or structure(flat.get("tool_calls"))
    if "function_call.name" in flat:
        calls = [{"name": flat["function_call.name"], "arguments": flat.get("function_call.arguments")}]
    known = {"content", "role", "finish_reason", "tool_call_id", "name", "reasoning", "reasoning_content"}
    told: Attributes = {key: value for key, value in flat.items() if key in known}
    told["content"] = content_of_text(content) if isinstance(content, str) else content
    return read_message({**told, "tool_calls": calls}, default_role)
