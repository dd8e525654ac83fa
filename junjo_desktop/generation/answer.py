"""The answer to a request, put together from its events, and the call that it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from junjo_desktop.generation.events import (
    Failed,
    Finished,
    GenerationEvent,
    ReasoningDelta,
    SettingLeftOut,
    TextDelta,
    ToolCallDelta,
    UsageTold,
)
from junjo_desktop.generation.failures import GenerationFailure
from junjo_desktop.telemetry.llm.call import CallError, Captured, LlmCall
from junjo_desktop.telemetry.llm.parts import Message, Part, ReasoningPart, TextPart, ToolCallPart
from junjo_desktop.telemetry.llm.prices.cost import Cost
from junjo_desktop.telemetry.llm.usage import Usage
from junjo_desktop.telemetry.llm.values import arguments_text
from junjo_desktop.telemetry.llm.words import finish_reason_of

ASSISTANT = "assistant"
_CLOCK_STEP = 1


@dataclass(frozen=True)
class Generation:
    """A call that has ended: well, or with a failure and what had come until then.

    `call` is it as telemetry tells it, `trace_id` and `span_id` those of its span. Times in nanoseconds, `start_ns`
    since the epoch; `cost` is what the price table says, before any own prices.
    """

    call: LlmCall
    start_ns: int
    duration_ns: int
    cost: Cost
    failure: GenerationFailure | None = None
    left_out: tuple[SettingLeftOut, ...] = ()

    @property
    def text(self) -> str:
        """What the model said."""
        return "".join(part.text for part in self._parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """What the model thought, as far as its provider tells."""
        return "".join(part.text for part in self._parts if isinstance(part, ReasoningPart))

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        """The tools that the model asked for."""
        return tuple(part for part in self._parts if isinstance(part, ToolCallPart))

    @property
    def _parts(self) -> tuple[Part, ...]:
        return tuple(part for message in self.call.output_messages for part in message.parts)


@dataclass
class _ToolCall:
    id: str | None = None
    name: str | None = None
    pieces: list[str] = field(default_factory=list)


class AnswerBuilder:
    """Takes events in their order. `question` is the call without its answer; `clock_ns` a monotonic clock."""

    def __init__(self, question: LlmCall, start_ns: int, clock_ns: Callable[[], int]) -> None:
        self._question = question
        self._start_ns = start_ns
        self._clock_ns = clock_ns
        self._begun_ns = clock_ns()
        self._first_ns: int | None = None
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._calls: dict[int, _ToolCall] = {}
        self._usage: Usage | None = None
        self._end: Finished | Failed | None = None
        self._left_out: list[SettingLeftOut] = []

    def begin(self, start_ns: int) -> None:
        """Measure from now on: before, the process that calls models was still loading."""
        self._start_ns, self._begun_ns = start_ns, self._clock_ns()

    def take(self, event: GenerationEvent) -> None:
        """Add an event."""
        if isinstance(event, TextDelta | ReasoningDelta | ToolCallDelta) and self._first_ns is None:
            self._first_ns = self._clock_ns() - self._begun_ns
        match event:
            case TextDelta(text):
                self._text.append(text)
            case ReasoningDelta(text):
                self._reasoning.append(text)
            case ToolCallDelta(index, identity, name, arguments):
                told = self._calls.setdefault(index, _ToolCall())
                told.id, told.name = told.id or identity, told.name or name
                told.pieces.append(arguments)
            case UsageTold(usage):
                self._usage = usage
            case SettingLeftOut():
                self._left_out.append(event)
            case Finished() | Failed():
                self._end = event

    def built(self, price: Callable[[LlmCall, int, int], Cost]) -> Generation:
        """Return the call as it ended. `price` gets it with its start and its duration in nanoseconds."""
        duration_ns = max(self._clock_ns() - self._begun_ns, _CLOCK_STEP)
        failure = self._end.failure if isinstance(self._end, Failed) else None
        finished = self._end if isinstance(self._end, Finished) else Finished(None, None, None)
        reason = finish_reason_of(finished.finish_reason)
        parts = self._parts()
        answer = (Message(ASSISTANT, parts, finish_reason=reason),) if parts or failure is None else ()
        left_out = {one.name for one in self._left_out}
        call = replace(
            self._question,
            parameters={name: value for name, value in self._question.parameters.items() if name not in left_out},
            response_model=finished.response_model,
            response_id=finished.response_id,
            output_messages=answer,
            finish_reasons=(reason,) if reason else (),
            usage=self._usage,
            time_to_first_token_ns=self._first_ns,
            error=None if failure is None else CallError(str(failure.kind), failure.message),
            captured=Captured(input=True, output=True),
        )
        cost = price(call, self._start_ns, duration_ns)
        return Generation(call, self._start_ns, duration_ns, cost, failure, tuple(self._left_out))

    def _parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        if self._reasoning:
            parts.append(ReasoningPart("".join(self._reasoning)))
        if self._text:
            parts.append(TextPart("".join(self._text)))
        for _, told in sorted(self._calls.items()):
            parts.append(ToolCallPart(told.id, told.name, arguments_text("".join(told.pieces))))
        return tuple(parts)
