"""Reading attributes that may hold anything: a value of a wrong type counts as absent."""

from __future__ import annotations

from junjo_desktop.telemetry.otlp_json import Attributes, Plain, attributes_by_key
from junjo_desktop.telemetry.span import Span

_LONGEST_INT = 20


def attributes_of(span: Span) -> Attributes:
    """The attributes of a span by key; of a key that was sent twice, the last value."""
    return attributes_by_key(span.attributes_json)


def text_of(attributes: Attributes, *keys: str) -> str | None:
    """The first of these that is a filled text."""
    for key in keys:
        if key in attributes:
            value = attributes[key]
            if value and isinstance(value, str):
                return value
    return None


def int_of(attributes: Attributes, key: str) -> int | None:
    """An int, a whole double or a decimal text."""
    return to_int(attributes.get(key))


def to_int(value: Plain) -> int | None:
    """An int, a whole double or a decimal text, as an int; None for all else."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_INT:
        return int(value)
    return None


def bool_of(attributes: Attributes, key: str) -> bool | None:
    """A bool, or the text of one."""
    value = attributes.get(key)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None
