"""The same call is the same, whoever describes it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from junjo_desktop.telemetry.llm.call import Captured, LlmCall, Message
from junjo_desktop.telemetry.llm.parts import ToolCallPart, ToolResultPart
from tests.captures.load import Capture
from tests.telemetry.llm.facts import calls_of

_TOLD_BY_SOME = {"temperature", "max_tokens"}


def _same(capture: Capture) -> list[LlmCall]:
    """Return the calls without what names the span, and what only some conventions have a place for."""
    return [
        replace(
            call,
            trace_id="",
            span_id="",
            parameters={name: value for name, value in call.parameters.items() if name in _TOLD_BY_SOME},
            finish_reasons=call.finish_reasons,
            usage=call.usage
            and replace(
                call.usage,
                cache_read_tokens=call.usage.cache_read_tokens or 0,
                cache_write_tokens=call.usage.cache_write_tokens or 0,
                cache_write_1h_tokens=None,
                reasoning_tokens=call.usage.reasoning_tokens or 0,
                input_audio_tokens=None,
                output_audio_tokens=None,
                reported_cost=None,
            ),
            input_messages=tuple(_same_message(message) for message in call.input_messages),
            output_messages=tuple(_same_message(message) for message in call.output_messages),
            time_to_first_token_ns=None,
            agent_name=None,
            conversation_id=None,
            server_address=None,
            error=None,
            captured=Captured(call.captured.input, call.captured.output),
            conventions=(),
            notes=(),
            raw_keys=(),
        )
        for call in calls_of(capture)
    ]


def _same_message(message: Message) -> Message:
    return message if message.role != "assistant" else replace(message, finish_reason=None)


OPENAI = (
    "otel-genai-openai",
    "openinference-openai",
    "traceloop-openai",
    "logfire-openai",
    "langsmith",
    "litellm-callback",
)
ANTHROPIC = ("otel-genai-anthropic", "openinference-anthropic", "traceloop-anthropic")
ALSO_ALIKE = {
    "chat": ("openinference-langchain", "traceloop-langchain", "traceloop-openai-0.40", "pydantic-ai"),
    "tools": ("traceloop-openai-0.40",),
    "structured": ("openinference-langchain", "traceloop-langchain", "traceloop-openai-0.40", "otel-openai-v2"),
    "multi_turn": ("openinference-langchain", "traceloop-langchain", "traceloop-openai-0.40"),
    "image": ("openinference-langchain", "traceloop-langchain", "logfire-openai", "litellm-callback", "pydantic-ai"),
    "stream": ("traceloop-openai", "otel-openai-v2", "pydantic-ai", "vercel-ai"),
    "reasoning": ("vercel-ai",),
}
SAME = (
    *((scenario, "openinference-openai", other) for scenario, others in ALSO_ALIKE.items() for other in others),
    *((scenario, "openinference-openai", "mlflow") for scenario in ALSO_ALIKE if scenario != "image"),
    ("chat", "openinference-openai", "openlit-openai"),
    *((scenario, *pair) for scenario in ("chat", "structured", "multi_turn") for pair in pairwise(OPENAI)),
    *(("tools", *pair) for pair in pairwise(OPENAI[:4])),
    *((scenario, "openinference-openai", "vercel-ai") for scenario in ("chat", "tools", "structured", "multi_turn")),
    *((scenario, *OPENAI[:2]) for scenario in ("image", "stream", "reasoning")),
    *((scenario, *ANTHROPIC[:2]) for scenario in ("chat", "stream", "tools", "image", "multi_turn", "reasoning")),
    *((scenario, *ANTHROPIC[1:]) for scenario in ("chat", "tools", "image", "multi_turn", "reasoning")),
)


@pytest.mark.parametrize(("scenario", "first", "second"), SAME)
def test_the_same_call_by_two_instrumentations_is_the_same(scenario: str, first: str, second: str) -> None:
    one, other = _same(Capture(first, scenario)), _same(Capture(second, scenario))
    assert one
    assert one == other


@pytest.mark.parametrize("package", [*OPENAI[:5], *ANTHROPIC])
def test_results_of_tools_are_matched_with_their_calls(package: str) -> None:
    _, call = calls_of(Capture(package, "tools"))
    parts = [part for message in call.input_messages for part in message.parts]
    asked = {part.id: part.name for part in parts if isinstance(part, ToolCallPart)}
    answered = {part.id: part.name for part in parts if isinstance(part, ToolResultPart)}
    assert asked == answered
    assert len(asked) == 2
    assert set(asked.values()) == {"get_weather"}
