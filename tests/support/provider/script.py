"""What the stand-in answers. Questions that are written here get the answer beside them, all others an echo."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

SYSTEM = "You are a terse travel guide. Answer in one sentence."
HELLO = "Where should I spend one day in Norway?"
COUNT = "Count to five in words."
WEATHER = "What is the weather in Oslo and in Rome?"
PICTURE = "What is in this picture?"
PLAN = "Plan one day in Oslo as JSON."
PUZZLE = "A boat and a paddle cost 110 together, the boat 100 more than the paddle. What is the paddle?"
FOLLOW_UP = "And how do I get there from Bergen?"
BUSY = "Please be busy."
"""Is answered with 429, as a provider that has had too many requests."""
TEXTS = ("Oslo is the capital of Norway.", "Rome is the capital of Italy.")

IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one pixel, base64."""

WEATHER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The name of the city."}},
    "required": ["city"],
    "additionalProperties": False,
}
PLAN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"morning": {"type": "string"}, "evening": {"type": "string"}},
    "required": ["morning", "evening"],
    "additionalProperties": False,
}
WEATHER_OF = {"Oslo": '{"celsius":4,"sky":"rain"}', "Rome": '{"celsius":21,"sky":"sun"}'}

DATED = {
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-5-mini": "gpt-5-mini-2025-08-07",
    "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
}


@dataclass(frozen=True)
class Tokens:
    """What is counted. Of `input` the cached ones are part, of `output` those of reasoning."""

    input: int
    output: int
    cache_read: int = 0
    cache_write: int = 0
    reasoning: int = 0


@dataclass(frozen=True)
class Call:
    """A tool that the model asks for."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Answer:
    """What the model says. `finish` is stop, tool_calls or length."""

    text: str
    tokens: Tokens
    calls: tuple[Call, ...] = ()
    reasoning: str = ""
    finish: str = "stop"


@dataclass(frozen=True)
class Ask:
    """What was asked, whoever's wire format it came in.

    `messages` are dicts of role and parts; a part is one of {text}, {reasoning}, {call: {id, name, arguments}},
    {result: {id, text}}, {image: {mime, data | uri}}.
    """

    provider: str
    operation: str
    model: str
    is_stream: bool = False
    system: tuple[str, ...] = ()
    messages: tuple[dict[str, Any], ...] = ()
    tools: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    output_tool: str | None = None
    """The tool that the answer must be given to: how frameworks ask for structured output."""
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def last_user_text(self) -> str:
        """The last thing that the user said."""
        said = [
            part["text"]
            for message in self.messages
            if message["role"] == "user"
            for part in message["parts"]
            if "text" in part
        ]
        return said[-1] if said else ""

    @property
    def has_results(self) -> bool:
        """Whether the last message gives back what tools said."""
        return bool(self.messages) and any("result" in part for part in self.messages[-1]["parts"])


_ANSWERS = {
    HELLO: Answer("Take the train to Flåm, and the boat back.", Tokens(1888, 24, cache_read=512, cache_write=1024)),
    COUNT: Answer("One, two, three, four, five.", Tokens(31, 12)),
    PICTURE: Answer("One single pixel.", Tokens(268, 9)),
    PLAN: Answer('{"morning":"Vigeland park","evening":"Opera roof"}', Tokens(96, 21)),
    PUZZLE: Answer(
        "The paddle costs 5.", Tokens(64, 200, reasoning=192), reasoning="With p the paddle: 2p + 100 = 110."
    ),
    FOLLOW_UP: Answer("The Bergen railway to Myrdal, then down the valley.", Tokens(2048, 30, cache_read=1536)),
}
_WEATHER_ASKED = Answer(
    "Let me look.",
    Tokens(142, 48),
    (Call("get_weather", '{"city":"Oslo"}'), Call("get_weather", '{"city":"Rome"}')),
    finish="tool_calls",
)
_WEATHER_TOLD = Answer("Rain at 4 °C in Oslo, sun at 21 °C in Rome.", Tokens(230, 26, cache_read=128))


def answer_to(ask: Ask) -> Answer:
    """Return the answer to a question; the same question gets the same answer."""
    said = ask.last_user_text
    if ask.has_results:
        return _structured(ask, _WEATHER_TOLD)
    if said == WEATHER and ask.tools:
        return _WEATHER_ASKED
    found = _ANSWERS.get(said)
    if found is None:
        words = f"You said: {said}"
        found = Answer(words, Tokens(max(1, len(said) // 4), max(1, len(words) // 4)))
    return _structured(ask, found)


def _structured(ask: Ask, answer: Answer) -> Answer:
    if ask.output_tool is None or ask.last_user_text != PLAN:
        return answer
    return Answer("", answer.tokens, (Call(ask.output_tool, answer.text),), finish="tool_calls")


def vectors_of(texts: tuple[str, ...]) -> list[list[float]]:
    """Return a vector for each text: the same text has the same one."""
    return [[round(((sum(text.encode()) * place) % 97) / 97, 6) for place in (1, 3, 7, 11)] for text in texts]


def embedding_tokens(texts: tuple[str, ...]) -> int:
    """Return how many tokens some texts are."""
    return sum(max(1, len(text) // 4) for text in texts)


def dated(model: str) -> str:
    """Return the model that answers: that of a certain day, where a name without a day was asked for."""
    return DATED.get(model.rpartition("/")[2], model)


def parsed_arguments(call: Call) -> Any:
    """Return the arguments of a call as a value."""
    return json.loads(call.arguments)
