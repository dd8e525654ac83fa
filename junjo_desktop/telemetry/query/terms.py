"""Conditions that were not typed: made of a field and a value, turned round, added to a query and taken away again."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import field_named
from junjo_desktop.telemetry.query.lexicon import is_bare_value
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import And, Comparison, Condition, Exists, Field, Not, Operator, Text, Value

LONGEST_VALUE = 300
"""A longer text is asked for by its beginning."""


def term_for(field: Field | str, value: str | float | bool, operator: Operator = Operator.EQUAL) -> str:
    """Return the condition that `field` has `value`, as text. A field given as a word is what it means in a query."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = str(value)
    if operator is Operator.EQUAL and len(text) > LONGEST_VALUE:
        operator, text = Operator.CONTAINS, text[:LONGEST_VALUE]
    return text_of(Comparison(_field(field), operator, Value(text, is_quoted=not is_bare_value(text))))


def exists_term(field: Field | str) -> str:
    """Return the condition that `field` is there, as text."""
    return text_of(Exists(_field(field)))


def word_term(text: str) -> str:
    """Return the condition that a word or phrase is found anywhere, as text."""
    return text_of(Text(text[:LONGEST_VALUE]))


def negation(term: str, subject: Subject = Subject.TRACES) -> str:
    """Return the condition that `term` does not hold. Raises `QueryError` for what is no query."""
    return text_of(_opposite(_all(_parts(term, subject))))


def added(query: str, term: str, subject: Subject = Subject.TRACES) -> str:
    """Return the query that asks for `term`, too, and no longer for its opposite.

    What was typed stays as it was typed where that says the same; a query that makes no sense is replaced.
    Raises `QueryError` when `term` makes none.
    """
    new = _parts(term, subject)
    try:
        old = _parts(query, subject)
    except QueryError:
        query, old = "", ()
    new = tuple(part for part in new if part not in old)
    if not new:
        return query.strip()
    gone = {_opposite(part) for part in new}
    wanted = _all((*(part for part in old if part not in gone), *new))
    typed = f"{query.strip()} {text_of(_all(new))}".strip()
    return typed if _parts(typed, subject) == _parts(text_of(wanted), subject) else text_of(wanted)


def parts_of(query: str, subject: Subject = Subject.TRACES) -> tuple[str, ...]:
    """Return the conditions that all have to hold, each as text. Raises `QueryError`."""
    return tuple(map(text_of, _parts(query, subject)))


def without_part(query: str, place: int, subject: Subject = Subject.TRACES) -> str:
    """Return the query without the one of `parts_of` that stands at `place`. Raises `QueryError`."""
    parts = _parts(query, subject)
    kept = (*parts[:place], *parts[place + 1 :])
    return text_of(_all(kept)) if kept else ""


def _field(field: Field | str) -> Field:
    return Field(*field_named(field)) if isinstance(field, str) else field


def _parts(query: str, subject: Subject) -> tuple[Condition, ...]:
    found = parse(query, subject)
    if found is None:
        return ()
    return found.operands if isinstance(found, And) else (found,)


def _all(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _opposite(condition: Condition) -> Condition:
    return condition.operand if isinstance(condition, Not) else Not(condition)
