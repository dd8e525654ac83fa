"""OpenTelemetry's GenAI conventions: the attributes of today, those they had before, and the event with the same.

Source: open-telemetry/semantic-conventions-genai, and semantic-conventions 1.26 to 1.41. Anthropic's own SDK speaks
them too, with some of its own beside.
"""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of, time_of_event
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, USER, read_messages, read_system
from junjo_desktop.telemetry.llm.parameters import NAMES, tool_definitions
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_object, as_text, items, plain
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

DETAILS = "gen_ai.client.inference.operation.details"
INPUT, OUTPUT = "gen_ai.input.messages", "gen_ai.output.messages"
SYSTEM, TOOLS = "gen_ai.system_instructions", "gen_ai.tool.definitions"
REASONS = "gen_ai.response.finish_reasons"
_REQUESTS = ("gen_ai.request.", "gen_ai.openai.request.", "openai.request.")
_NOT_PARAMETERS = frozenset(("model", "structured_output_schema", "is_stream"))

KEYS = Keys(
    operation=("gen_ai.operation.name",),
    provider=("gen_ai.provider.name", "gen_ai.system"),
    request_model=("gen_ai.request.model",),
    response_model=("gen_ai.response.model",),
    response_id=("gen_ai.response.id",),
    conversation_id=("gen_ai.conversation.id",),
    user_id=("gen_ai.user", "user.id", "enduser.id"),
    agent_name=("gen_ai.agent.name",),
    server_address=("server.address", "gen_ai.openai.api_base"),
    prompt_name=("gen_ai.prompt.name",),
    prompt_version=("gen_ai.prompt.version",),
    reported_cost=("gen_ai.usage.cost",),
    first_token_s=(
        "gen_ai.response.time_to_first_chunk",
        "gen_ai.client.operation.time_to_first_chunk",
        "gen_ai.server.time_to_first_token",
    ),
    tokens={
        "input_tokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
        "output_tokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
        "total": ("gen_ai.usage.total_tokens", "llm.usage.total_tokens"),
        "cache_read_tokens": (
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.details.cache_read_tokens",
            "gen_ai.usage.details.cache_read_input_tokens",
            "gen_ai.usage.details.cached_tokens",
        ),
        "cache_write_tokens": (
            "gen_ai.usage.cache_write.input_tokens",
            "gen_ai.usage.cache_creation.input_tokens",
            "gen_ai.usage.cache_creation_input_tokens",
            "gen_ai.usage.cache_write_input_tokens",
            "gen_ai.usage.details.cache_write_tokens",
            "gen_ai.usage.details.cache_creation_input_tokens",
        ),
        "cache_write_1h_tokens": ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens",),
        "reasoning_tokens": (
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "gen_ai.usage.details.reasoning_tokens",
        ),
        "input_audio_tokens": ("gen_ai.usage.audio.input_tokens", "gen_ai.usage.details.input_audio_tokens"),
        "output_audio_tokens": ("gen_ai.usage.audio.output_tokens", "gen_ai.usage.details.output_audio_tokens"),
        "input_image_tokens": ("gen_ai.usage.image.input_tokens",),
        "output_image_tokens": ("gen_ai.usage.image.output_tokens",),
    },
    parameters={
        "output.type": ("gen_ai.output.type",),
        "reasoning_effort": ("gen_ai.request.reasoning.level", "gen_ai.request.reasoning_effort"),
        "response_format": ("gen_ai.request.structured_output_schema",),
        "service_tier": (
            "openai.response.service_tier",
            "gen_ai.openai.response.service_tier",
            "anthropic.response.service_tier",
        ),
        "thinking.budget_tokens": ("anthropic.thinking.budget_tokens",),
        "stream": ("gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming"),
    },
)


def read(source: Source) -> Draft:
    """Read a span, and its event where the messages are only there."""
    draft = draft_of(source, KEYS)
    for key in source.attributes:
        if key.startswith(_REQUESTS):
            name = key.partition("request.")[2]
            if name not in _NOT_PARAMETERS and not name.startswith("reasoning"):
                draft.parameters.setdefault(NAMES.get(name, name), source.value(key))
    draft.finish_reasons = reasons(source.value(REASONS, "anthropic.message.stop_reason"))
    take_messages(draft, source, {key: source.value(key) for key in (SYSTEM, INPUT, OUTPUT, TOOLS)})
    for event in source.events_named(DETAILS):
        take_messages(draft, source, {**event.attributes, **as_object(event.body)})
    if draft.time_to_first_token_ns is None:
        draft.time_to_first_token_ns = time_of_event(
            source, "gen_ai.content.completion.chunk", "llm.content.completion.chunk"
        )
    return draft


def take_messages(draft: Draft, source: Source, told: Attributes) -> None:
    """Add to a draft the messages, the instructions and the tools under their keys."""
    asked, answered = (source.structure_of(plain(told.get(key)), key) for key in (INPUT, OUTPUT))
    draft.system = draft.system or read_system(source.structure_of(plain(told.get(SYSTEM)), SYSTEM))
    draft.take_input(read_messages(asked, USER))
    draft.take_output(read_messages(answered, ASSISTANT))
    draft.tools = draft.tools or tool_definitions(told.get(TOOLS))
    draft.finish_reasons = draft.finish_reasons or reasons(told.get(REASONS))


def reasons(value: Plain) -> tuple[str, ...]:
    """Read the reasons for which the choices ended: an array, its JSON, or one word."""
    return tuple(word for item in items(value) if (word := as_text(item)))
