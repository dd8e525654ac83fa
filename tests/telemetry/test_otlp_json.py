"""OTLP values survive the way through JSON text, and plain ones look plain."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from junjo_desktop.telemetry.encode_value import attributes_from_json, value_from_json
from junjo_desktop.telemetry.otlp_json import attributes_to_json, read_value, to_text
from tests.support import otlp
from tests.support.otlp_strategies import MEGABYTE, any_values, attributes
from tests.telemetry.stored import PATIENT


def _text(value: AnyValue) -> str:
    return to_text(read_value(value))


def _wire(key_values: list[KeyValue]) -> bytes:
    """Byte equality is stricter than message equality: it tells 0.0 from -0.0 and takes NaN as itself."""
    return KeyValueList(values=key_values).SerializeToString(deterministic=True)


@PATIENT
@given(any_values)
def test_every_value_comes_back_equal(value: AnyValue) -> None:
    again = value_from_json(_text(value))
    assert again.SerializeToString(deterministic=True) == value.SerializeToString(deterministic=True)


@PATIENT
@given(attributes)
@example([KeyValue(key="a"), KeyValue(key="a", value=AnyValue())])
@example([KeyValue(key="kvlistValue", value=AnyValue(array_value=ArrayValue()))])
@example([KeyValue(key="absentValue", value=AnyValue(bool_value=True))])
@example([KeyValue(key_strindex=3)])
def test_every_attribute_list_comes_back_equal(key_values: list[KeyValue]) -> None:
    assert _wire(attributes_from_json(attributes_to_json(key_values))) == _wire(key_values)


@PATIENT
@given(attributes)
def test_the_text_is_one_strict_json_object(key_values: list[KeyValue]) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    assert isinstance(json.loads(attributes_to_json(key_values), parse_constant=refuse), dict)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\x00💩", '"a\\u0000💩"'),
        (True, "true"),
        (-(2**63), "-9223372036854775808"),
        (2**53 + 1, "9007199254740993"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (5e-324, "5e-324"),
        (1e308, "1e+308"),
        (math.inf, '{"doubleValue":"Infinity"}'),
        (-math.inf, '{"doubleValue":"-Infinity"}'),
        (math.nan, '{"doubleValue":"NaN"}'),
        (b"\x00\xff", '{"bytesValue":"AP8="}'),
        (None, "null"),
        (["a", 1, None, []], '["a",1,null,[]]'),
        ({"a": {"b": 1}, "c": {}}, '{"a":{"b":1},"c":{}}'),
    ],
)
def test_plain_values_look_plain(value: otlp.Value, text: str) -> None:
    assert _text(otlp.any_value(value)) == text


def test_what_an_object_cannot_say_is_escaped() -> None:
    twice = [*otlp.key_values({"a": 1}), *otlp.key_values({"a": 2})]
    assert attributes_to_json(twice) == '{"kvlistValue":[{"key":"a","value":1},{"key":"a","value":2}]}'
    assert attributes_to_json([KeyValue(key="a")]) == '{"a":{"absentValue":true}}'
    lookalike = otlp.key_values({"m": {"bytesValue": "not base64"}})
    assert attributes_to_json(lookalike) == '{"m":{"kvlistValue":[{"key":"bytesValue","value":"not base64"}]}}'


def test_a_megabyte_of_text_comes_back_equal() -> None:
    value = AnyValue(string_value="💩\x00" * MEGABYTE)
    assert value_from_json(_text(value)) == value


@pytest.mark.parametrize("distinct", [True, False])
def test_the_deepest_nesting_that_protobuf_reads_comes_back_equal(distinct: bool) -> None:
    value = AnyValue(int_value=1)
    for _ in range(30):
        pair = KeyValue(key="a", value=value)
        value = AnyValue(kvlist_value=KeyValueList(values=[pair] if distinct else [pair, KeyValue(key="a")]))
    assert value_from_json(_text(value)) == value
