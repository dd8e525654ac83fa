"""Whether the conditions of a query can be asked: each field with its operator and its value."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import Kind, fields_of, kind_of, operators_of
from junjo_desktop.telemetry.query.printing import field_text
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    ORDERING,
    Comparison,
    Condition,
    Exists,
    Field,
    OneOf,
    Operator,
    Path,
    Scope,
    Value,
    depth_of,
    leaves,
    parts_of,
)
from junjo_desktop.telemetry.query.values import (
    duration_ns_of,
    flag_of,
    moment_ns_of,
    money_of,
    number_of,
    severity_of_word,
)

MOST_CONDITIONS = 50
DEEPEST = 30

_NO_REGEX = re.compile(r"\(\?(?:[=!]|<[=!]|P=|\()|\\[1-9]")
_EXPECTED = {
    Kind.COUNT: "a number, such as 500 or 10k",
    Kind.DURATION: "a time with its unit, such as 150ms, 2s or 1m30s",
    Kind.MOMENT: "a moment, such as `15m ago` or 2026-01-31T18:00",
    Kind.FLAG: "true or false",
    Kind.MONEY: "an amount in US dollars, such as $0.05 or 1.2",
    Kind.SEVERITY: "trace, debug, info, warn, error or fatal",
}


def check_size(condition: Condition, size: int) -> None:
    """Return when a tree is small enough to be walked; `size` is the length of the text. Raises `QueryError`."""
    if sum(1 for _ in leaves(condition)) > MOST_CONDITIONS or depth_of(condition) > DEEPEST:
        raise QueryError(
            "The query is too large.", f"At most {MOST_CONDITIONS} conditions, {DEEPEST} deep, can be asked.", 0, size
        )


def check(condition: Condition, subject: Subject) -> None:
    """Return when everything can be asked of `subject`. Raises `QueryError`."""
    _check_fields(condition, subject)
    for leaf in leaves(condition):
        if isinstance(leaf, Comparison):
            _check_operator(leaf)
            _check_value(leaf.field, leaf.operator, leaf.value)
        elif isinstance(leaf, OneOf):
            if kind_of(leaf.field) is Kind.MOMENT:
                raise _at(leaf.field.place.start, leaf.field.place.end, leaf.field)
            for value in leaf.values:
                _check_value(leaf.field, Operator.EQUAL, value)


def _check_fields(condition: Condition, subject: Subject) -> None:
    if isinstance(condition, Comparison | OneOf | Exists):
        _check_field(condition.field, subject)
    # Braces are about a span, whatever is looked for.
    inside = Subject.SPANS if isinstance(condition, Path) else subject
    for part in parts_of(condition):
        _check_fields(part, inside)


def _check_field(field: Field, subject: Subject) -> None:
    known = fields_of(subject)
    if field.scope is Scope.KNOWN and field.name not in known:
        raise QueryError(
            f"{subject.value.capitalize()} have no field `{field.name}`.",
            f'Expected {_or(known, ", ")}. An attribute of that name is written in quotes: "{field.name}".',
            field.place.start,
            field.place.end,
        )


def _check_operator(leaf: Comparison) -> None:
    if leaf.operator not in operators_of(kind_of(leaf.field)):
        raise _at(leaf.place.start, leaf.place.end, leaf.field)


def _at(start: int, end: int, field: Field) -> QueryError:
    allowed = _or(operator.value for operator in operators_of(kind_of(field)))
    return QueryError(f"`{field_text(field)}` cannot be compared like this.", f"Expected {allowed}.", start, end)


def _or(words: Iterable[str], between: str = " ") -> str:
    *most, last = words
    return f"{between.join(most)} or {last}"


def _check_value(field: Field, operator: Operator, value: Value) -> None:
    kind = kind_of(field)
    if operator is Operator.MATCHES:
        _check_pattern(value)
    elif kind in _EXPECTED and not _is_read(kind, value):
        _refuse(value, _EXPECTED[kind])
    elif kind is Kind.ANY and operator in ORDERING and number_as_written(value) is None:
        _refuse(value, "a number, such as 500 or 1.5; units are known of `duration` and tokens only")


def _is_read(kind: Kind, value: Value) -> bool:
    match kind:
        case Kind.COUNT:
            return number_of(value.text) is not None
        case Kind.DURATION:
            return duration_ns_of(value.text) is not None
        case Kind.MOMENT:
            return moment_ns_of(value.text, 0) is not None
        case Kind.SEVERITY:
            return severity_of_word(value.text) is not None
        case Kind.MONEY:
            return money_of(value.text) is not None
        case _:
            return flag_of(value.text) is not None


def number_as_written(value: Value) -> float | None:
    """Return the number that a value without quotes is, else None."""
    found = None if value.is_quoted else number_of(value.text)
    return None if found is None else float(found)


def _refuse(value: Value, expected: str) -> None:
    raise QueryError(f"“{value.text}” does not fit here.", f"Expected {expected}.", value.place.start, value.place.end)


def _check_pattern(value: Value) -> None:
    place = value.place
    if _NO_REGEX.search(value.text):
        raise QueryError(
            "This regular expression looks around or refers back.",
            "Expected one in RE2's syntax, which knows neither.",
            place.start,
            place.end,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value.text)
    except (re.error, OverflowError, RecursionError) as error:
        raise QueryError(
            f"This is no regular expression: {error}.", "Expected one such as ^get_.*", place.start, place.end
        ) from error
