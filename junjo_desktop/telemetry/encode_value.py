"""From the JSON text of `otlp_json` back to equal OTLP values."""

from __future__ import annotations

import math
from base64 import b64decode

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from junjo_desktop.telemetry.otlp_json import ABSENT, KVLIST, Attributes, Plain

_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def attributes_from_json(text: str) -> list[KeyValue]:
    """Attributes from the text that `attributes_to_json` made."""
    return make_attributes(orjson.loads(text))


def value_from_json(text: str) -> AnyValue:
    """One value from the text that `otlp_json.read_value` and `to_text` made."""
    value = AnyValue()
    _fill_value(value, orjson.loads(text))
    return value


def make_attributes(plain: Attributes) -> list[KeyValue]:
    """Attributes from what `read_attributes` made of them."""
    pairs = plain.get(KVLIST) if len(plain) == 1 else None
    if isinstance(pairs, list):
        return [_make_pair(pair) for pair in pairs if isinstance(pair, dict)]
    return [_make_key_value(key, value) for key, value in plain.items()]


def _make_pair(pair: Attributes) -> KeyValue:
    key, strindex = pair["key"], pair.get("keyStrindex", 0)
    if not isinstance(key, str) or not isinstance(strindex, int):
        raise TypeError("a pair of a kvlist needs a text key")
    key_value = _make_key_value(key, pair.get("value", {ABSENT: True}))
    key_value.key_strindex = strindex
    return key_value


def _make_key_value(key: str, plain: Plain) -> KeyValue:
    key_value = KeyValue(key=key)
    if plain != {ABSENT: True}:
        key_value.value.SetInParent()
        _fill_value(key_value.value, plain)
    return key_value


def _fill_value(value: AnyValue, plain: Plain) -> None:
    """Set an empty AnyValue to what `read_value` read."""
    match plain:
        case str():
            value.string_value = plain
        case bool():
            value.bool_value = plain
        case int():
            value.int_value = plain
        case float():
            value.double_value = plain
        case list():
            value.array_value.SetInParent()
            for item in plain:
                _fill_value(value.array_value.values.add(), item)
        case dict():
            _fill_from_object(value, plain)


def _fill_from_object(value: AnyValue, plain: Attributes) -> None:
    match plain:
        case {"bytesValue": str(text)} if len(plain) == 1:
            value.bytes_value = b64decode(text)
        case {"doubleValue": str(text)} if len(plain) == 1:
            value.double_value = _NON_FINITE[text]
        case {"stringValueStrindex": int(index)} if len(plain) == 1:
            value.string_value_strindex = index
        case _:
            value.kvlist_value.SetInParent()
            value.kvlist_value.values.extend(make_attributes(plain))
