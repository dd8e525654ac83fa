"""Values of a result as JSON and CSV can carry them."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import orjson

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_TEMPORAL = ("TIME", "DATE", "INTERVAL")
_INT64_MIN, _UINT64_MAX = -(2**63), 2**64 - 1


def readable_column(column: str, type_: str) -> str:
    """Return the expression that fetches a column so that `json_ready` can read it.

    Times come as text: Python's have microseconds only, and neither years before 1 nor infinity.
    """
    if not any(word in type_ for word in _TEMPORAL):
        return column
    if _is_nested(type_):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def json_ready(value: Any, type_: str) -> Json:
    """Return a value fetched through `readable_column` as JSON.

    Integers beyond 64 bits, decimals that a double cannot hold, NaN and infinities are texts; bytes are base64; times
    are ISO 8601, with an offset when they are moments; values of the type JSON stay their text.
    """
    if isinstance(value, str) and any(word in type_ for word in _TEMPORAL):
        return _plain(orjson.loads(value)) if _is_nested(type_) else _iso(value, type_)
    return _plain(value)


def _is_nested(type_: str) -> bool:
    return type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION"))


def _iso(text: str, type_: str) -> str:
    """`2026-11-20 08:35:33.98+00` to `2026-11-20T08:35:33.98+00:00`; other kinds stay as they are."""
    if not type_.startswith("TIMESTAMP") or " " not in text:
        return text
    date, _, time = text.partition(" ")
    if type_.endswith("WITH TIME ZONE") and time[-3:-2] in {"+", "-"}:
        time += ":00"
    return f"{date}T{time}"


def _plain(value: Any) -> Json:
    match value:
        case None | bool() | str():
            plain: Json = value
        case int():
            plain = value if _INT64_MIN <= value <= _UINT64_MAX else str(value)
        case float():
            plain = value if math.isfinite(value) else _unfinite(value)
        case Decimal():
            plain = _decimal(value)
        case bytes() | bytearray() | memoryview():
            plain = base64.b64encode(value).decode()
        case Mapping():
            plain = {key if isinstance(key, str) else str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            plain = [_plain(item) for item in value]
        case _:
            plain = str(value)
    return plain


def _unfinite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _decimal(value: Decimal) -> float | str:
    number = float(value)
    return number if math.isfinite(number) and Decimal(repr(number)) == value else str(value)
