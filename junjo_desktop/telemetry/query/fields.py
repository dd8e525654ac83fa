"""The fields that every span has, by the names that people write, and what may be asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.telemetry.query.tree import ORDERING, Field, Operator, Scope
from junjo_desktop.telemetry.span import KIND_NAMES


class Kind(StrEnum):
    """What the value of a field is."""

    TEXT = "text"
    WORD = "word"
    """One of a few words; case does not matter."""
    ID = "id"
    COUNT = "count"
    DURATION = "duration"
    MOMENT = "moment"
    FLAG = "flag"
    ANY = "any"
    """An attribute's: text, number, or anything else."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field of every span, with what it is for people."""

    kind: Kind
    words: str


FIELDS: Mapping[str, KnownField] = {
    "service": KnownField(Kind.TEXT, "service that sent the span"),
    "name": KnownField(Kind.TEXT, "name of the span"),
    "type": KnownField(Kind.WORD, "workflow, node, llm, tool, …"),
    "kind": KnownField(Kind.WORD, "internal, server, client, …"),
    "status": KnownField(Kind.WORD, "unset, ok or error, as the sender set it"),
    "message": KnownField(Kind.TEXT, "message of the status"),
    "error": KnownField(Kind.FLAG, "whether the span failed: true or false"),
    "duration": KnownField(Kind.DURATION, "how long the span took"),
    "time": KnownField(Kind.MOMENT, "when the span started"),
    "model": KnownField(Kind.TEXT, "model that was called"),
    "provider": KnownField(Kind.TEXT, "provider of the model"),
    "tokens": KnownField(Kind.COUNT, "input and output tokens of a model call"),
    "input_tokens": KnownField(Kind.COUNT, "input tokens of a model call"),
    "output_tokens": KnownField(Kind.COUNT, "output tokens of a model call"),
    "trace_id": KnownField(Kind.ID, "id of the trace, or its beginning"),
    "span_id": KnownField(Kind.ID, "id of the span, or its beginning"),
}

STATUS_WORDS = ("unset", "ok", "error")
KIND_WORDS = tuple(name.lower() for name in KIND_NAMES)

SCOPES = {f"{scope.value}.": scope for scope in (Scope.RESOURCE, Scope.EVENT, Scope.ATTRIBUTE)}
EVENT_NAME = "name"
"""`event.name` is an event's name, every other `event.x` an attribute of it."""

_SAME = {"service.name": "service", "status_message": "message", "span_type": "type"}
_TEXT = frozenset((Operator.CONTAINS, Operator.EQUAL, Operator.UNEQUAL, Operator.MATCHES))
_NUMBER = frozenset((Operator.CONTAINS, Operator.EQUAL, Operator.UNEQUAL)) | ORDERING
_OPERATORS = {
    Kind.TEXT: _TEXT,
    Kind.WORD: _TEXT,
    Kind.ID: _TEXT - {Operator.MATCHES},
    Kind.COUNT: _NUMBER,
    Kind.DURATION: _NUMBER,
    Kind.MOMENT: ORDERING,
    Kind.FLAG: _TEXT - {Operator.MATCHES},
    Kind.ANY: _TEXT | ORDERING,
}


def kind_of(field: Field) -> Kind:
    """Return what the value of a field is."""
    return FIELDS[field.name].kind if field.scope is Scope.KNOWN else Kind.ANY


def operators_of(kind: Kind) -> tuple[Operator, ...]:
    """Return how fields of that kind may be compared, in the usual order."""
    return tuple(operator for operator in Operator if operator in _OPERATORS[kind])


def field_named(word: str) -> tuple[Scope, str]:
    """Return what a word without quotes means before an operator."""
    known = _SAME.get(word.lower(), word.lower())
    if known in FIELDS:
        return Scope.KNOWN, known
    for prefix, scope in SCOPES.items():
        if word.lower().startswith(prefix) and len(word) > len(prefix):
            return scope, word[len(prefix) :]
    return Scope.ATTRIBUTE, word
