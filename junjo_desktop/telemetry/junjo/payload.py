"""Payload slots: JSON text that a producer may have redacted, left out, or stored elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import orjson

from junjo_desktop.errors import JunjoDesktopError
from junjo_desktop.telemetry.junjo.attributes import text_of
from junjo_desktop.telemetry.otlp_json import Attributes, Plain


class PayloadError(JunjoDesktopError):
    """A payload has no value: it was not sent, was withheld, or is no JSON."""


class PayloadMode(StrEnum):
    """How much of a payload the producer sent."""

    FULL = "full"
    REDACTED = "redacted"
    EXCLUDED = "excluded"
    REFERENCE = "reference"
    MISSING = "missing"
    """The slot is not on the span, or the span has not arrived."""


@dataclass(frozen=True)
class Payload:
    """A slot. `text` is JSON as sent; `reason` says in one sentence why there is no value ("" when there is text)."""

    mode: PayloadMode
    text: str | None = None
    policy: str | None = None
    reference: str | None = None
    reason: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the whole value was sent, as JSON. (Asking parses it.)"""
        return self.mode is PayloadMode.FULL and not isinstance(self._parsed, PayloadError)

    @property
    def value(self) -> Plain:
        """The parsed JSON. What a redacted payload still shows is its value too; see `mode`.

        Callers share one object: never change it. Raises PayloadError where there is no value.
        """
        if isinstance(self._parsed, PayloadError):
            raise PayloadError(str(self._parsed))
        return self._parsed

    @cached_property
    def _parsed(self) -> Plain | PayloadError:
        if self.text is None:
            return PayloadError(self.reason or "No value was sent.")
        try:
            parsed: Plain = orjson.loads(self.text)
        except orjson.JSONDecodeError as error:
            return PayloadError(f"The value is no JSON: {error}.")
        return parsed


_MODES = {mode.value: mode for mode in PayloadMode}
_WITHHELD = {
    PayloadMode.REDACTED: "The producer redacted it",
    PayloadMode.EXCLUDED: "The producer left it out",
    PayloadMode.REFERENCE: "The producer stored it elsewhere",
}


def payload_of(attributes: Attributes, key: str) -> Payload:
    """Read the slot `key` with its `.mode`, `.policy` and `.reference`. Before G2 there is only the text."""
    value = attributes.get(key)
    text = value if isinstance(value, str) else None
    policy, word = text_of(attributes, f"{key}.policy"), text_of(attributes, f"{key}.mode")
    mode = _mode(word, text)
    if mode is PayloadMode.FULL and text is not None:
        return Payload(mode, text, policy)
    if mode in _WITHHELD:
        reference = text_of(attributes, f"{key}.reference")
        return Payload(mode, text, policy, reference, _withheld(mode, policy, reference))
    if word is not None and mode is PayloadMode.MISSING:
        return Payload(mode, text, policy, reason=f"Its mode “{word}” is not known here.")
    if value is not None and text is None:
        return missing_payload("It was sent as something else than text.")
    return missing_payload("It was not sent.")


def missing_payload(reason: str) -> Payload:
    """A slot without a value, for this reason (one sentence)."""
    return Payload(PayloadMode.MISSING, reason=reason)


def _mode(word: str | None, text: str | None) -> PayloadMode:
    if word is None:
        return PayloadMode.MISSING if text is None else PayloadMode.FULL
    return _MODES.get(word, PayloadMode.MISSING)


def _withheld(mode: PayloadMode, policy: str | None, reference: str | None) -> str:
    where = f": {reference}" if reference and mode is PayloadMode.REFERENCE else ""
    by = f" (policy {policy})" if policy else ""
    return f"{_WITHHELD[mode]}{by}{where}."
