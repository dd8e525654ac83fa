"""Known fields of a query: how a column of that kind is compared. Values are parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from junjo_desktop.store.query_rows import Asked, Bound
from junjo_desktop.telemetry.query.fields import Kind, kind_of
from junjo_desktop.telemetry.query.tree import Exists, OneOf, Operator, Value
from junjo_desktop.telemetry.query.values import (
    duration_ns_of,
    flag_of,
    moment_ns_of,
    money_of,
    number_of,
    severity_of_word,
)

_Compare = Callable[[str, Operator, Value], str]


class Column(NamedTuple):
    """An expression of a row, and what has to hold where it means anything."""

    sql: str
    guard: str = ""
    within: str = "{}"
    """The condition on a row that has this one on another table's row in it."""


def words_of(column: str, words: tuple[str, ...]) -> str:
    """Return an expression for the word that a number from 0 stands for."""
    cases = " ".join(f"WHEN {code} THEN '{word}'" for code, word in enumerate(words))
    return f"CASE {column} {cases} ELSE {column}::VARCHAR END"


class ColumnValues:
    """Makes conditions on columns."""

    def __init__(self, columns: Mapping[str, Column], bound: Bound, now_ns: int) -> None:
        """Ages are reckoned from `now_ns`, in nanoseconds since 1970."""
        self._columns = columns
        self._bound = bound
        self._now_ns = now_ns

    def __contains__(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._columns

    def condition(self, leaf: Asked) -> str:
        """Return the condition that a row meets."""
        column = self._columns[leaf.field.name]
        found = self.compared(column.sql, leaf)
        return column.within.format(f"({column.guard} AND {found})" if column.guard else found)

    def compared(self, value: str, leaf: Asked) -> str:
        """Return the condition that an expression meets, which stands for the field."""
        kind = kind_of(leaf.field)
        if isinstance(leaf, Exists):
            return value if kind is Kind.FLAG else f"{value} IS NOT NULL"
        compare = self._of_kind(kind)
        if isinstance(leaf, OneOf):
            return f"({' OR '.join(compare(value, Operator.EQUAL, each) for each in leaf.values)})"
        return compare(value, leaf.operator, leaf.value)

    def _of_kind(self, kind: Kind) -> _Compare:
        match kind:
            case Kind.TEXT:
                return self._text
            case Kind.WORD:
                return self._word
            case Kind.ID:
                return self._id
            case _:
                return lambda column, operator, value: self._number(
                    column, operator, _meant(kind, value.text, self._now_ns)
                )

    def _text(self, column: str, operator: Operator, value: Value) -> str:
        match operator:
            case Operator.CONTAINS:
                return f"contains(lower({column}), {self._bound(value.text.lower())})"
            case Operator.MATCHES:
                return f"regexp_matches({column}, {self._bound(value.text)})"
            case _:
                return f"{column} {operator} {self._bound(value.text)}"

    def _word(self, column: str, operator: Operator, value: Value) -> str:
        if operator is Operator.MATCHES:
            return f"regexp_matches({column}, {self._bound(value.text)}, 'i')"
        return self._text(column, operator, Value(value.text.lower()))

    def _id(self, column: str, operator: Operator, value: Value) -> str:
        name = self._bound(value.text.lower())
        return f"starts_with({column}, {name})" if operator is Operator.CONTAINS else f"{column} {operator} {name}"

    def _number(self, column: str, operator: Operator, number: object) -> str:
        same = Operator.EQUAL if operator is Operator.CONTAINS else operator
        return f"{column} {same} {self._bound(number)}"


def _meant(kind: Kind, text: str, now_ns: int) -> object:
    """Return what a checked value means, as DuckDB takes it."""
    match kind:
        case Kind.DURATION:
            return duration_ns_of(text)
        case Kind.MOMENT:
            return moment_ns_of(text, now_ns)
        case Kind.FLAG:
            return flag_of(text)
        case Kind.MONEY:
            return float(money_of(text) or 0)
        case Kind.SEVERITY:
            severity = severity_of_word(text)
            return None if severity is None else int(severity)
        case _:
            number = number_of(text) or Decimal(0)
            return int(number) if number == number.to_integral_value() else float(number)
