"""Calls of models and tools as turns of a conversation; a message that is sent again is kept once. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import Message, Part, ReasoningPart, TextPart, ToolResultPart
from junjo_desktop.telemetry.llm.steps import ToolCall


class Ledger:
    """Numbers messages: two that say the same have the same number, whichever call they come from."""

    def __init__(self) -> None:
        self._numbers: dict[Message, int] = {}
        self._messages: list[Message] = []

    def number(self, message: Message) -> int:
        """Return the number of a message."""
        said = _said(message)
        number = self._numbers.get(said)
        if number is None:
            number = self._numbers[said] = len(self._messages)
            self._messages.append(message)
        return number

    def numbers(self, messages: Iterable[Message]) -> tuple[int, ...]:
        """Return the numbers of messages."""
        return tuple(self.number(message) for message in messages)

    def message(self, number: int) -> Message:
        """Return a message as it was first sent."""
        return self._messages[number]


def _said(message: Message) -> Message:
    """Return what counts when messages are compared: thoughts, names and reasons to stop are not sent back."""
    parts = tuple(part for part in message.parts if not isinstance(part, ReasoningPart) and part != TextPart(""))
    return Message(message.role, tuple(_trimmed(part) for part in parts))


def _trimmed(part: Part) -> Part:
    return TextPart(part.text.strip()) if isinstance(part, TextPart) else part


@dataclass(frozen=True)
class Turn:
    """A call of a model. `call` has no input any more: its messages are `asked`, by their numbers."""

    span_id: str
    name: str
    start_ns: int
    end_ns: int
    call: LlmCall
    system: tuple[int, ...]
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    """Numbers of its answers, one for each choice."""

    @property
    def duration_ns(self) -> int | None:
        """How long it took; None where a time is missing."""
        return self.end_ns - self.start_ns if self.start_ns > 0 and self.end_ns > 0 else None


@dataclass(frozen=True)
class ToolRun:
    """A tool that ran."""

    span_id: str
    start_ns: int
    end_ns: int
    is_failed: bool
    tool: ToolCall

    @property
    def duration_ns(self) -> int | None:
        """How long it took; None where a time is missing."""
        return self.end_ns - self.start_ns if self.start_ns > 0 and self.end_ns > 0 else None


def turn_of(call: LlmCall, ledger: Ledger, name: str, start_ns: int, end_ns: int) -> Turn:
    """Return a call as a turn."""
    system = ledger.numbers((Message("system", call.system_instructions),) if call.system_instructions else ())
    return Turn(
        span_id=call.span_id,
        name=name,
        start_ns=start_ns,
        end_ns=end_ns,
        call=replace(call, system_instructions=(), input_messages=(), tool_definitions=()),
        system=system,
        asked=ledger.numbers(call.input_messages),
        answered=ledger.numbers(call.output_messages),
    )


def results_in(messages: Sequence[Message]) -> list[ToolResultPart]:
    """Return the results of tools that messages carry."""
    return [part for message in messages for part in message.parts if isinstance(part, ToolResultPart)]


def is_result(message: Message) -> bool:
    """Whether a message is nothing but results of tools."""
    return bool(message.parts) and all(isinstance(part, ToolResultPart) for part in message.parts)
