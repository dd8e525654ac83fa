"""What is said to a model and what it answers, before a convention turns it into attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model asks for."""

    id: str
    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. `answers` is the id of the tool call whose result this is."""

    role: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One request to a model with its reply. Counts of tokens follow from the words, as a tokenizer would see them."""

    id: str
    provider: str
    model: str
    messages: tuple[Message, ...]
    reply: Message
    temperature: float = 0.2
    tools: tuple[Mapping[str, object], ...] = ()
    reasoning: str = ""
    cached: int = 0

    @property
    def input_tokens(self) -> int:
        return 11 + sum(4 + _tokens(message) for message in self.messages) + 46 * len(self.tools)

    @property
    def output_tokens(self) -> int:
        return 3 + _tokens(self.reply) + self.reasoning_tokens

    @property
    def reasoning_tokens(self) -> int:
        return len(self.reasoning) // 3

    @property
    def finish_reason(self) -> str:
        return "tool_calls" if self.reply.calls else "stop"


def tool_schema(name: str, description: str, **properties: str) -> Mapping[str, object]:
    """The JSON schema of a tool whose arguments are all required; `properties` maps names to JSON types."""
    return {
        "name": name,
        "description": description,
        "parameters": {
            "type": "object",
            "properties": {key: {"type": kind} for key, kind in properties.items()},
            "required": list(properties),
        },
    }


def _tokens(message: Message) -> int:
    said = len(message.text) + sum(len(str(dict(call.arguments))) + len(call.name) for call in message.calls)
    return -(-said // 4)
