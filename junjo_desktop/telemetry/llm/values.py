"""Values that others wrote, taken as what they are meant to be: JSON as text or as a structure, whole or cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

from junjo_desktop.telemetry.otlp_json import BYTES, KVLIST, Attributes, Plain

_MOST_REPAIRED = 8_000_000
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+(?P<closed>")?|[\[\]{},]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")
# A longer number might not come back as the same one.
_LONG_NUMBER = re.compile(r"\d{16}|\d[eE]|\.\d{15}")
_MOST_DIGITS = 20
MOST_TOKENS = 10**12


def parsed(text: str) -> Plain:
    """Return the JSON in a text. Raises ValueError; NaN and the infinities become text."""
    try:
        value: Plain = orjson.loads(text)
    except orjson.JSONDecodeError:
        if "NaN" not in text and "Infinity" not in text:
            raise
        value = _parsed_with_constants(text)
    return value


def _parsed_with_constants(text: str) -> Plain:
    try:
        value: Plain = json.loads(text, parse_constant=str)
        orjson.dumps(value)  # half a surrogate pair could not be shown or stored
    except (RecursionError, orjson.JSONEncodeError) as error:
        raise ValueError("nested too deeply, or no Unicode") from error
    return value


def structure(value: Plain) -> Plain:
    """Return an object or an array, also where it came as text; all else as it is."""
    if isinstance(value, str):
        if value.lstrip()[:1] in {"{", "["}:
            try:
                return plain(parsed(value))
            except ValueError:
                return value
        return value
    return plain(value)


def plain(value: Plain) -> Plain:
    """Return a value without the outermost escapes of `otlp_json`."""
    if isinstance(value, dict) and len(value) == 1:
        if isinstance(held := value.get(BYTES), str):
            return held
        if isinstance(pairs := value.get(KVLIST), list):
            return {str(pair.get("key")): pair.get("value") for pair in pairs if isinstance(pair, dict)}
    return value


def items(value: Plain) -> list[Plain]:
    """Return the items of an array; what is no array is the only one, nothing is none."""
    if value is None:
        return []
    value = structure(value)
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def as_object(value: Plain) -> Attributes:
    """Return an object, also where it came as text; an empty one for all else."""
    if value is None:
        return {}
    value = structure(value)
    return value if isinstance(value, dict) else {}


def as_text(value: Plain) -> str | None:
    """Return a filled text; None for all else."""
    return value if isinstance(value, str) and value else None


def as_count(value: Plain) -> int | None:
    """Return an int, a whole double or a decimal text as a count of tokens; None for what cannot be one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    elif isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < _MOST_DIGITS else None
    return value if isinstance(value, int) and 0 <= value <= MOST_TOKENS else None


def as_number(value: Plain) -> float | None:
    """Return a finite number of at least 0, also where it came as text; None for all else."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < float("inf") else None


def compact(value: Plain) -> str:
    """Return a value as compact JSON; one that is nested too deeply says so instead."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        except (RecursionError, ValueError):
            return '"(nested too deeply to be shown)"'


def compacted(text: str) -> str:
    """Return a text that is JSON in its compact form, where no number can change by that; any other as it is."""
    if _LONG_NUMBER.search(text):
        return text
    try:
        return orjson.dumps(orjson.loads(text)).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return text


def arguments_text(value: Plain) -> str:
    """Return the arguments of a call, sent as a structure or as text, as one text."""
    value = plain(value)
    if value is None:
        return ""
    return compacted(value) if isinstance(value, str) else compact(value)


def cut_off(text: str) -> tuple[Plain, bool]:
    """Return the JSON structure in a text and whether its end was missing. Raises ValueError where it is none."""
    try:
        return plain(parsed(text)), False
    except ValueError:
        if text.lstrip()[:1] not in _CLOSERS or len(text) > _MOST_REPAIRED:
            raise
    for whole in _completions(text):
        try:
            return plain(parsed(whole)), True
        except ValueError:
            continue
    raise ValueError("no JSON")


def _completions(text: str) -> Iterator[str]:
    """Yield what a text may have been before its end was cut off: with all of its last string, then without it."""
    open_with: list[str] = []
    at_comma, open_at_comma, in_string = 0, "", False
    for token in _TOKENS.finditer(text):
        sign = token.group()
        if sign in _CLOSERS:
            open_with.append(_CLOSERS[sign])
        elif sign in {"}", "]"} and open_with:
            open_with.pop()
        elif sign == ",":
            at_comma, open_at_comma = token.start(), "".join(reversed(open_with))
        elif sign[0] == '"':
            in_string = token.group("closed") is None
    closing = "".join(reversed(open_with))
    if in_string:
        text = _HALF_ESCAPE.sub("", text) + '"'
    yield text + closing
    yield text + ":null" + closing
    yield text[:at_comma] + open_at_comma
