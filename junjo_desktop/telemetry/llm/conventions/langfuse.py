"""The Langfuse SDK: input and output as JSON, usage and cost as maps."""

from __future__ import annotations

from datetime import datetime

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import NS_PER_MS, Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.parameters import parameters_of
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_count, as_number, as_object
from junjo_desktop.telemetry.otlp_json import Attributes

PREFIX = "langfuse.observation."

KEYS = Keys(
    operation=(f"{PREFIX}type",),
    request_model=(f"{PREFIX}model.name",),
    conversation_id=("session.id", "langfuse.session.id"),
    user_id=("user.id", "langfuse.user.id"),
    prompt_name=(f"{PREFIX}prompt.name",),
    prompt_version=(f"{PREFIX}prompt.version",),
)
_TOKENS = {
    "input_tokens": ("input", "prompt_tokens", "input_tokens"),
    "output_tokens": ("output", "completion_tokens", "output_tokens"),
    "total": ("total", "total_tokens"),
    "cache_read_tokens": ("input_cached_tokens", "cache_read_input_tokens", "input_cache_read"),
    "cache_write_tokens": ("cache_creation_input_tokens", "input_cache_creation"),
    "reasoning_tokens": ("output_reasoning_tokens", "reasoning_tokens", "output_reasoning"),
    "input_audio_tokens": ("input_audio_tokens", "input_audio"),
    "output_audio_tokens": ("output_audio_tokens", "output_audio"),
}
_DETAILS = {
    "cache_read_tokens": ("prompt_tokens_details", "cached_tokens"),
    "reasoning_tokens": ("completion_tokens_details", "reasoning_tokens"),
}


def read(source: Source) -> Draft:
    """Read an observation."""
    draft = draft_of(source, KEYS)
    if (request := source.structure(f"{PREFIX}input")) is not None:
        take_request(draft, request)
    if (answer := source.structure(f"{PREFIX}output")) is not None:
        take_answer(draft, answer)
    draft.parameters.update(parameters_of(source.object(f"{PREFIX}model.parameters")))
    draft.tokens = _tokens(source.object(f"{PREFIX}usage_details"))
    draft.reported_cost = as_number(source.object(f"{PREFIX}cost_details").get("total")) or None
    draft.time_to_first_token_ns = _first_token(source)
    return draft


def _tokens(usage: Attributes) -> dict[str, int]:
    tokens: dict[str, int] = {}
    for name, spellings in _TOKENS.items():
        count = next((found for key in spellings if (found := as_count(usage.get(key))) is not None), None)
        if name in _DETAILS and count is None:
            outer, inner = _DETAILS[name]
            count = as_count(as_object(usage.get(outer)).get(inner))
        if count is not None:
            tokens[name] = count
    return tokens


def _first_token(source: Source) -> int | None:
    told = source.text(f"{PREFIX}completion_start_time")
    try:
        time = datetime.fromisoformat(told.strip('"')) if told else None
    except ValueError:
        return None
    if time is None or time.tzinfo is None:
        return None
    waited = round(time.timestamp() * 1000) * NS_PER_MS - source.span.start_time_unix_nano
    return waited if waited >= 0 else None
