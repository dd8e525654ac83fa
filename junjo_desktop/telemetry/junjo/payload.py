"""Payload slots: JSON text that a producer may have redacted, left out, or stored elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import orjson

from junjo_desktop.errors import JunjoDesktopError
from junjo_desktop.telemetry.otlp_json import Plain


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
