"""A call that was observed, as a request that can be sent again, with a warning for all that is not as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from junjo_desktop.generation.providers import PROVIDERS
from junjo_desktop.generation.request import GenerationRequest, GenerationSettings, JsonOutput
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import MediaPart, Part, ReasoningPart, ToolResultPart, UnknownPart

_NUMBERS = ("temperature", "top_p", "frequency_penalty", "presence_penalty")
_COUNTS = ("top_k", "max_tokens", "seed")
_UNIMPORTANT = frozenset(("stream", "output.type", "service_tier", "choice.count"))
_PROVIDER_NAMES = {provider.telemetry_name: provider.name for provider in PROVIDERS}
_ALSO = {"gcp.gen_ai": "gemini", "azure.ai.inference": "azure"}


@dataclass(frozen=True, slots=True)
class Replay:
    """The request, and what of the original is not in it: a sentence each."""

    request: GenerationRequest
    warnings: tuple[str, ...] = ()


def replay_of(call: LlmCall, model: str | None = None) -> Replay:
    """Return the request that a call made; `model` asks another one, PROVIDER/MODEL."""
    left = dict(call.parameters)
    settings, thinking = _settings(left)
    output = _output(left.pop("response_format", None), left.get("output.type"))
    request = GenerationRequest(
        model or _model(call),
        call.input_messages,
        system=call.system_instructions,
        tools=call.tool_definitions,
        tool_choice=left.pop("tool_choice", None),
        settings=GenerationSettings(**settings, **thinking),
        output=output,
    )
    return Replay(request, tuple(_warnings(call, left, output)))


def _model(call: LlmCall) -> str:
    name = call.request_model or call.response_model or ""
    provider = _PROVIDER_NAMES.get(call.provider or "", _ALSO.get(call.provider or "", call.provider))
    return f"{provider}/{name}" if provider else name


def _settings(left: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take the settings out of `left`."""
    settings: dict[str, Any] = {}
    for name in (*_NUMBERS, *_COUNTS):
        value = left.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            settings[name] = int(left.pop(name)) if name in _COUNTS else left.pop(name)
    stop = left.pop("stop_sequences", None)
    if stop:
        settings["stop"] = (stop,) if isinstance(stop, str) else tuple(str(one) for one in stop)
    thinking: dict[str, Any] = {}
    if isinstance(effort := left.get("reasoning_effort"), str):
        thinking["reasoning_effort"] = effort
        left.pop("reasoning_effort")
    told = left.pop("thinking", None)
    budget = left.pop("thinking.budget_tokens", told.get("budget_tokens") if isinstance(told, dict) else None)
    if isinstance(budget, int):
        thinking["thinking_budget"] = budget
    return settings, thinking


def _output(told: Any, kind: Any) -> JsonOutput | None:
    if isinstance(told, dict) and told.get("type") == "json_schema" and isinstance(told.get("json_schema"), dict):
        inner = told["json_schema"]
        return JsonOutput(inner.get("schema"), str(inner.get("name") or "response"))
    if isinstance(told, dict) and "properties" in told:
        return JsonOutput(told)
    return JsonOutput() if kind == "json" or (isinstance(told, dict) and told.get("type") == "json_object") else None


def _warnings(call: LlmCall, left: dict[str, Any], output: JsonOutput | None) -> Iterator[str]:
    if not call.captured.input:
        yield f"The messages were not captured. {call.captured.switch or ''}".strip()
    if call.operation != "chat":
        yield f"It was no chat but {call.operation}; it is sent as a chat."
    if not call.request_model and call.response_model:
        yield "The model that was asked for is unknown; the one that answered is asked."
    if not call.provider:
        yield "The provider is unknown."
    if output is not None and output.schema is None:
        yield "The schema of the answer was not captured; any JSON is asked for."
    for name in sorted(set(left) - _UNIMPORTANT):
        yield f"The parameter {name} is not sent."
    parts = [*call.system_instructions, *(part for message in call.input_messages for part in message.parts)]
    yield from dict.fromkeys(warning for part in parts for warning in _lost(part))
    yield from call.notes


def _lost(part: Part) -> Iterator[str]:
    match part:
        case MediaPart() if part.missing:
            yield f"{part.kind.capitalize()} not captured: {part.missing}"
        case MediaPart() if part.kind != "image":
            yield f"What is {part.kind} is told by its name, and not sent."
        case ReasoningPart():
            yield "Earlier thoughts are not sent again: their signatures are not in the telemetry."
        case UnknownPart():
            yield "A part of a kind that is not known is sent as its JSON."
        case ToolResultPart():
            for inner in part.parts:
                yield from _lost(inner)
