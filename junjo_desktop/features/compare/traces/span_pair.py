"""Everything that two spans hold, and what differs in it. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from junjo_desktop.store.lookup import span as find_span
from junjo_desktop.telemetry.junjo.state import Changes, changes_between
from junjo_desktop.telemetry.llm.call import (
    DataPart,
    LlmCall,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.state_changes.diff_rows import DiffRow, diff_rows, longest_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Value = Any
"""A JSON value."""


@dataclass(frozen=True)
class Difference:
    """One part of two spans: as a tree of changes, and line by line. `is_empty`: neither span has anything there."""

    changes: Changes
    lines: tuple[DiffRow, ...]
    longest: int
    is_empty: bool


@dataclass(frozen=True)
class SpanPair:
    """The parts in which two spans may differ. `call` is None where neither is a call of a model.

    `notes` say what of a call was not captured.
    """

    left: Span | None
    right: Span | None
    attributes: Difference
    call: Difference | None
    events: Difference
    resource: Difference
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSpanPair:
    """A read: two spans, each by its trace and its own id; None where one side has none."""

    left: tuple[str, str] | None
    right: tuple[str, str] | None

    def __call__(self, cursor: DuckDBPyConnection) -> SpanPair:
        left, right = (None if place is None else find_span(cursor, *place) for place in (self.left, self.right))
        calls = [None if span is None else read_call(span) for span in (left, right)]
        return SpanPair(
            left=left,
            right=right,
            attributes=_difference(*(None if span is None else span.attributes_json for span in (left, right))),
            call=_difference(*map(_call, calls)) if any(calls) else None,
            events=_difference(*(None if span is None else _events(span) for span in (left, right))),
            resource=_difference(*(None if span is None else _origin(span) for span in (left, right))),
            notes=tuple(dict.fromkeys(note for call in calls if call is not None for note in _notes(call))),
        )


def _difference(left: Value, right: Value) -> Difference:
    empty: Value = [] if isinstance(left, list) or isinstance(right, list) else {}
    one, other = empty if left is None else left, empty if right is None else right
    changes = changes_between(one, other)
    lines = diff_rows(changes)
    return Difference(changes, lines, longest_of(lines), not one and not other)


def _events(span: Span) -> Value:
    return [{"name": event.get("name", ""), **event.get("attributes", {})} for event in span.events_json]


def _origin(span: Span) -> Value:
    scope = {"name": span.scope.name, "version": span.scope.version}
    return {"resource": span.resource.attributes_json, "scope": scope}


def _notes(call: LlmCall) -> Iterator[str]:
    if call.captured.switch:
        yield call.captured.switch
    yield from call.notes


def _call(call: LlmCall | None) -> Value:
    if call is None:
        return None
    usage = call.usage
    told = {
        "operation": call.operation,
        "provider": call.provider,
        "request_model": call.request_model,
        "response_model": call.response_model,
        "parameters": dict(call.parameters),
        "system": [_part(part) for part in call.system_instructions],
        "input": [_message(message) for message in call.input_messages],
        "output": [_message(message) for message in call.output_messages],
        "tools": [tool.name for tool in call.tool_definitions],
        "finish_reasons": list(call.finish_reasons),
        "input_tokens": None if usage is None else usage.input_tokens,
        "output_tokens": None if usage is None else usage.output_tokens,
        "cache_read_tokens": None if usage is None else usage.cache_read_tokens,
        "reasoning_tokens": None if usage is None else usage.reasoning_tokens,
        "reported_cost": None if usage is None else usage.reported_cost,
        "error": None if call.error is None else f"{call.error.type or ''}: {call.error.message or ''}".strip(": "),
    }
    return {key: value for key, value in told.items() if value not in (None, [], {})}


def _message(message: Message) -> Value:
    parts = [_part(part) for part in message.parts]
    told: dict[str, Value] = {"role": message.role}
    if message.name:
        told["name"] = message.name
    # One text is the rule: it reads better without a list around it.
    told["content"] = parts[0] if len(parts) == 1 else parts
    return told


def _part(part: Part) -> Value:  # noqa: PLR0911 - one return for each kind of part
    match part:
        case TextPart():
            return part.text
        case ReasoningPart():
            return {"reasoning": part.text}
        case ToolCallPart():
            return {"tool_call": part.name, "arguments": _parsed(part.arguments_text)}
        case ToolResultPart():
            return {"tool_result": part.name, "content": [_part(one) for one in part.parts]}
        case MediaPart():
            return {"media": part.kind, "mime_type": part.mime_type, "uri": part.uri, "size": len(part.data or "")}
        case DataPart():
            return part.value
        case _:
            return _parsed(part.json_text)


def _parsed(text: str) -> Value:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def counts(differences: Sequence[Difference | None]) -> tuple[int, ...]:
    """Return in how many places each differs."""
    return tuple(0 if one is None else one.changes.count for one in differences)
