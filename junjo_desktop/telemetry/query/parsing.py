"""Reading a query. The parser is loaded with the first one that is more than words."""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.telemetry.query.checking import check, check_size
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import as_asked_of
from junjo_desktop.telemetry.query.lexicon import plain_words
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Not,
    OneOf,
    Or,
    Path,
    Place,
    Text,
)

LONGEST = 4_000


def parse(text: str, subject: Subject = Subject.TRACES) -> Condition | None:
    """Return the tree of a query, None for an empty one.

    Raises `QueryError` with the place and what was expected, also for a field that `subject` does not have.
    """
    if len(text) > LONGEST:
        raise QueryError("The query is too long.", f"Expected at most {LONGEST:,} characters.", LONGEST, len(text))
    words = plain_words(text)
    found = _of_words(text, words) if words is not None else _parsed(text)
    if found is None:
        return None
    check_size(found, len(text))
    found = _meant(found, subject)
    check(found, subject)
    return found


def _meant(condition: Condition, subject: Subject) -> Condition:
    """Return the tree with its fields as `subject` has them; in braces, as spans do."""
    match condition:
        case Comparison() | OneOf() | Exists():
            return replace(condition, field=as_asked_of(condition.field, subject))
        case Not():
            return Not(_meant(condition.operand, subject))
        case And() | Or():
            return replace(condition, operands=tuple(_meant(part, subject) for part in condition.operands))
        case Path():
            inside = (None if span is None else _meant(span, Subject.SPANS) for span in condition.spans)
            return replace(condition, spans=tuple(inside))
        case Text():
            return condition


def prepare() -> None:
    """Load the parser, so that the next query need not wait for it."""
    from junjo_desktop.telemetry.query import grammar

    grammar.parser()


def _of_words(text: str, words: tuple[str, ...]) -> Condition | None:
    texts: list[Condition] = []
    at = 0
    for word in words:
        at = text.index(word, at)
        texts.append(Text(word, Place(at, at + len(word))))
        at += len(word)
    if not texts:
        return None
    return texts[0] if len(texts) == 1 else And(tuple(texts))


def _parsed(text: str) -> Condition:
    from junjo_desktop.telemetry.query.grammar import parse_with_grammar

    return parse_with_grammar(text)
