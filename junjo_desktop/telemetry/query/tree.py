"""A query as a tree: immutable, and equal when it says the same in the same brackets, wherever it stood in a text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the text, in characters."""

    start: int = 0
    end: int = 0


NOWHERE = Place()


class Scope(StrEnum):
    """Where the value of a field is found."""

    KNOWN = "known"
    """One that every span has, see `fields`."""
    ATTRIBUTE = "attribute"
    RESOURCE = "resource"
    EVENT = "event"


class Operator(StrEnum):
    """How a field is compared; the values are what people write."""

    CONTAINS = ":"
    EQUAL = "="
    UNEQUAL = "!="
    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    MATCHES = "~"


ORDERING = frozenset((Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST))


class Relation(StrEnum):
    """How a span stands to the one before it; the values are what people write."""

    CHILD = ">"
    DESCENDANT = ">>"


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared: a known field by its name, or an attribute by its key."""

    scope: Scope
    name: str
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Value:
    """What a field is compared with, as written. What stands in quotes is text, whatever it looks like."""

    text: str
    is_quoted: bool = False
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a phrase, to be found anywhere in a span."""

    text: str
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`duration > 2s`. It holds only where the field has a value, also for `!=`."""

    field: Field
    operator: Operator
    value: Value
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """`model in (gpt-4o, gpt-5)`."""

    field: Field
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """`http.route exists`."""

    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    """What its operand says is not so: outside braces of no span of the trace, inside of this span."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of at least two."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of at least two."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """`{…} > {…} >> {…}`: spans below one another. An empty pair of braces, None here, is any span.

    There is one relation fewer than there are spans. A path stands in no braces.
    """

    spans: tuple[Condition | None, ...]
    relations: tuple[Relation, ...] = ()


Leaf: TypeAlias = Text | Comparison | OneOf | Exists
Condition: TypeAlias = Leaf | Not | And | Or | Path


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return what a condition is put together from; nothing for a leaf."""
    match condition:
        case Not():
            return (condition.operand,)
        case And() | Or():
            return condition.operands
        case Path():
            return tuple(span for span in condition.spans if span is not None)
        case _:
            return ()


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the leaves in the order of writing."""
    waiting = [condition]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Text | Comparison | OneOf | Exists):
            yield found
        waiting.extend(reversed(parts_of(found)))


def depth_of(condition: Condition) -> int:
    """Return how deeply it is nested: 1 for a leaf."""
    deepest = 0
    waiting = [(condition, 1)]
    while waiting:
        found, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((part, depth + 1) for part in parts_of(found))
    return deepest


def negates(condition: Condition) -> bool:
    """Whether anything in it is negated."""
    return isinstance(condition, Not) or any(map(negates, parts_of(condition)))
