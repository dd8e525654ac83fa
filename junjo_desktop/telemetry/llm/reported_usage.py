"""Reads the usage in a provider's own answer, by the names of `Usage`: cached input and reasoning counted in."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.values import as_count, as_object
from junjo_desktop.telemetry.otlp_json import Attributes

_USAGES = ("usage", "usageMetadata", "usage_metadata", "token_usage", "llm_output", "response_metadata")
_WRITTEN = ("cache_creation", "cache_write", "cache_creation_tokens", "cache_write_tokens", "cacheWriteTokens")


def tokens_of(answer: Attributes) -> dict[str, int]:
    """Return the tokens that an answer tells; an empty dict where it tells none."""
    for key in _USAGES:
        if usage := as_object(answer.get(key)):
            return tokens_of_usage(usage) or tokens_of(usage)
    return {}


def tokens_of_usage(usage: Attributes) -> dict[str, int]:
    """Return the tokens that the usage of OpenAI, Anthropic, Gemini, Bedrock or LangChain tells."""
    if "promptTokenCount" in usage or "prompt_token_count" in usage:
        return _of_gemini(usage)
    read = _object(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details", "inputTokenDetails")
    written = _object(
        usage, "completion_tokens_details", "output_tokens_details", "output_token_details", "outputTokenDetails"
    )
    by_lifetime = as_object(usage.get("cache_creation"))
    tokens = {
        "input_tokens": _count(usage, "input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "input"),
        "output_tokens": _count(usage, "output_tokens", "completion_tokens", "outputTokens", "completionTokens"),
        "total": _count(usage, "total_tokens", "totalTokens"),
        "cache_read_tokens": _count(read, "cached_tokens", "cache_read", "cacheReadTokens")
        or _count(usage, "cache_read_input_tokens", "cacheReadInputTokens", "cachedInputTokens"),
        "cache_write_tokens": _count(
            read, "cache_creation", "cache_write", "cache_creation_tokens", "cache_write_tokens", "cacheWriteTokens"
        )
        or _count(usage, "cache_creation_input_tokens", "cacheWriteInputTokens", "cache_write_input_tokens"),
        "cache_write_1h_tokens": _count(by_lifetime, "ephemeral_1h_input_tokens"),
        "reasoning_tokens": _count(written, "reasoning_tokens", "reasoning", "reasoningTokens"),
        "input_audio_tokens": _count(read, "audio_tokens", "audio"),
        "output_audio_tokens": _count(written, "audio_tokens", "audio"),
    }
    told = {name: count for name, count in tokens.items() if count is not None}
    is_anthropic = "cache_creation_input_tokens" in usage or "cache_read_input_tokens" in usage
    if is_anthropic and "prompt_tokens" not in usage and "total_tokens" not in usage and "input_tokens" in told:
        told["input_tokens"] += told.get("cache_read_tokens", 0) + told.get("cache_write_tokens", 0)
    return told


def _of_gemini(usage: Attributes) -> dict[str, int]:
    thoughts = _count(usage, "thoughtsTokenCount", "thoughts_token_count")
    answered = _count(usage, "candidatesTokenCount", "candidates_token_count")
    tokens = {
        "input_tokens": _count(usage, "promptTokenCount", "prompt_token_count"),
        "output_tokens": None if answered is None else answered + (thoughts or 0),
        "cache_read_tokens": _count(usage, "cachedContentTokenCount", "cached_content_token_count"),
        "reasoning_tokens": thoughts,
        "total": _count(usage, "totalTokenCount", "total_token_count"),
    }
    return {name: count for name, count in tokens.items() if count is not None}


def _object(usage: Attributes, *keys: str) -> Attributes:
    return next((found for key in keys if (found := as_object(usage.get(key)))), {})


def _count(usage: Attributes, *keys: str) -> int | None:
    for key in keys:
        if (told := usage.get(key)) is not None and (found := as_count(told)) is not None:
            return found
    return None
