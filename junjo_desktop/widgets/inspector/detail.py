"""One span made ready for the inspector, off the GUI thread. Qt-free."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import orjson

from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import ABSENT, BYTES, DOUBLE, STRINDEX
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.figures import bytes_text
from junjo_desktop.widgets.inspector.reading import SpanReading, read_span
from junjo_desktop.widgets.json_nodes import json_inside, json_text

EXCEPTION = "exception"
_UNFOLD_DEPTH = 20
_UNFOLDED_CHARACTERS = 200_000
_SIZE_SHOWN_FROM = 1_000
_TYPE_WORDS: dict[type, str] = {
    type(None): "empty",
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    list: "array",
    dict: "kvlist",
}
_ESCAPE_WORDS = {BYTES: "bytes", DOUBLE: "double", STRINDEX: "string", ABSENT: "no value"}


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """One event, in the order it was sent."""

    time_ns: int
    name: str
    attributes: dict[str, Any]
    dropped_attributes_count: int


@dataclass(frozen=True, slots=True)
class SpanException:
    """What an exception event says; a part it does not tell is empty."""

    time_ns: int
    type: str
    message: str
    stack: str


@dataclass(frozen=True, slots=True)
class SpanLink:
    """A link to another span; `is_stored` when its trace is here."""

    trace_id: str
    span_id: str
    trace_state: str
    attributes: dict[str, Any]
    is_stored: bool


@dataclass(frozen=True, slots=True)
class SpanDetail:
    """Everything the inspector shows, parsed once. `raw` is the whole span as indented JSON."""

    span: Span
    attributes: dict[str, Any]
    events: tuple[SpanEvent, ...]
    exceptions: tuple[SpanException, ...]
    links: tuple[SpanLink, ...]
    resource: dict[str, Any]
    scope: dict[str, Any]
    raw: str
    logs: tuple[LogRecord, ...] = ()
    """Its log records in the order of time, the first ones where there are many."""
    log_count: int = 0
    """How many there are."""
    reading: SpanReading | None = None
    """What it says in the words of its kind; None where it is of none that is read."""


def span_detail(
    span: Span,
    stored_traces: frozenset[str],
    logs: tuple[LogRecord, ...] = (),
    log_count: int = 0,
    cost: KeptCost | None = None,
) -> SpanDetail:
    """Make a span ready; `stored_traces` says which linked traces are here, `logs` are its first log records.

    `cost` is what is kept of a call of a model.
    """
    events = tuple(_event(event) for event in span.events_json)
    return SpanDetail(
        span=span,
        attributes=span.attributes_json,
        events=events,
        exceptions=tuple(_exception(event) for event in events if event.name == EXCEPTION),
        links=tuple(_link(link, stored_traces) for link in span.links_json),
        resource=span.resource.attributes_json,
        scope=span.scope.to_json(),
        raw=orjson.dumps(span.to_json(), option=orjson.OPT_INDENT_2).decode(),
        logs=logs,
        log_count=log_count,
        reading=read_span(span, logs, cost),
    )


def linked_traces(span: Span) -> list[str]:
    """Return the ids of traces that the span links to."""
    return sorted({link["traceId"] for link in span.links_json})


def type_text(value: Any) -> str:
    """Return the OTLP type of a value as stored, with its size when it is long."""
    if isinstance(value, str) and len(value) >= _SIZE_SHOWN_FROM:
        return f"{bytes_text(len(value.encode('utf-8', 'surrogatepass')))} string"
    if isinstance(value, dict) and len(value) == 1:
        return _ESCAPE_WORDS.get(next(iter(value)), "kvlist")
    return _TYPE_WORDS[type(value)]


def value_title(value: Any) -> str:
    """Return type and size of a value, for the pane that shows it whole."""
    match value:
        case str():
            return f"string · {len(value):,} characters"
        case list():
            return f"array · {len(value):,} items"
        case dict() if type_text(value) == "kvlist":
            return f"kvlist · {len(value):,} keys"
        case _:
            return type_text(value)


def unfolded_json(value: Any) -> str:
    """Return a value as indented JSON in which every string that holds JSON is unfolded."""
    try:
        return _unfolded(value)
    except RecursionError:
        # A string that holds JSON deeper than Python can go stays a string.
        return json_text(value)


def whole_text(value: Any) -> tuple[str, str]:
    """Return a value's whole text and its language: a string as it is (a short one as the JSON it holds), else JSON."""
    if not isinstance(value, str):
        return unfolded_json(value), "json"
    inside = json_inside(value) if len(value) <= _UNFOLDED_CHARACTERS else None
    try:
        return (value, "text") if inside is None else (_unfolded(inside), "json")
    except RecursionError:
        return value, "text"


def _unfolded(value: Any) -> str:
    unfolding = _Unfolding()
    unfolded = unfolding.unfold(value, 0)
    # A string may hold what orjson changes (NaN) or refuses: integers beyond 64 bits, half surrogate pairs.
    if unfolding.met_nan:
        return json_text(unfolded)
    try:
        return orjson.dumps(unfolded, None, orjson.OPT_INDENT_2).decode()
    except TypeError:
        return json_text(unfolded)


class _Unfolding:
    def __init__(self) -> None:
        self.met_nan = False

    def unfold(self, value: Any, depth: int) -> Any:
        match value:
            case str():
                inside = json_inside(value) if depth < _UNFOLD_DEPTH else None
                return value if inside is None else self.unfold(inside, depth + 1)
            case dict():
                return {key: self.unfold(item, depth + 1) for key, item in value.items()}
            case list():
                return [self.unfold(item, depth + 1) for item in value]
            case float() if not math.isfinite(value):
                self.met_nan = True
        return value


def _event(event: dict[str, Any]) -> SpanEvent:
    return SpanEvent(
        int(event.get("timeUnixNano") or 0),
        str(event.get("name") or ""),
        _object(event.get("attributes")),
        int(event.get("droppedAttributesCount") or 0),
    )


def _exception(event: SpanEvent) -> SpanException:
    def text(key: str) -> str:
        value = event.attributes.get(key)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)

    return SpanException(event.time_ns, text("exception.type"), text("exception.message"), text("exception.stacktrace"))


def _link(link: dict[str, Any], stored_traces: frozenset[str]) -> SpanLink:
    return SpanLink(
        str(link.get("traceId") or ""),
        str(link.get("spanId") or ""),
        str(link.get("traceState") or ""),
        _object(link.get("attributes")),
        link.get("traceId") in stored_traces,
    )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
