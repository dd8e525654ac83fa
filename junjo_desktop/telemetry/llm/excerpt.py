"""The beginning of what a model was asked: how a list tells one call from the others."""

from __future__ import annotations

from collections.abc import Iterable

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import DataPart, MediaPart, Part, TextPart, ToolResultPart

LONGEST = 200
_SEEN = 2_000
"""Of a text; what is white is left out of it."""


def first_words(call: LlmCall) -> str:
    """Return what was asked last, on one line: of the last message the first text, else of one before it."""
    for message in reversed(call.input_messages):
        if words := _words(message.parts):
            return words
    return _words(call.system_instructions)


def _words(parts: Iterable[Part]) -> str:
    for part in parts:
        words = _text(part)
        if words:
            return words
    return ""


def _text(part: Part) -> str:
    match part:
        case TextPart(text=text):
            words = " ".join(text[:_SEEN].split())
            return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
        case ToolResultPart(parts=parts):
            return _words(parts)
        case MediaPart(kind=kind):
            return f"({kind})"
        case DataPart():
            return "(data)"
        case _:
            return ""
