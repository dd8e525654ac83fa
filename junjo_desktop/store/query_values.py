"""Attributes of a query: how JSON text (see `telemetry.otlp_json`) is compared. Keys and values are parameters."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from junjo_desktop.telemetry.otlp_json import KVLIST
from junjo_desktop.telemetry.query.checking import number_as_written
from junjo_desktop.telemetry.query.tree import ORDERING, Comparison, Exists, OneOf, Operator, Value

# Numbers are compared as such also where a sender wrote them as text.
_IS_NUMBER = r"'-?[0-9]{1,40}([.][0-9]{1,40})?([eE][+-]?[0-9]{1,2})?'"
# An attribute may have the name that marks a list of pairs, beside others.
_PAIRS = f"(starts_with({{0}}, '{{{{\"{KVLIST}\":[') AND len(json_keys({{0}})) = 1)"


def pointer_to(key: str) -> str:
    """Return the JSON pointer (RFC 6901) to a key."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


class JsonValues:
    """Makes conditions on the attributes in a column of JSON text."""

    def __init__(self, bound: Callable[[object], str]) -> None:
        """`bound` takes a value as a parameter and returns its name."""
        self._bound = bound

    def condition(self, column: str, key: str, leaf: Comparison | OneOf | Exists) -> str:
        """Return the condition that the attribute `key` meets. An attribute that is null exists and has no value."""
        # Most rows lack a key; looking for its letters is quicker than parsing.
        has_key = f"contains({column}, {self._bound(orjson.dumps(key).decode())})"
        pointer = self._bound(pointer_to(key))
        name = self._bound(key)
        is_pairs = _PAIRS.format(column)
        pairs = (
            f"list_filter(json_extract({column}, '$.{KVLIST}[*]'), lambda x: json_extract_string(x, '/key') = {name})"
        )
        if isinstance(leaf, Exists):
            return f"({has_key} AND if({is_pairs}, len({pairs}) > 0, json_exists({column}, {pointer})))"
        in_pairs = f"json_extract_string({pairs}[-1], '/value')"
        value = f"if({is_pairs}, {in_pairs}, json_extract_string({column}, {pointer}))"
        return f"({has_key} AND {self.compared(value, leaf)})"

    def compared(self, value: str, leaf: Comparison | OneOf | Exists) -> str:
        """Return the condition that an expression of text meets; it is NULL where there is none."""
        match leaf:
            case Exists():
                return f"{value} IS NOT NULL"
            case OneOf():
                return f"({' OR '.join(self._equal(value, each) for each in leaf.values)})"
            case Comparison():
                return self._comparison(value, leaf.operator, leaf.value)

    def _comparison(self, value: str, operator: Operator, other: Value) -> str:
        if operator in ORDERING:
            return f"{_number(value)} {operator} {self._bound(number_as_written(other))}"
        match operator:
            case Operator.CONTAINS:
                return f"contains(lower({value}), {self._bound(other.text.lower())})"
            case Operator.MATCHES:
                return f"regexp_matches({value}, {self._bound(other.text)})"
            case Operator.UNEQUAL:
                return f"NOT {self._equal(value, other)}"
            case _:
                return self._equal(value, other)

    def _equal(self, value: str, other: Value) -> str:
        same_text = f"{value} = {self._bound(other.text)}"
        number = number_as_written(other)
        if number is None:
            return f"({same_text})"
        return f"({same_text} OR coalesce({_number(value)} = {self._bound(number)}, false))"


def _number(value: str) -> str:
    return f"if(regexp_full_match({value}, {_IS_NUMBER}), try_cast({value} AS DOUBLE), NULL)"
