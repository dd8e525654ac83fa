"""Where something stands that a query looks for: what is marked for people, and an excerpt around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    Comparison,
    Condition,
    Field,
    Leaf,
    Not,
    Operator,
    Or,
    Scope,
    Text,
    Value,
    parts_of,
)

_BEFORE, _AFTER = 32, 160
_LONGEST_WHERE = 48
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A text that is looked for: in one field, or anywhere without one."""

    text: str
    field: Field | None = None

    @property
    def leaf(self) -> Leaf:
        """The condition that a span meets which has it."""
        return (
            Text(self.text) if self.field is None else Comparison(self.field, Operator.CONTAINS, Value(self.text, True))
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a mark was found: in what, and an excerpt in which it stands from `start` to `end`, on one line."""

    where: str
    text: str
    start: int
    end: int
    span_id: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """What of a span or of a log record is looked through. Attributes and events are as stored, None: too long."""

    fields: Mapping[str, str]
    """By the names that people write."""
    attributes: str | None = "{}"
    events: str | None = "[]"
    of: str = ""
    """What it is a part of, for people."""
    span_id: str = ""


def marks_of(query: str, subject: Subject) -> tuple[Mark, ...]:
    """Return what a query looks for as text, in the order of writing; nothing of what it must not have.

    What a field equals is not marked: it is what it is. A query that makes no sense has no marks.
    """
    found = _read_query(query, subject)
    return () if found is None else tuple(dict.fromkeys(_marks(found)))


def hidden_marks(query: str, subject: Subject, shown: str) -> tuple[Mark, ...]:
    """Return those marks that tell why a row is listed and are not in what is shown of it, in any case of letters.

    Of alternatives one that is shown is enough.
    """
    found = _read_query(query, subject)
    return () if found is None else tuple(dict.fromkeys(_hidden(found, shown.lower()) or ()))


def find_text(query: str, subject: Subject) -> str:
    """Return what to look for within a trace that a query found: its words, one of them being enough."""
    marks = marks_of(query, subject)
    texts = dict.fromkeys(mark.text for mark in marks if mark.field is None) or dict.fromkeys(
        mark.text for mark in marks
    )
    words = tuple(map(Text, texts))
    if len(words) > 1:
        return text_of(Or(words))
    return text_of(words[0]) if words else ""


def texts_of(find: str) -> tuple[str, ...]:
    """Return the texts of which one is enough, of what people look for within a trace: `refund OR "card declined"`.

    What is no such list is one text, as it was typed.
    """
    try:
        found = parse(find, Subject.SPANS)
    except QueryError:
        return (find,)
    match found:
        case Text():
            return (found.text,)
        case Or() if all(isinstance(part, Text) for part in found.operands):
            return tuple(part.text for part in found.operands if isinstance(part, Text))
    return (find,)


def hit_in(searched: Searched, marks: Sequence[Mark]) -> tuple[int, Hit] | None:
    """Return the first of the marks that is found, by its place, and where."""
    for place, mark in enumerate(marks):
        pattern = re.compile(re.escape(mark.text), re.IGNORECASE)
        for where, text in _places(searched, mark.field):
            found = pattern.search(text)
            if found is not None:
                named = f"{_short(searched.of)} · {_short(where)}" if searched.of else _short(where)
                return place, _excerpt(named, text, found.start(), found.end(), searched.span_id)
    return None


@lru_cache(maxsize=16)
def _read_query(query: str, subject: Subject) -> Condition | None:
    """Return the tree of a query that is asked about again and again, for each row; None when it makes no sense."""
    try:
        return parse(query, subject)
    except QueryError:
        return None


def _marks(condition: Condition) -> Iterator[Mark]:
    match condition:
        case Not():
            return
        case Text() if condition.text.strip():
            yield Mark(condition.text)
        case Comparison(operator=Operator.CONTAINS) if _is_text(condition):
            yield Mark(condition.value.text, condition.field)
        case _:
            for part in parts_of(condition):
                yield from _marks(part)


def _hidden(condition: Condition, shown: str) -> tuple[Mark, ...] | None:
    """Return the marks that are not shown; None where there is none to look for."""
    if isinstance(condition, Or):
        parts = [part for part in (_hidden(each, shown) for each in condition.operands) if part is not None]
        return () if () in parts else tuple(mark for part in parts for mark in part) or None
    if isinstance(condition, Text | Comparison):
        marks = tuple(_marks(condition))
        return tuple(mark for mark in marks if mark.text.lower() not in shown) if marks else None
    if isinstance(condition, Not):
        return None
    parts = [part for part in (_hidden(each, shown) for each in parts_of(condition)) if part is not None]
    return tuple(mark for part in parts for mark in part) if parts else None


def _is_text(leaf: Comparison) -> bool:
    is_named = leaf.field.scope is not Scope.KNOWN or leaf.field.name in {"name", "service", "message", "body", "event"}
    return is_named and bool(leaf.value.text.strip())


def _places(searched: Searched, field: Field | None) -> Iterator[tuple[str, str]]:
    scope, name = (None, "") if field is None else (field.scope, field.name)
    if scope in {None, Scope.KNOWN}:
        yield from ((key, text) for key, text in searched.fields.items() if field is None or key == name)
    if scope in {None, Scope.ATTRIBUTE}:
        yield from _in_attributes("attribute", _read(searched.attributes, {}), name)
    if scope in {None, Scope.EVENT}:
        for event in _read(searched.events, []):
            title = str(event.get("name") or "")
            if field is None or name == EVENT_NAME:
                yield "event", title
            if name != EVENT_NAME:
                yield from _in_attributes(f"event {title}".strip(), event.get("attributes") or {}, name)


def _in_attributes(what: str, attributes: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    for own_key, value in attributes.items():
        if not key or own_key == key:
            yield f"{what} {own_key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if not key:
                yield f"key of an {what.split(maxsplit=1)[0]}", own_key


def _read(text: str | None, nothing: Any) -> Any:
    if text is None:
        return nothing
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return nothing
    return found if isinstance(found, type(nothing)) else nothing


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WHERE else f"{text[:_LONGEST_WHERE]}…"


def _excerpt(where: str, text: str, start: int, end: int, span_id: str) -> Hit:
    before = _SPACES.sub(" ", text[max(0, start - _BEFORE) : start]).lstrip()
    found = _SPACES.sub(" ", text[start:end])
    after = _SPACES.sub(" ", text[end : end + _AFTER]).rstrip()
    before = f"…{before}" if start > _BEFORE else before
    after = f"{after}…" if end + _AFTER < len(text) else after
    return Hit(where, f"{before}{found}{after}", len(before), len(before) + len(found), span_id)
