"""What comes back while a model answers, in this order; exactly one `Finished` or `Failed` is the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from junjo_desktop.generation.failures import GenerationFailure
from junjo_desktop.telemetry.llm.usage import Usage


@dataclass(frozen=True, slots=True)
class SettingLeftOut:
    """A setting that was not sent, and why, in one sentence. Comes before anything else."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what the model thinks."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of a tool call: the `index`th of the answer. `id` and `name` come once, the arguments piece by piece."""

    index: int
    id: str | None
    name: str | None
    arguments_text: str


@dataclass(frozen=True, slots=True)
class UsageTold:
    """The tokens of the call, as the provider counts them."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is whole. `finish_reason` is stop, length, tool_calls, content_filter, or the provider's word."""

    finish_reason: str | None
    response_model: str | None
    response_id: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no (more) answer."""

    failure: GenerationFailure


GenerationEvent: TypeAlias = SettingLeftOut | TextDelta | ReasoningDelta | ToolCallDelta | UsageTold | Finished | Failed
