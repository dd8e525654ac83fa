"""The fields that everything of a kind has, by the names that people write, and what may be asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import ORDERING, Field, Operator, Scope
from junjo_desktop.telemetry.severity import Severity
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
    MONEY = "money"
    """An amount in US dollars."""
    SEVERITY = "severity"
    """One of six words, in an order."""
    ANY = "any"
    """An attribute's: text, number, or anything else."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field, with what it is for people."""

    kind: Kind
    words: str


_OF_SPANS: Mapping[str, KnownField] = {
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
    "cost": KnownField(Kind.MONEY, "cost of a model call in US dollars"),
    "scope": KnownField(Kind.TEXT, "instrumentation that made the span"),
    "trace_id": KnownField(Kind.ID, "id of the trace, or its beginning"),
    "span_id": KnownField(Kind.ID, "id of the span, or its beginning"),
    "tag": KnownField(Kind.TEXT, "tag that you gave the trace or the span"),
    "note": KnownField(Kind.TEXT, "note that you wrote on the trace or the span"),
    "starred": KnownField(Kind.FLAG, "whether you starred the trace: true or false"),
}
_OF_RUNS: Mapping[str, KnownField] = {
    "outcome": KnownField(Kind.WORD, "completed, failed, cancelled, running or lost"),
    "name": KnownField(Kind.TEXT, "name of the workflow or agent"),
    "type": KnownField(Kind.WORD, "workflow, subflow or agent"),
    "service": KnownField(Kind.TEXT, "service it ran in"),
    "version": KnownField(Kind.TEXT, "version of the service"),
    "duration": KnownField(Kind.DURATION, "how long it took"),
    "time": KnownField(Kind.MOMENT, "when it started"),
    "tokens": KnownField(Kind.COUNT, "input and output tokens of its model calls"),
    "input_tokens": KnownField(Kind.COUNT, "input tokens of its model calls"),
    "output_tokens": KnownField(Kind.COUNT, "output tokens of its model calls"),
    "failures": KnownField(Kind.COUNT, "failures of its own"),
    "error": KnownField(Kind.FLAG, "whether it failed: true or false"),
    "message": KnownField(Kind.TEXT, "what it failed with"),
    "correlation": KnownField(Kind.TEXT, "correlation id that the program set"),
    "termination": KnownField(Kind.TEXT, "why an agent ended"),
    "trace_id": KnownField(Kind.ID, "id of its trace, or its beginning"),
    "span_id": KnownField(Kind.ID, "id of its span, or its beginning"),
}
_OF_LOGS: Mapping[str, KnownField] = {
    "severity": KnownField(Kind.SEVERITY, "trace, debug, info, warn, error or fatal"),
    "body": KnownField(Kind.TEXT, "what was logged"),
    "scope": KnownField(Kind.TEXT, "logger that wrote the record"),
    "event": KnownField(Kind.TEXT, "name of the event"),
    "service": KnownField(Kind.TEXT, "service that sent the record"),
    "time": KnownField(Kind.MOMENT, "when it was logged"),
    "trace_id": KnownField(Kind.ID, "id of its trace, or its beginning"),
    "span_id": KnownField(Kind.ID, "id of its span, or its beginning"),
}
_OF_CALLS: Mapping[str, KnownField] = {
    "model": KnownField(Kind.TEXT, "model that answered, else the one asked for"),
    "provider": KnownField(Kind.TEXT, "provider of the model"),
    "operation": KnownField(Kind.WORD, "chat, embeddings, rerank, …"),
    "service": KnownField(Kind.TEXT, "service that called"),
    "workflow": KnownField(Kind.TEXT, "nearest workflow, subflow or agent around it"),
    "node": KnownField(Kind.TEXT, "nearest node around it"),
    "agent": KnownField(Kind.TEXT, "agent that called"),
    "conversation": KnownField(Kind.TEXT, "id of its conversation, session or thread"),
    "user": KnownField(Kind.TEXT, "user, as the program tells it"),
    "duration": KnownField(Kind.DURATION, "how long it took"),
    "ttft": KnownField(Kind.DURATION, "time until the first token came"),
    "time": KnownField(Kind.MOMENT, "when it started"),
    "tokens": KnownField(Kind.COUNT, "input and output tokens"),
    "input_tokens": KnownField(Kind.COUNT, "input tokens, those from and for a cache included"),
    "output_tokens": KnownField(Kind.COUNT, "output tokens, those of reasoning included"),
    "cache_read": KnownField(Kind.COUNT, "input tokens that were read from a cache"),
    "cache_write": KnownField(Kind.COUNT, "input tokens that were written to a cache"),
    "reasoning": KnownField(Kind.COUNT, "output tokens of reasoning"),
    "cost": KnownField(Kind.MONEY, "cost in US dollars"),
    "counted": KnownField(Kind.FLAG, "false where another span tells of the same call"),
    "finish": KnownField(Kind.TEXT, "why it ended: stop, length, tool_calls, …"),
    "error": KnownField(Kind.FLAG, "whether it failed: true or false"),
    "error_type": KnownField(Kind.TEXT, "class or code of the failure"),
    "temperature": KnownField(Kind.COUNT, "temperature that was asked for"),
    "max_tokens": KnownField(Kind.COUNT, "limit of output tokens that was asked for"),
    "reasoning_effort": KnownField(Kind.TEXT, "effort of reasoning that was asked for"),
    "trace_id": KnownField(Kind.ID, "id of its trace, or its beginning"),
    "span_id": KnownField(Kind.ID, "id of its span, or its beginning"),
}

