"""OTLP values as JSON text, without loss and without the noise of OTLP's own JSON form; `encode_value` is the way back.

A string, bool, int or array is what it looks like; a double always shows as one (`1.0`); the empty AnyValue is
`null`; a kvlist (and a list of attributes) is an object. The rest is said by an object with one of these keys:

    {"bytesValue": base64}            bytes
    {"doubleValue": "NaN"}            a double that JSON has no number for: NaN, Infinity, -Infinity
    {"kvlistValue": [{key, value}]}   a kvlist that no object can hold: a key comes twice, a key is an index into a
                                      string table (`keyStrindex`), or its only key is one of the five listed here
    {"stringValueStrindex": 7}        a string that is an index into a string table (used by profiles only)
    {"absentValue": true}             a KeyValue whose value is not set at all

Equality is protobuf's, but for what has no meaning here: every NaN comes back as the one NaN, an index beside a key
(which OTLP forbids) is passed over, and so are fields that the installed `opentelemetry-proto` does not know yet.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import orjson

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

Plain: TypeAlias = "str | bool | int | float | list[Plain] | dict[str, Plain] | None"
Attributes: TypeAlias = dict[str, Plain]

BYTES = "bytesValue"
DOUBLE = "doubleValue"
KVLIST = "kvlistValue"
STRINDEX = "stringValueStrindex"
ABSENT = "absentValue"
ESCAPES = frozenset((BYTES, DOUBLE, KVLIST, STRINDEX, ABSENT))


def attributes_to_json(key_values: Sequence[KeyValue]) -> str:
    """Attributes as the text of one JSON object."""
    return to_text(read_attributes(key_values)[1])


def to_text(plain: Plain) -> str:
    """JSON text of what the functions here return."""
    return orjson.dumps(plain).decode()


def read_attributes(key_values: Sequence[KeyValue]) -> tuple[Attributes, Attributes]:
    """Read attributes in one walk: (by key, for reading facts; as to be written).

    Both are the same object unless an escape is needed; on duplicate keys the first one holds the last value.
    """
    by_key: Attributes = {}
    for key_value in key_values:
        value = key_value.value
        # Filled strings and ints are most of what comes, and reading them is cheaper than asking what is set.
        by_key[key_value.key] = value.string_value or value.int_value or _read_rarer_value(value, key_value)
    if _needs_pairs(by_key, len(key_values)) or ("" in by_key and _has_strindex(key_values)):
        return by_key, _read_pairs(key_values)
    return by_key, by_key


def read_value_of(key_value: KeyValue) -> Plain:
    """One attribute's value as what JSON can hold."""
    value = key_value.value
    return value.string_value or value.int_value or _read_rarer_value(value, key_value)


def attributes_by_key(written: Attributes) -> Attributes:
    """Return what `read_attributes` gave first, from what it gave second (and JSON text was made of)."""
    return written if len(written) != 1 or KVLIST not in written else dict(pairs_of(written))


def pairs_of(written: Attributes) -> Iterator[tuple[str, Plain]]:
    """Yield keys and values in the order of sending, a key as often as it was sent."""
    pairs = written.get(KVLIST) if len(written) == 1 else None
    if not isinstance(pairs, list):
        yield from written.items()
        return
    for pair in pairs:
        if isinstance(pair, dict):
            yield str(pair["key"]), pair.get("value", {ABSENT: True})


def _has_strindex(key_values: Sequence[KeyValue]) -> bool:
    """Whether a key is an index. To be asked only where a key is empty, as it then must be: asking costs time."""
    return any(key_value.key_strindex for key_value in key_values)


def _needs_pairs(by_key: Attributes | set[str], size: int) -> bool:
    return len(by_key) != size or (size == 1 and not ESCAPES.isdisjoint(by_key))


def _read_rarer_value(value: AnyValue, holder: KeyValue) -> Plain:
    match value.WhichOneof("value"):
        case "double_value":
            return _read_double(value.double_value)
        case "bool_value":
            return value.bool_value
        case "array_value":
            return [item.string_value or read_value(item) for item in value.array_value.values]
        case None if not holder.HasField("value"):
            return {ABSENT: True}
        case _:
            return read_value(value)


def _read_kvlist(key_values: Sequence[KeyValue]) -> Attributes:
    """Like `read_attributes`, but reads each value only once whatever comes: nesting must not multiply the work."""
    keys = {key_value.key for key_value in key_values}
    if _needs_pairs(keys, len(key_values)) or ("" in keys and _has_strindex(key_values)):
        return _read_pairs(key_values)
    return {key_value.key: _read_rarer_value(key_value.value, key_value) for key_value in key_values}


def _read_pairs(key_values: Sequence[KeyValue]) -> Attributes:
    return {KVLIST: [_read_pair(key_value) for key_value in key_values]}


def _read_pair(key_value: KeyValue) -> Plain:
    pair: Attributes = {"key": key_value.key}
    if key_value.key_strindex:
        pair["keyStrindex"] = key_value.key_strindex
    if key_value.HasField("value"):
        pair["value"] = read_value(key_value.value)
    return pair


def read_value(value: AnyValue) -> Plain:  # noqa: PLR0911 - one return for each kind of value
    """One value as what JSON can hold."""
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return value.int_value
        case "bool_value":
            return value.bool_value
        case "double_value":
            return _read_double(value.double_value)
        case "array_value":
            return [read_value(item) for item in value.array_value.values]
        case "kvlist_value":
            return _read_kvlist(value.kvlist_value.values)
        case "bytes_value":
            return {BYTES: b64encode(value.bytes_value).decode()}
        case "string_value_strindex":
            return {STRINDEX: value.string_value_strindex}
        case _:
            return None


def _read_double(number: float) -> Plain:
    if math.isfinite(number):
        return number
    return {DOUBLE: "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"}
