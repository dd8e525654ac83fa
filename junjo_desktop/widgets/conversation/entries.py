"""What a conversation or a definition is shown as: entries with parts. Qt-free; made off the GUI thread."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadError
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.display_text import many_lines

Look = Literal["text", "json", "error", "note", "message", "media"]

_CHARACTERS, _LINES = 700, 9
_MESSAGE_CHARACTERS, _MESSAGE_LINES = 1_600, 18
_ONE_LINE = 110
_UNSHOWN = object()
_BREAK = "\u200b"
_ADDRESS = re.compile(r"[^\s\u200b]{24}(?=\S)")
_ENDLESS = re.compile(r"[^\s\u200b]{90}(?=\S)")


@dataclass(frozen=True)
class Part:
    """One text or value of an entry. `shown` is its beginning, safe to show; `length` is that of the whole.

    A part whose `shown` is empty is closed: its heading offers to open it.
    """

    label: str
    look: Look
    shown: str
    length: int
    is_cut: bool
    text: str | None = field(default=None, compare=False, repr=False)
    payload: Payload | None = field(default=None, compare=False, repr=False)
    json_value: Any = field(default=_UNSHOWN, compare=False, repr=False)
    image: str | None = field(default=None, repr=False)
    """The picture that is shown below, in base64; it is neither checked nor decoded yet."""
    address: str | None = None
    """Where the content is: it is never fetched, but the user may open it."""

    @property
    def copied(self) -> str:
        """What is shown, without the places that were added where a line may break."""
        return self.shown.replace(_BREAK, "") + ("…" if self.is_cut else "")

    @property
    def has_value(self) -> bool:
        """Whether it is JSON, which can be looked at as a tree."""
        return self.look == "json"

    def value(self) -> Any:
        """Return the JSON value; its text where it is none. May take long: for a background thread."""
        if self.json_value is not _UNSHOWN:
            return self.json_value
        try:
            return self.payload.value if self.payload is not None else self.text
        except PayloadError:
            return self.payload.text if self.payload is not None else None

    def whole(self) -> str:
        """Return the whole text, JSON indented. May take long: for a background thread."""
        if self.text is not None:
            return self.text
        return _indented(self.value()) or (self.payload.text if self.payload is not None else None) or ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A tag behind the title, with its tooltip."""

    text: str
    role: Role
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A button that leads to another run."""

    label: str
    destination: object
    icon: str = "workflows"


@dataclass(frozen=True)
class Entry:
    """One entry. `key` is the same for the same thing after an update; `span_id` is what choosing it selects.

    `is_operation`: it stands for that span, and is marked when the span is selected elsewhere.
    """

    key: Hashable
    tag: str
    role: Role
    title: str
    facts: str = ""
    span_id: str | None = None
    is_operation: bool = False
    depth: int = 0
    badges: tuple[Badge, ...] = ()
    parts: tuple[Part, ...] = ()
    ways: tuple[Way, ...] = ()
    raw: Any = field(default=None, compare=False, repr=False)
    """What it is made of, ready for JSON; None where it is nothing that was sent."""

    @property
    def is_failed(self) -> bool:
        """Whether what it stands for failed."""
        return any(badge.role == "error" for badge in self.badges)

    def holds(self, text: str) -> bool:
        """Whether a text, in lower case, stands anywhere in it, folded or not. May take long."""
        words = (self.tag, self.title, self.facts, *(part.label for part in self.parts))
        return any(text in one.lower() for one in words) or any(text in part.whole().lower() for part in self.parts)


def text_part(label: str, text: str, look: Look = "text") -> Part:
    """Return a part of plain text."""
    shown, is_cut = _beginning(text)
    return Part(label, look, shown, len(text), is_cut, text=text)


def message_part(label: str, text: str) -> Part:
    """Return what somebody said: text that may be Markdown, of which more is shown at first than of other texts."""
    begun = text[:_MESSAGE_CHARACTERS]
    lines = begun.split("\n", _MESSAGE_LINES)
    shown = "\n".join(lines[:_MESSAGE_LINES]) if len(lines) > _MESSAGE_LINES else begun
    return Part(label, "message", shown, len(text), len(shown) < len(text), text=text)


def note_part(text: str) -> Part:
    """Return a remark of ours; it is short and never cut."""
    return Part("", "note", many_lines(text), len(text), is_cut=False, text=text)


def media_part(words: str, *, image: str | None = None, address: str | None = None) -> Part:
    """Return an image, a sound or a file: what it is in words, the picture, and where it is."""
    shown = _ADDRESS.sub(lambda word: word[0] + _BREAK, many_lines(words))
    return Part("", "media", shown, len(words), is_cut=False, text=words, image=image, address=address)


def value_part(label: str, value: Any) -> Part:
    """Return a JSON value; what is a text is shown as one."""
    if isinstance(value, str):
        return text_part(label, value)
    text = _readable(value)
    shown, is_cut = _beginning(text)
    return Part(label, "json", shown, len(text), is_cut, json_value=value)


def payload_parts(label: str, payload: Payload) -> tuple[Part, ...]:
    """Return what was sent of a payload, and why not all of it was."""
    notes = (_remark(label, payload.reason),) if payload.reason else ()
    if payload.text is None:
        return notes
    try:
        return (value_part(label, payload.value), *notes)
    except PayloadError as error:
        return (text_part(label, payload.text), _remark(label, str(error)))


def closed_part(label: str, payload: Payload) -> Part:
    """Return a payload that is read only when somebody opens it."""
    return Part(label, "json", "", len(payload.text or ""), is_cut=True, payload=payload)


def _remark(label: str, sentence: str) -> Part:
    return note_part(f"{label}: {sentence[:1].lower()}{sentence[1:]}" if label else sentence)


def _beginning(text: str) -> tuple[str, bool]:
    """Return as much of a text as an entry shows before it is asked for all, safe to show, and whether that is less.

    It ends after whole lines where there are some. Words without end may be broken: what wraps text does not do so.
    """
    begun = text[:_CHARACTERS]
    lines = begun.split("\n", _LINES)
    shown = "\n".join(lines[:_LINES]) if len(lines) > _LINES else begun
    broken = _ENDLESS.sub(lambda word: word[0] + _BREAK, many_lines(shown))
    return broken, len(shown) < len(text) or _BREAK in broken


def _readable(value: Any) -> str:
    text = _indented(value)
    if not text:
        return "(nested too deeply to be shown as text)"
    if len(text) <= 2 * _ONE_LINE:
        compact = json.dumps(value, ensure_ascii=False)
        return compact if len(compact) <= _ONE_LINE else text
    return text


def _indented(value: Any) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:
        return ""
