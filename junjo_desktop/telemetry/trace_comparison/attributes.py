"""Which attributes of two spans differ, and which of these say anything.

Ids, times and the numbers of processes and threads differ between any two traces: they are told apart from the rest.
"""

from __future__ import annotations

import re
from typing import Any

from junjo_desktop.telemetry.resource import parse_object

_LIKE_AN_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}"
    r"|(?=.*\d)[\w-]{0,16}[_-][0-9A-Za-z]{12,}",
    re.IGNORECASE,
)
_LIKE_A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*|\d{10}(\.\d+)?|\d{13,}")
_INCIDENTAL_ENDS = (".id", "_id", ".uuid", ".pid", ".timestamp", "_at", ".port", ".time", "thread.name")
_TOLD_BY_COLUMNS = re.compile(r".*usage\..*tokens|llm\.token_count\..*|gen_ai\.request\.model|llm\.model_name")
"""Told by the tokens and the model of a span."""
_NUMBERS_FROM = 1_000_000_000
_ABSENT = object()


def differing_keys(left: str, right: str) -> tuple[str, ...]:
    """Return the keys, in order, under which two attributes differ that say something; both are JSON objects."""
    if left == right:
        return ()
    one, other = parse_object(left or "{}"), parse_object(right or "{}")
    return tuple(
        key
        for key in dict.fromkeys((*one, *other))
        if one.get(key, _ABSENT) != other.get(key, _ABSENT)
        and not _TOLD_BY_COLUMNS.fullmatch(key)
        and not is_incidental(key, one.get(key, _ABSENT), other.get(key, _ABSENT))
    )


def is_incidental(key: str, left: Any, right: Any) -> bool:
    """Whether two different values are of a kind that is another in every trace."""
    if left is _ABSENT or right is _ABSENT:
        return False
    if key.lower().endswith(_INCIDENTAL_ENDS):
        return True
    return all(_is_made_up(value) for value in (left, right))


def _is_made_up(value: Any) -> bool:
    match value:
        case str():
            return bool(_LIKE_AN_ID.fullmatch(value) or _LIKE_A_TIME.fullmatch(value))
        case bool():
            return False
        case int() | float():
            # Seconds, milliseconds or nanoseconds since 1970.
            return bool(value >= _NUMBERS_FROM)
        case list() if value:
            return all(_is_made_up(item) for item in value)
        case _:
            return False
