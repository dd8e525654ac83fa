"""A query as text again."""

from __future__ import annotations

from junjo_desktop.telemetry.query.fields import field_named
from junjo_desktop.telemetry.query.lexicon import is_safe_key, quoted, word_or_phrase
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    OneOf,
    Operator,
    Or,
    Path,
    Scope,
    Text,
    Value,
)


def text_of(condition: Condition) -> str:  # noqa: PLR0911 - one return for each kind of condition
    """Return a text that `parse` reads as just this tree."""
    match condition:
        case Text():
            return word_or_phrase(condition.text)
        case Comparison():
            space = "" if condition.operator is Operator.CONTAINS else " "
            return f"{field_text(condition.field)}{space}{condition.operator}{space}{_value(condition.value)}"
        case OneOf():
            return f"{field_text(condition.field)} in ({', '.join(map(_value, condition.values))})"
        case Exists():
            return f"{field_text(condition.field)} exists"
        case Not():
            return f"-{_operand(condition.operand)}"
        case And():
            return " ".join(map(_operand, condition.operands))
        case Or():
            return " OR ".join(
                text_of(part) if isinstance(part, And) else _operand(part) for part in condition.operands
            )
        case Path():
            return _path(condition)


def field_text(field: Field) -> str:
    """Return a field as it is written."""
    if field.scope is Scope.KNOWN:
        return field.name
    if field.scope is Scope.ATTRIBUTE:
        is_plain = is_safe_key(field.name) and field_named(field.name) == (Scope.ATTRIBUTE, field.name)
        return field.name if is_plain else quoted(field.name)
    return f"{field.scope}.{field.name if is_safe_key(field.name) else quoted(field.name)}"


def _operand(condition: Condition) -> str:
    text = text_of(condition)
    return f"({text})" if isinstance(condition, And | Or) else text


def _path(path: Path) -> str:
    braces = [f"{{{'' if span is None else text_of(span)}}}" for span in path.spans]
    parts = [braces[0]]
    for relation, span in zip(path.relations, braces[1:], strict=True):
        parts += [relation, span]
    return " ".join(parts)


def _value(value: Value) -> str:
    return quoted(value.text) if value.is_quoted else value.text
