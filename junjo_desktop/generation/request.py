"""What a model is asked: typed, in the vocabulary of `telemetry.llm`, whatever the provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from junjo_desktop.telemetry.llm.parts import Message, Part, TextPart, ToolDefinition
from junjo_desktop.telemetry.otlp_json import Plain

REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
USER = "user"


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """What shapes an answer. None (and no stop sequence) leaves it to the provider.

    `thinking_budget` is in tokens, for the providers that take one; `reasoning_effort` is a word they take, or that is
    turned into such a budget. Where both are set the budget counts.
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    reasoning_effort: str | None = None
    thinking_budget: int | None = None

    def given(self) -> dict[str, Any]:
        """Return what is set, by name, in the order above; stop sequences as a list."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        told["stop"] = list(self.stop) or None
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class JsonOutput:
    """An answer in JSON. Without a schema any JSON will do."""

    schema: Mapping[str, Any] | None = None
    name: str = "response"


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One call. `model` is PROVIDER/MODEL, or a model that one provider alone has; see `providers.route_of`."""

    model: str
    messages: tuple[Message, ...]
    system: tuple[Part, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    tool_choice: Plain = None
    settings: GenerationSettings = GenerationSettings()
    output: JsonOutput | None = None


def user_message(text: str) -> Message:
    """Return what a user says."""
    return Message(USER, (TextPart(text),))
