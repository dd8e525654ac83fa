"""What a query means, evaluated slowly in Python over spans and log records: what compiled SQL is checked against."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import attributes_by_key
from junjo_desktop.telemetry.query.fields import KIND_WORDS, STATUS_WORDS, Kind, kind_of
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
    Relation,
    Scope,
    Text,
    Value,
)
from junjo_desktop.telemetry.query.values import (
    duration_ns_of,
    flag_of,
    moment_ns_of,
    money_of,
    number_of,
    severity_of_word,
)
from junjo_desktop.telemetry.span import Span

_COST = Field(Scope.KNOWN, "cost")
_ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
}
_NUMBER = re.compile(r"-?[0-9]{1,40}([.][0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")
ID_PREFIX = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True)
class Stored:
    """All that is stored of one trace, or of what stands outside of traces."""

    spans: Sequence[Span]
    logs: Sequence[LogRecord] = ()
    now_ns: int = 0
    costs: Mapping[str, float] = field(default_factory=dict)
    """What calls cost, by the ids of their spans, where that is known."""


def matches(query: Condition, trace: Stored) -> bool:
    """Whether a trace matches."""
    match query:
        case And():
            return all(matches(part, trace) for part in query.operands)
        case Or():
            return any(matches(part, trace) for part in query.operands)
        case Not():
            return not matches(query.operand, trace)
        case Path():
            return bool(ends_of(query, trace))
        case Text():
            return any(_has_text(query.text, span) for span in trace.spans) or any(
                log_has_text(query.text, log) for log in trace.logs if log.trace_id
            )
        case _:
            return any(holds(query, span, trace) for span in trace.spans)


def span_matches(query: Condition, span: Span, trace: Stored) -> bool:
    """Whether a span matches that is looked for: as in braces, and a path ends at it."""
    match query:
        case And():
            return all(span_matches(part, span, trace) for part in query.operands)
        case Or():
            return any(span_matches(part, span, trace) for part in query.operands)
        case Not():
            return not span_matches(query.operand, span, trace)
        case Path():
            return span in ends_of(query, trace)
        case _:
            return holds(query, span, trace)


def ends_of(path: Path, trace: Stored) -> list[Span]:
    found = [span for span in trace.spans if path.spans[0] is None or holds(path.spans[0], span, trace)]
    for relation, condition in zip(path.relations, path.spans[1:], strict=True):
        below = _below({span.span_id for span in found}, trace.spans, deep=relation is Relation.DESCENDANT)
        found = [span for span in below if condition is None or holds(condition, span, trace)]
    return found


def _below(above: set[str], spans: Sequence[Span], *, deep: bool) -> list[Span]:
    reached: dict[str, Span] = {}
    parents = above
    while parents:
        new = {span.span_id: span for span in spans if span.parent_span_id in parents and span.span_id not in reached}
        reached |= new
        parents = set(new) if deep else set()
    return list(reached.values())


def holds(condition: Condition, span: Span, trace: Stored) -> bool:
    """Whether one span meets a condition."""
    match condition:
        case And():
            return all(holds(part, span, trace) for part in condition.operands)
        case Or():
            return any(holds(part, span, trace) for part in condition.operands)
        case Not():
            return not holds(condition.operand, span, trace)
        case Text():
            in_log = any(log_has_text(condition.text, log) for log in trace.logs if is_written_in(log, span))
            return in_log or _has_text(condition.text, span)
        case Path():
            raise AssertionError("a path stands in no braces")
        case _:
            if condition.field == _COST:
                costs = [trace.costs[span.span_id]] if span.span_id in trace.costs else []
                return meets(condition, costs, trace.now_ns, bool(costs))
            return meets(condition, list(_values(condition.field, span)), trace.now_ns, _exists(condition.field, span))


def meets(condition: Comparison | OneOf | Exists, values: Sequence[Any], now_ns: int, exists: bool) -> bool:
    match condition:
        case Comparison():
            return any(_compared(condition, value, now_ns) for value in values)
        case OneOf():
            equal = [Comparison(condition.field, Operator.EQUAL, each) for each in condition.values]
            return any(_compared(each, value, now_ns) for each in equal for value in values)
        case Exists():
            return exists


def is_written_in(log: LogRecord, span: Span) -> bool:
    return (log.trace_id, log.span_id) == (span.trace_id, span.span_id)


def log_has_text(text: str, log: LogRecord) -> bool:
    word, as_json = text.lower(), orjson.dumps(text).decode()[1:-1].lower()
    plain = any(word in each.lower() for each in (log.body_text, log.event_name, log.service_name))
    in_json = as_json in log.attributes.lower() or as_json in log.body_text.lower()
    is_id = ID_PREFIX.fullmatch(word) is not None and any(
        each.startswith(word) for each in (log.trace_id, log.span_id) if each
    )
    return plain or in_json or is_id


def _has_text(text: str, span: Span) -> bool:
    word, as_json = text.lower(), orjson.dumps(text).decode()[1:-1].lower()
    plain = any(word in each.lower() for each in (span.name, span.status_message, span.service_name))
    in_json = as_json in span.attributes.lower() or (span.event_count > 0 and as_json in span.events.lower())
    is_id = ID_PREFIX.fullmatch(word) is not None and any(
        each.startswith(word) for each in (span.trace_id, span.span_id)
    )
    return plain or in_json or is_id


def _objects(field: Field, span: Span) -> Iterator[dict[str, Any]]:
    """The attributes that a field is looked for in."""
    if field.scope is Scope.EVENT:
        yield from (attributes_by_key(event["attributes"]) for event in span.events_json)
    else:
        text = span.resource.attributes if field.scope is Scope.RESOURCE else span.attributes
        yield attributes_by_key(orjson.loads(text))


def _exists(field: Field, span: Span) -> bool:
    if field.scope is Scope.KNOWN:
        value = next(iter(_known(field.name, span)), None)
        return bool(value) if kind_of(field) is Kind.FLAG else value is not None
    if (field.scope, field.name) == (Scope.EVENT, "name"):
        return span.event_count > 0
    return any(field.name in found for found in _objects(field, span))


def _values(field: Field, span: Span) -> Iterable[Any]:
    if field.scope is Scope.KNOWN:
        return _known(field.name, span)
    if (field.scope, field.name) == (Scope.EVENT, "name"):
        return [event["name"] for event in span.events_json]
    return texts_of(_objects(field, span), field.name)


def texts_of(objects: Iterable[dict[str, Any]], key: str) -> list[str]:
    found = (each[key] for each in objects if each.get(key) is not None)
    return [value if isinstance(value, str) else orjson.dumps(value).decode() for value in found]


def _known(name: str, span: Span) -> list[Any]:
    counts = [count for count in (span.input_tokens, span.output_tokens) if count is not None]
    known = {
        "service": span.service_name,
        "name": span.name,
        "type": span.span_type,
        "kind": KIND_WORDS[span.kind] if 0 <= span.kind < len(KIND_WORDS) else str(span.kind),
        "status": STATUS_WORDS[span.status_code] if 0 <= span.status_code < 3 else str(span.status_code),
        "message": span.status_message or None,
        "error": span.is_error,
        "duration": span.duration_ns if span.start_ns > 0 and span.end_ns > 0 else None,
        "time": span.start_ns or None,
        "model": span.llm_model,
        "provider": span.llm_provider,
        "tokens": sum(counts) if counts else None,
        # Told by what was read of its call, see `holds`.
        "cost": None,
        "input_tokens": span.input_tokens,
        "output_tokens": span.output_tokens,
        "scope": span.scope.name or None,
        # Nobody wrote anything on the spans of these tests; `test_marks` asks for notes.
        "tag": None,
        "note": None,
        "starred": False,
        "trace_id": span.trace_id,
        "span_id": span.span_id,
    }
    return [] if known[name] is None else [known[name]]


def _compared(condition: Comparison, value: Any, now_ns: int) -> bool:
    kind, how, other = kind_of(condition.field), condition.operator, condition.value
    match kind:
        case Kind.COUNT | Kind.DURATION | Kind.MOMENT | Kind.FLAG | Kind.SEVERITY | Kind.MONEY:
            return _number_compared(how, value, _meant(kind, other.text, now_ns))
        case Kind.WORD:
            if how is Operator.MATCHES:
                return re.search(other.text, value, re.IGNORECASE) is not None
            return _text_compared(how, value.lower(), other.text.lower())
        case Kind.ID:
            return (
                value.startswith(other.text.lower())
                if how is Operator.CONTAINS
                else _text_compared(how, value, other.text.lower())
            )
        case Kind.TEXT:
            return _text_compared(how, value, other.text)
        case _:
            return _any_compared(how, value, other)


def _meant(kind: Kind, text: str, now_ns: int) -> Any:
    read = {
        Kind.COUNT: number_of,
        Kind.DURATION: duration_ns_of,
        Kind.FLAG: flag_of,
        Kind.SEVERITY: severity_of_word,
        Kind.MONEY: money_of,
    }
    return moment_ns_of(text, now_ns) if kind is Kind.MOMENT else read[kind](text)


def _number_compared(how: Operator, value: Any, other: Any) -> bool:
    if how in _ORDER:
        return _ORDER[how](value, other)
    return bool(value != other if how is Operator.UNEQUAL else value == other)


def _text_compared(how: Operator, value: str, other: str) -> bool:
    match how:
        case Operator.CONTAINS:
            return other.lower() in value.lower()
        case Operator.MATCHES:
            return re.search(other, value) is not None
        case Operator.UNEQUAL:
            return value != other
        case _:
            return value == other


def _any_compared(how: Operator, value: str, other: Value) -> bool:
    written = None if other.is_quoted else number_of(other.text)
    number = float(value) if _NUMBER.fullmatch(value) else None
    if how in _ORDER:
        return number is not None and written is not None and _ORDER[how](number, float(written))
    is_same_number = written is not None and number is not None and number == float(written)
    if how is Operator.EQUAL:
        return value == other.text or is_same_number
    if how is Operator.UNEQUAL:
        return value != other.text and not is_same_number
    return _text_compared(how, value, other.text)
