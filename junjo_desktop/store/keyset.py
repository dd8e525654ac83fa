"""What people give to a list: ids, limits, the place to go on from; checked, with a sentence when one is wrong."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from junjo_desktop.errors import UsageError

MAX_LIMIT = 10_000

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_SPAN_ID = re.compile(r"[0-9a-f]{16}")
_KEY = re.compile(rf"(-?\d{{1,19}})\.({_TRACE_ID.pattern})\.({_SPAN_ID.pattern})")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a span stands in a list. The order is total: no two spans share all three."""

    start_ns: int
    trace_id: str
    span_id: str

    def text(self) -> str:
        """The key as an opaque text that survives a URL and a shell."""
        raw = f"{self.start_ns}.{self.trace_id}.{self.span_id}".encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_of(text: str) -> Key:
    """Read a key's text. Raises `UsageError`."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raw = ""
    found = _KEY.fullmatch(raw)
    if found is None or not -(2**63) <= int(found[1]) < 2**63:
        raise UsageError(f"{text!r} is not a cursor.", "Give the cursor of a listed row, as it was printed.")
    return Key(int(found[1]), found[2], found[3])


def page_of(before: str | None) -> tuple[str, list[Any]]:
    """Return the condition for rows behind a cursor, with its parameters; for None one that holds for all."""
    if before is None:
        return "true", []
    key = key_of(before)
    # The first part says nothing new, but it alone is what DuckDB compares with its zone maps.
    return "start_ns <= ? AND (start_ns, trace_id, span_id) < (?, ?, ?)", [
        key.start_ns,
        key.start_ns,
        key.trace_id,
        key.span_id,
    ]


def checked_limit(limit: int) -> int:
    """Return a limit that may be asked for. Raises `UsageError`."""
    if not 1 <= limit <= MAX_LIMIT:
        raise UsageError(
            f"The limit {limit} is not between 1 and {MAX_LIMIT:,}.", "Take a smaller one and go on with the cursor."
        )
    return limit


def trace_id_of(text: str) -> str:
    """Return a trace id as it is stored. Raises `UsageError`."""
    return _checked_id(text, _TRACE_ID, "trace id", 32)


def span_id_of(text: str) -> str:
    """Return a span id as it is stored. Raises `UsageError`."""
    return _checked_id(text, _SPAN_ID, "span id", 16)


def _checked_id(text: str, pattern: re.Pattern[str], kind: str, digits: int) -> str:
    found = text.strip().lower()
    if pattern.fullmatch(found) is None:
        raise UsageError(f"{text!r} is not a {kind}.", f"A {kind} is {digits} hexadecimal digits.")
    return found
