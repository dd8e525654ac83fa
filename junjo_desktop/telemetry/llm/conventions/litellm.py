"""LiteLLM's own callback: messages as `gen_ai` and `traceloop` read them, and its own names for cost and server."""

from __future__ import annotations

from ast import literal_eval
from dataclasses import replace

from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, read_messages
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.parts import Message, ToolCallPart
from junjo_desktop.telemetry.llm.reported_usage import tokens_of_usage
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import arguments_text, as_object, as_text
from junjo_desktop.telemetry.otlp_json import Attributes

_MOST_CHARACTERS = 10_000

KEYS = Keys(
    provider=("gen_ai.system", "llm.system"),
    user_id=("metadata.user_api_key_user_id", "llm.user"),
    conversation_id=("metadata.session_id", "metadata.litellm_session_id"),
    reported_cost=("gen_ai.cost.total_cost",),
    server_address=("llm.api_base", "metadata.api_base"),
)


def read(source: Source) -> Draft:
    """Read what the callback says beside the messages."""
    draft = draft_of(source, KEYS)
    hidden = as_object(source.structure("hidden_params", "metadata.hidden_params"))
    if isinstance(base := hidden.get("api_base"), str) and base:
        draft.server_address = draft.server_address or base
    told = source.text("litellm.provider.model") or ""
    draft.provider = draft.provider or (told.partition("/")[0] if "/" in told else None)
    draft.exact_tokens = tokens_of_usage(_usage(source.text("metadata.usage_object") or ""))
    draft.tools = tool_definitions([dict(flat) for flat in source.indexed("llm.request.functions")])
    draft.take_output(_answer_with_calls(source))
    return draft


def _answer_with_calls(source: Source) -> tuple[Message, ...]:
    """Read an answer that asks for tools: its text is a message, each of its calls a numbered completion."""
    numbered = source.indexed("gen_ai.completion")
    calls = [_call(flat) for flat in numbered if "function_call.name" in flat]
    if not calls:
        return ()
    said = read_messages(source.structure("gen_ai.output.messages"), ASSISTANT)
    message = said[0] if said else Message(ASSISTANT, ())
    return (replace(message, parts=(*message.parts, *calls)),)


def _call(flat: Attributes) -> ToolCallPart:
    return ToolCallPart(
        None, as_text(flat.get("function_call.name")), arguments_text(flat.get("function_call.arguments"))
    )


def _usage(text: str) -> Attributes:
    """Read the usage, which is sent as Python writes a dict."""
    if not text.startswith("{") or len(text) > _MOST_CHARACTERS:
        return {}
    try:
        told = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}
