"""Conditions of a query on one span, as conditions on a row of `spans`. Every value and every key is a parameter.

NULL counts as not so; `Not` makes it so, by `IS NOT TRUE`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

import orjson

from junjo_desktop.store.query_values import JsonValues
from junjo_desktop.telemetry.query.fields import EVENT_NAME, KIND_WORDS, STATUS_WORDS, Kind, kind_of
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Leaf,
    Not,
    OneOf,
    Operator,
    Or,
    Scope,
    Text,
    Value,
)
from junjo_desktop.telemetry.query.values import duration_ns_of, flag_of, moment_ns_of, number_of

COLUMNS: Mapping[str, str] = {
    "service": "service_name",
    "name": "name",
    "type": "span_type",
    "message": "status_message",
    "model": "llm_model",
    "provider": "llm_provider",
}
"""The columns of known fields of text."""

_ID_PREFIX = re.compile(r"[0-9a-f]{4,32}")


class _Column(NamedTuple):
    """An expression, and what has to hold where it means anything."""

    sql: str
    guard: str = ""
    within: str = "{}"
    """Where the expression is to be put; by default it is one of the row."""


def _words(column: str, words: tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN {code} THEN '{word}'" for code, word in enumerate(words))
    return f"CASE {column} {cases} ELSE {column}::VARCHAR END"


_COLUMNS: Mapping[str, _Column] = {
    "service": _Column("service_name"),
    "name": _Column("name"),
    "type": _Column("span_type"),
    "kind": _Column(_words("kind", KIND_WORDS)),
    "status": _Column(_words("status_code", STATUS_WORDS)),
    "message": _Column("nullif(status_message, '')"),
    "error": _Column("is_error"),
    # What told no start or no end took nobody knows how long.
    "duration": _Column("duration_ns", "start_ns > 0 AND end_ns > 0"),
    "time": _Column("start_ns", "start_ns > 0"),
    "model": _Column("llm_model"),
    "provider": _Column("llm_provider"),
    "tokens": _Column("coalesce(input_tokens + output_tokens, input_tokens, output_tokens)"),
    "input_tokens": _Column("input_tokens"),
    "output_tokens": _Column("output_tokens"),
    "scope": _Column("nullif(name, '')", within="scope_id IN (SELECT scope_id FROM scopes WHERE {})"),
    "trace_id": _Column("trace_id"),
    "span_id": _Column("span_id"),
}


def id_prefix(text: str) -> str | None:
    """Return the beginning of an id that a word may be; shorter ones would be those of many ids by chance."""
    return text.lower() if _ID_PREFIX.fullmatch(text.lower()) else None


class SpanConditions:
    """Makes conditions, and gathers their parameters."""

    def __init__(self, now_ns: int) -> None:
        """Ages are reckoned from `now_ns`, in nanoseconds since 1970."""
        self.parameters: dict[str, object] = {}
        self._now_ns = now_ns
        self._json = JsonValues(self.bound)

    def bound(self, value: object) -> str:
        """Return how a value is named in SQL."""
        name = f"q{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def of(self, condition: Condition) -> str:
        """Return the condition; a path stands in no braces."""
        match condition:
            case And():
                return f"({' AND '.join(map(self.of, condition.operands))})"
            case Or():
                return f"({' OR '.join(map(self.of, condition.operands))})"
            case Not():
                return f"({self.of(condition.operand)}) IS NOT TRUE"
            case Text() | Comparison() | OneOf() | Exists():
                return self._leaf(condition)
            case _:
                raise TypeError(condition)

    def _leaf(self, leaf: Leaf) -> str:
        if isinstance(leaf, Text):
            return self._text(leaf.text)
        if leaf.field.scope is Scope.KNOWN:
            return self._known(leaf)
        return self._attribute(leaf)

    def _text(self, text: str) -> str:
        plain = self.bound(text.lower())
        # Attributes and events are JSON text: what was typed is looked for as JSON writes it.
        as_json = self.bound(orjson.dumps(text).decode()[1:-1].lower())
        parts = [
            f"contains(lower(name), {plain})",
            f"contains(lower(status_message), {plain})",
            f"contains(lower(service_name), {plain})",
            f"contains(lower(attributes), {as_json})",
            f"(event_count > 0 AND contains(lower(events), {as_json}))",
        ]
        if (prefix := id_prefix(text)) is not None:
            name = self.bound(prefix)
            parts += [f"starts_with(trace_id, {name})", f"starts_with(span_id, {name})"]
        return f"({' OR '.join(parts)})"

    # Known fields

    def _known(self, leaf: Comparison | OneOf | Exists) -> str:
        column = _COLUMNS[leaf.field.name]
        kind = kind_of(leaf.field)
        match leaf:
            case Exists():
                found = column.sql if kind is Kind.FLAG else f"{column.sql} IS NOT NULL"
            case OneOf():
                compare = self._of_kind(kind)
                found = f"({' OR '.join(compare(column.sql, Operator.EQUAL, value) for value in leaf.values)})"
            case Comparison():
                found = self._of_kind(kind)(column.sql, leaf.operator, leaf.value)
        return column.within.format(f"({column.guard} AND {found})" if column.guard else found)

    def _of_kind(self, kind: Kind) -> Callable[[str, Operator, Value], str]:
        match kind:
            case Kind.TEXT:
                return self._compare_text
            case Kind.WORD:
                return self._compare_word
            case Kind.ID:
                return self._compare_id
            case _:
                return lambda column, operator, value: self._compare_number(
                    column, operator, _number(kind, value.text, self._now_ns)
                )

    def _compare_text(self, column: str, operator: Operator, value: Value) -> str:
        match operator:
            case Operator.CONTAINS:
                return f"contains(lower({column}), {self.bound(value.text.lower())})"
            case Operator.MATCHES:
                return f"regexp_matches({column}, {self.bound(value.text)})"
            case _:
                return f"{column} {operator} {self.bound(value.text)}"

    def _compare_word(self, column: str, operator: Operator, value: Value) -> str:
        if operator is Operator.MATCHES:
            return f"regexp_matches({column}, {self.bound(value.text)}, 'i')"
        return self._compare_text(column, operator, Value(value.text.lower()))

    def _compare_id(self, column: str, operator: Operator, value: Value) -> str:
        name = self.bound(value.text.lower())
        return f"starts_with({column}, {name})" if operator is Operator.CONTAINS else f"{column} {operator} {name}"

    def _compare_number(self, column: str, operator: Operator, number: object) -> str:
        same = Operator.EQUAL if operator is Operator.CONTAINS else operator
        return f"{column} {same} {self.bound(number)}"

    # Attributes

    def _attribute(self, leaf: Comparison | OneOf | Exists) -> str:
        field = leaf.field
        match field.scope:
            case Scope.RESOURCE:
                found = self._json.condition("attributes", field.name, leaf)
                return f"resource_id IN (SELECT resource_id FROM resources WHERE {found})"  # noqa: S608 - put together from constants; values are parameters
            case Scope.EVENT:
                return self._event(field, leaf)
            case _:
                return self._json.condition("attributes", field.name, leaf)

    def _event(self, field: Field, leaf: Comparison | OneOf | Exists) -> str:
        if field.name == EVENT_NAME:
            found = self._json.compared("json_extract_string(e, '/name')", leaf)
        else:
            found = self._json.condition("json_extract(e, '/attributes')::VARCHAR", field.name, leaf)
        each = "json_extract(events, '$[*]')"
        return f"(event_count > 0 AND len(list_filter({each}, lambda e: coalesce({found}, false))) > 0)"


def _number(kind: Kind, text: str, now_ns: int) -> object:
    """Return what a checked value means, as DuckDB takes it."""
    match kind:
        case Kind.DURATION:
            return duration_ns_of(text)
        case Kind.MOMENT:
            return moment_ns_of(text, now_ns)
        case Kind.FLAG:
            return flag_of(text)
        case _:
            number = number_of(text) or Decimal(0)
            return int(number) if number == number.to_integral_value() else float(number)
