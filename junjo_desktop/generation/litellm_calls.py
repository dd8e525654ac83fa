"""Calls of models by LiteLLM. The one module that imports it; only the child process imports this one."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any

import litellm
from litellm.exceptions import UnsupportedParamsError
from litellm.utils import get_optional_params

from junjo_desktop.generation.failures import FailureKind
from junjo_desktop.generation.fitting import Fitted, Mapped, RefusedSettingError, fitted
from junjo_desktop.generation.litellm_errors import failure_of

_TIMEOUT_S = 600.0
_TOLD_REASONS = ("received_finish_reason", "intermittent_finish_reason")


def quieten() -> None:
    """Have LiteLLM print nothing, log nothing, report to nobody."""
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    litellm.turn_off_message_logging = True
    litellm.callbacks = []
    litellm.success_callback = []
    litellm.failure_callback = []
    logging.disable(logging.CRITICAL)


async def events_of(call: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """Ask a model; yield events for the parent (see `worker`). A failure is an event, too."""
    has_begun = False
    try:
        fit = _fit(call)
        for name, reason in fit.left_out.items():
            yield {"event": "left_out", "name": name, "reason": reason}
        yield {"event": "begun"}
        stream = await litellm.acompletion(
            model=call["model"],
            messages=call["messages"],
            api_key=call["api_key"],
            api_base=call["api_base"],
            extra_headers=dict(call["headers"]) or None,
            stream=True,
            stream_options={"include_usage": True},
            # What is refused was left out before, and told; this is for `stream_options` alone.
            drop_params=True,
            _skip_mcp_handler=True,  # with tools it would load a package that is not installed
            allowed_openai_params=fit.forced or None,
            timeout=_TIMEOUT_S,
            num_retries=0,
            max_retries=0,
            **fit.sent,
        )
        last: dict[str, Any] = {"event": "finished", "finish_reason": None, "response_model": None, "response_id": None}
        try:
            async for chunk in stream:
                for event in _events(chunk, last):
                    has_begun = True
                    yield event
        finally:
            await stream.aclose()
        if not any(getattr(stream, name, "unknown") for name in _TOLD_REASONS):
            # LiteLLM makes one up where the answer broke off.
            yield {"event": "failed", "kind": str(FailureKind.CUT), "said": "", "status": None, "retry_after_s": None}
        else:
            yield last
    except Exception as error:  # whatever LiteLLM raises is told as what it means
        yield failure_of(error, [call["api_key"] or "", *call["headers"].values()], has_begun=has_begun)


def _fit(call: Mapping[str, Any]) -> Fitted:
    provider, _, model = call["model"].partition("/")
    supported = litellm.get_supported_openai_params(model, custom_llm_provider=provider) or ()

    def probe(settings: Mapping[str, Any]) -> Mapped:
        try:
            mapped: Mapped = get_optional_params(model=model, custom_llm_provider=provider, **settings)
        except UnsupportedParamsError as error:
            raise RefusedSettingError(_first_sentence(error)) from error
        return mapped

    return fitted(
        call["settings"],
        provider=provider,
        model=model,
        supported=supported,
        is_known=model in litellm.model_cost or call["model"] in litellm.model_cost,
        has_own_address=bool(call["api_base"]),
        probe=probe,
    )


def _first_sentence(error: Exception) -> str:
    text = str(error).rpartition("UnsupportedParamsError: ")[2].partition(" To drop")[0].partition("\n")[0]
    return text.partition(". ")[0].rstrip(".") + "."


def _events(chunk: Any, last: dict[str, Any]) -> Iterator[dict[str, Any]]:
    last["response_model"] = chunk.model or last["response_model"]
    last["response_id"] = chunk.id or last["response_id"]
    for choice in chunk.choices[:1]:
        delta = choice.delta
        if thought := getattr(delta, "reasoning_content", None):
            yield {"event": "reasoning", "text": thought}
        if delta.content:
            yield {"event": "text", "text": delta.content}
        for call in delta.tool_calls or ():
            function = call.function
            yield {
                "event": "tool_call",
                "index": call.index or 0,
                "id": call.id,
                "name": function.name,
                "arguments": function.arguments or "",
            }
        last["finish_reason"] = choice.finish_reason or last["finish_reason"]
    if (usage := getattr(chunk, "usage", None)) is not None:
        yield {"event": "usage", **_usage(usage)}


def _usage(usage: Any) -> dict[str, int | None]:
    """Return the tokens. In LiteLLM's, those of a cache are part of the prompt's, whoever was asked."""
    read, written = usage.prompt_tokens_details, usage.completion_tokens_details
    one_hour = getattr(getattr(read, "cache_creation_token_details", None), "ephemeral_1h_input_tokens", None)
    return {
        "input_tokens": usage.prompt_tokens,
        "output_tokens": usage.completion_tokens,
        "cache_read_tokens": getattr(read, "cached_tokens", None),
        "cache_write_tokens": getattr(read, "cache_creation_tokens", None),
        "cache_write_1h_tokens": one_hour,
        "reasoning_tokens": getattr(written, "reasoning_tokens", None),
        "input_audio_tokens": getattr(read, "audio_tokens", None),
        "output_audio_tokens": getattr(written, "audio_tokens", None),
        "input_image_tokens": getattr(read, "image_tokens", None),
        "output_image_tokens": getattr(written, "image_tokens", None),
    }
