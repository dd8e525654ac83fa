"""JSON values that others wrote, on their way into a document that is written once more."""

from __future__ import annotations

from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadError

# orjson writes what is at most 254 levels deep; a value stands up to eight levels deep in our documents, and whoever
# reads those with orjson must be able to write them again.
_LEVELS_ABOVE = 8


class TooDeepError(Exception):
    """A value is nested more deeply than can be written."""


def encoded(value: Any) -> bytes:
    """Return a JSON value as text. Raises `TooDeepError`."""
    for _ in range(_LEVELS_ABOVE):
        value = [value]
    try:
        text = orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise TooDeepError("It is nested too deeply to be written here.") from error
    return text[_LEVELS_ABOVE:-_LEVELS_ABOVE]


def written(value: Any) -> orjson.Fragment | None:
    """Return a JSON value, None where it is nested too deeply."""
    try:
        return orjson.Fragment(encoded(value))
    except TooDeepError:
        return None


def json_text(value: Any) -> str | None:
    """Return a JSON value as compact text, None where it is nested too deeply."""
    try:
        return encoded(value).decode()
    except TooDeepError:
        return None


def value_or_none(payload: Payload) -> Any:
    """Return the value of a payload, None where there is none (or where it is null)."""
    try:
        return payload.value
    except PayloadError:
        return None


def payload_json(payload: Payload) -> dict[str, object]:
    """Return a payload slot, named as Junjo AI Studio's PayloadEvidence: mode, policy, value, reference, reason."""
    value, reason = payload_value(payload)
    return {
        "mode": payload.mode.value,
        "policy": payload.policy,
        "value": value,
        "reference": payload.reference,
        "reason": reason,
    }


def payload_value(payload: Payload) -> tuple[orjson.Fragment | None, str]:
    """Return the value, None where there is none, and why there is none ("" when there is)."""
    try:
        return orjson.Fragment(encoded(payload.value)), payload.reason
    except (PayloadError, TooDeepError) as error:
        return None, str(error)
