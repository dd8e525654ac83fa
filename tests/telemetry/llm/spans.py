"""Spans and log records with given attributes, as the store would give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.resource import Resource, Scope
from junjo_desktop.telemetry.semantics import STATUS_ERROR, meaning_of
from junjo_desktop.telemetry.span import Span

TRACE_ID, SPAN_ID = "0123456789abcdef0123456789abcdef", "0123456789abcdef"
START_NS = 1_795_000_000_000_000_000
DURATION_NS = 2_000_000_000

_RESOURCE = Resource("r", "guide", "{}", 0, "", None)


def span_with(
    attributes: Mapping[str, Any] | str,
    *,
    events: Sequence[tuple[str, Mapping[str, Any]]] = (),
    scope: str = "",
    error: str | None = None,
    dropped: int = 0,
) -> Span:
    """Return a span; events are by name and attributes, the n-th n milliseconds after its start."""
    text = attributes if isinstance(attributes, str) else orjson.dumps(attributes).decode()
    told = [
        {"name": name, "timeUnixNano": str(START_NS + (at + 1) * 1_000_000), "attributes": dict(held)}
        for at, (name, held) in enumerate(events)
    ]
    meaning = meaning_of({} if isinstance(attributes, str) else dict(attributes))
    return Span(
        **{name: getattr(meaning, name) for name in meaning._fields if name != "reports_error"},
        trace_id=TRACE_ID,
        span_id=SPAN_ID,
        parent_span_id=None,
        service_name="guide",
        name="call",
        kind=3,
        start_ns=START_NS,
        end_ns=START_NS + DURATION_NS,
        duration_ns=DURATION_NS,
        status_code=0 if error is None else STATUS_ERROR,
        status_message=error or "",
        is_error=error is not None,
        attributes=text,
        events=orjson.dumps(told).decode(),
        links="[]",
        event_count=len(told),
        trace_state="",
        flags=0,
        dropped_attributes_count=dropped,
        dropped_events_count=0,
        dropped_links_count=0,
        resource_id="r",
        scope_id="s",
        extra=None,
        received_ns=START_NS,
        arrival=1,
        resource=_RESOURCE,
        scope=Scope("s", scope, "", "{}", 0, "", None),
    )


def log_with(
    event_name: str, body: Any, attributes: Mapping[str, Any] | None = None, span_id: str = SPAN_ID
) -> LogRecord:
    """Return a log record of the span."""
    return LogRecord(
        trace_id=TRACE_ID,
        span_id=span_id,
        service_name="guide",
        time_ns=START_NS,
        observed_ns=START_NS,
        severity_number=9,
        severity_text="INFO",
        event_name=event_name,
        body=None if body is None else orjson.dumps(body).decode(),
        body_text="",
        attributes=orjson.dumps(dict(attributes or {})).decode(),
        dropped_attributes_count=0,
        flags=0,
        resource_id="r",
        scope_id="s",
        extra=None,
        received_ns=START_NS,
        arrival=1,
        resource=_RESOURCE,
        scope=Scope("s", "", "", "{}", 0, "", None),
    )
