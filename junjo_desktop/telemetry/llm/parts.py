"""What a message is made of. Text in here is what a model or a user wrote: hostile, of any length, never markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import orjson

from junjo_desktop.telemetry.otlp_json import Plain


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text that was said."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """What a model thought before it answered; `text` is "" where the provider keeps the thought to itself."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A tool that the model asked for. `arguments_text` is compact JSON where what was sent is JSON, else as sent."""

    id: str | None
    name: str | None
    arguments_text: str


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """What a tool gave back: text, media or data; `id` is that of the call that it answers."""

    id: str | None
    name: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MediaPart:
    """An image, sound or file, by value or by link.

    `kind` is image, audio, video or file; `data` is base64 as sent (not checked), `uri` a link or the provider's id of
    a file. Where both are None it was not captured, and `missing` says why in one sentence.
    """

    kind: str
    mime_type: str | None = None
    data: str | None = None
    uri: str | None = None
    name: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class DataPart:
    """A value where others have text: structured output, the documents of a search. `json_text` is compact JSON."""

    json_text: str

    @property
    def value(self) -> Plain:
        """The value, parsed anew at each call."""
        parsed: Plain = orjson.loads(self.json_text)
        return parsed


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """Something of a kind that is not known here, shown as it came. `json_text` is compact JSON.

    `json_text` is the text itself where it cannot be written as JSON.
    """

    json_text: str


Part: TypeAlias = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | MediaPart | DataPart | UnknownPart


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `role` is system, user, assistant or tool, or as sent where it is none of these.

    What a tool gave back is a message of its own with the role tool, also where the provider calls it the user's or
    has several in one.
    """

    role: str
    parts: tuple[Part, ...]
    name: str | None = None
    finish_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool that a model may ask for. `parameters` is the JSON schema of its arguments, None where none was told."""

    name: str | None
    description: str | None = None
    parameters: Plain = None
