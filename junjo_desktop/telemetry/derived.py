"""What a stored span means, read again from what was sent: the same as `decode_span` found when it arrived."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import INT64_MAX, INT64_MIN
from junjo_desktop.telemetry.decode_origin import SERVICE_NAME, UNKNOWN_SERVICE
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_by_key, pairs_of
from junjo_desktop.telemetry.resource import parse_object
from junjo_desktop.telemetry.semantics import EXCEPTION_EVENT, is_error, meaning_of
from junjo_desktop.telemetry.span import exact_ns

SENT_COLUMNS = ("attributes", "events", "status_code", "start_ns", "end_ns", "extra")
"""The columns of `spans` that the derived ones are made of, in the order in which `derive` takes them."""

NO_EVENTS = "[]"


class DamagedTextError(ValueError):
    """What was stored of a span or a resource is not readable any more."""


class Derived(NamedTuple):
    """The columns of `spans` that are derived from the span itself; `service_name` is its resource's."""

    duration_ns: int
    is_error: bool
    span_type: str
    junjo_span_type: str | None
    junjo_runtime_id: str | None
    llm_provider: str | None
    llm_model: str | None
    input_tokens: int | None
    output_tokens: int | None
    event_count: int


def derive(attributes: str, events: str, status_code: int, start_ns: int, end_ns: int, more: str | None) -> Derived:
    """Read a span's columns; `attributes`, `events` and `more` are JSON text. Raises `DamagedTextError`."""
    meaning = meaning_of(attributes_by_key(_object(attributes)))
    event_count, has_exception = (0, False) if events == NO_EVENTS else _events(events)
    return Derived(
        end_ns - start_ns if more is None else _exact_duration(start_ns, end_ns, more),
        is_error(status_code, meaning.reports_error, has_exception),
        meaning.span_type,
        meaning.junjo_span_type,
        meaning.junjo_runtime_id,
        meaning.llm_provider,
        meaning.llm_model,
        meaning.input_tokens,
        meaning.output_tokens,
        event_count,
    )


def service_name_in(attributes: str) -> str:
    """The service name that a resource's attributes (JSON text) give it; see `decode_origin.service_name_of`.

    Raises `DamagedTextError`.
    """
    for key, value in pairs_of(_object(attributes)):
        if key == SERVICE_NAME and value and isinstance(value, str):
            return value
    return UNKNOWN_SERVICE


def _object(text: str) -> Attributes:
    try:
        parsed = parse_object(text)
    except ValueError as error:
        raise DamagedTextError("no JSON") from error
    if not isinstance(parsed, dict):
        raise DamagedTextError("no JSON object")
    return parsed


def _events(events: str) -> tuple[int, bool]:
    try:
        listed: list[dict[str, Any]] = orjson.loads(events)
        return len(listed), any(event["name"] == EXCEPTION_EVENT for event in listed)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedTextError("no JSON array of events") from error


def _exact_duration(start_ns: int, end_ns: int, more: str) -> int:
    sent = _object(more)
    duration = exact_ns(sent, extra.END_TIME, end_ns) - exact_ns(sent, extra.START_TIME, start_ns)
    return max(INT64_MIN, min(duration, INT64_MAX))
