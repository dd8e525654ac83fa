"""What one convention says of a call, before the conventions on a span are merged and brought into one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from junjo_desktop.telemetry.llm.parts import Message, Part, ToolDefinition
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.otlp_json import Plain

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
_MOST_VERSIONS = 10**18


class Worth(IntEnum):
    """How far messages can be trusted to be the messages, and all of them."""

    NOTHING = 0
    WHOLE_VALUE = 1
    """The input or output of the span as one value: a request, a dump, or only the last text."""
    BODY = 2
    """Read out of the provider's own request or answer."""
    MESSAGES = 3
    """Sent as messages."""


@dataclass
class Draft:
    """Of every field, what was told. `tokens` are by the names of `Usage`, `total` is that of input and output.

    `exact_tokens` are those in the provider's own usage, sent along unchanged: they go before all others.
    """

    operation: str | None = None
    provider: str | None = None
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    parameters: dict[str, Plain] = field(default_factory=dict)
    system: tuple[Part, ...] = ()
    input: tuple[Message, ...] = ()
    input_worth: Worth = Worth.NOTHING
    output: tuple[Message, ...] = ()
    output_worth: Worth = Worth.NOTHING
    tools: tuple[ToolDefinition, ...] = ()
    finish_reasons: tuple[str, ...] = ()
    tokens: dict[str, int] = field(default_factory=dict)
    exact_tokens: dict[str, int] = field(default_factory=dict)
    reported_cost: float | None = None
    time_to_first_token_ns: int | None = None
    conversation_id: str | None = None
    user_id: str | None = None
    agent_name: str | None = None
    server_address: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None

    def take_input(self, messages: Iterable[Message], worth: Worth = Worth.MESSAGES) -> None:
        """Take what was asked, unless something of more worth is known."""
        found = tuple(messages)
        if found and worth > self.input_worth:
            self.input, self.input_worth = found, worth

    def take_output(self, messages: Iterable[Message], worth: Worth = Worth.MESSAGES) -> None:
        """Take what was answered, unless something of more worth is known."""
        found = tuple(messages)
        if found and worth > self.output_worth:
            self.output, self.output_worth = found, worth


@dataclass(frozen=True)
class Keys:
    """The attributes in which a convention says what is one word or number, each in order of preference."""

    operation: Sequence[str] = ()
    provider: Sequence[str] = ()
    request_model: Sequence[str] = ()
    response_model: Sequence[str] = ()
    response_id: Sequence[str] = ()
    conversation_id: Sequence[str] = ()
    user_id: Sequence[str] = ()
    agent_name: Sequence[str] = ()
    server_address: Sequence[str] = ()
    prompt_name: Sequence[str] = ()
    prompt_version: Sequence[str] = ()
    reported_cost: Sequence[str] = ()
    first_token_s: Sequence[str] = ()
    first_token_ms: Sequence[str] = ()
    tokens: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def texts(self) -> tuple[tuple[str, Sequence[str]], ...]:
        """What is one word, with its attributes, of all that the convention says."""
        return tuple((name, spellings) for name in _TEXTS if (spellings := getattr(self, name)))


_TEXTS = (
    "operation",
    "provider",
    "request_model",
    "response_model",
    "response_id",
    "conversation_id",
    "user_id",
    "agent_name",
    "server_address",
    "prompt_name",
)


def draft_of(source: Source, keys: Keys) -> Draft:
    """Read what is one word or number."""
    draft = Draft()
    for name, spellings in keys.texts:
        setattr(draft, name, source.text(*spellings))
    draft.prompt_version = version_of(source.value(*keys.prompt_version))
    for name, spellings in keys.tokens.items():
        if (count := source.count(*spellings)) is not None:
            draft.tokens[name] = count
    for name, spellings in keys.parameters.items():
        if (value := source.value(*spellings)) is not None:
            draft.parameters[name] = value
    # Who knows no price reports 0, not nothing.
    draft.reported_cost = source.number(*keys.reported_cost) or None
    seconds, milliseconds = source.number(*keys.first_token_s), source.number(*keys.first_token_ms)
    if seconds is not None:
        draft.time_to_first_token_ns = round(seconds * NS_PER_S)
    elif milliseconds is not None:
        draft.time_to_first_token_ns = round(milliseconds * NS_PER_MS)
    return draft


def version_of(value: Plain) -> str | None:
    """Return a version, which may be a number, as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _MOST_VERSIONS else None
    return value if isinstance(value, str) and value else None


def time_of_event(source: Source, *names: str) -> int | None:
    """Return how long after the start of the span the first of these events came."""
    times = [event.time_ns for event in source.events_named(*names) if not event.is_log]
    if not times:
        return None
    waited = min(times) - source.span.start_time_unix_nano
    return waited if waited >= 0 else None