OWN_FIELDS: Mapping[Subject, Mapping[str, KnownField]] = {
    Subject.TRACES: _OF_SPANS,
    Subject.SPANS: _OF_SPANS,
    Subject.RUNS: _OF_RUNS,
    Subject.LOGS: _OF_LOGS,
    Subject.CALLS: _OF_CALLS,
}
"""What a subject tells of itself, or its spans of theirs."""
_KINDS = {name: field.kind for fields in OWN_FIELDS.values() for name, field in fields.items()}
_OF_CALLS_ONLY = frozenset(
    name
    for name in _OF_CALLS
    if not any(name in fields for subject, fields in OWN_FIELDS.items() if subject is not Subject.CALLS)
)

STATUS_WORDS = ("unset", "ok", "error")
KIND_WORDS = tuple(name.lower() for name in KIND_NAMES)
SEVERITY_WORDS = tuple(severity.word for severity in Severity if severity)
OUTCOME_WORDS = ("completed", "failed", "cancelled", "running", "lost")

SCOPES = {f"{scope.value}.": scope for scope in (Scope.RESOURCE, Scope.EVENT, Scope.ATTRIBUTE)}
EVENT_NAME = "name"
"""`event.name` is an event's name, every other `event.x` an attribute of it."""

_SAME = {
    "service.name": "service",
    "status_message": "message",
    "span_type": "type",
    "scope.name": "scope",
    "logger": "scope",
}
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
    Kind.MONEY: _NUMBER,
    Kind.SEVERITY: _NUMBER,
    Kind.ANY: _TEXT | ORDERING,
}


@cache
def fields_of(subject: Subject) -> Mapping[str, KnownField]:
    """Return the fields that can be asked of a subject: its own, and those of the spans that belong to it."""
    return {**OWN_FIELDS[subject], **{name: of for name, of in _OF_SPANS.items() if name not in OWN_FIELDS[subject]}}


def as_asked_of(field: Field, subject: Subject) -> Field:
    """Return what a field means to `subject`: `user` is one of calls, and everywhere else an attribute of that key."""
    if field.scope is Scope.KNOWN and subject is not Subject.CALLS and field.name in _OF_CALLS_ONLY:
        return Field(Scope.ATTRIBUTE, field.name, field.place)
    return field


def kind_of(field: Field) -> Kind:
    """Return what the value of a field is."""
    return _KINDS[field.name] if field.scope is Scope.KNOWN else Kind.ANY


def operators_of(kind: Kind) -> tuple[Operator, ...]:
    """Return how fields of that kind may be compared, in the usual order."""
    return tuple(operator for operator in Operator if operator in _OPERATORS[kind])


def field_named(word: str) -> tuple[Scope, str]:
    """Return what a word without quotes means before an operator."""
    known = _SAME.get(word.lower(), word.lower())
    # The keys of attributes that calls alone have as fields keep their case elsewhere.
    if known in _KINDS and (known == word or known not in _OF_CALLS_ONLY):
        return Scope.KNOWN, known
    for prefix, scope in SCOPES.items():
        if word.lower().startswith(prefix) and len(word) > len(prefix):
            return scope, word[len(prefix) :]
    return Scope.ATTRIBUTE, word
