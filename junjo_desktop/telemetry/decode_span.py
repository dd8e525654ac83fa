"""One OTLP span as a row of `spans`."""

from __future__ import annotations

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import INT64_MAX, INT64_MIN, Row
from junjo_desktop.telemetry.decode_origin import Origin
from junjo_desktop.telemetry.otlp_json import Attributes, Plain, read_attributes, to_text
from junjo_desktop.telemetry.semantics import EXCEPTION_EVENT, is_error, meaning_of
from junjo_desktop.telemetry.validity import NO_SPAN_ID, SPAN_ID_BYTES

STATUS_ABSENT = to_text({extra.STATUS: None})


def span_row(span: Span, origin: Origin) -> Row:
    """A span that `validity.span_problem` has nothing against, in the order of `SPAN_COLUMNS`."""
    by_key, attributes = read_attributes(span.attributes)
    meaning = meaning_of(by_key)
    events, event_count, has_exception = _events(span)
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    start_ns, end_ns, duration_ns = (
        (start, end, end - start) if start <= INT64_MAX and end <= INT64_MAX else _limited(start, end)
    )
    parent = span.parent_span_id
    parent_id = parent.hex() if len(parent) == SPAN_ID_BYTES and parent != NO_SPAN_ID else None
    status = span.status
    return (
        span.trace_id.hex(),
        span.span_id.hex(),
        parent_id,
        origin.service_name,
        span.name,
        span.kind,
        start_ns,
        end_ns,
        duration_ns,
        status.code,
        status.message,
        is_error(status.code, meaning.reports_error, has_exception),
        meaning.span_type,
        meaning.junjo_span_type,
        meaning.junjo_runtime_id,
        meaning.llm_provider,
        meaning.llm_model,
        meaning.input_tokens,
        meaning.output_tokens,
        to_text(attributes),
        events,
        _links(span),
        event_count,
        span.trace_state,
        span.flags,
        span.dropped_attributes_count,
        span.dropped_events_count,
        span.dropped_links_count,
        origin.resource_id,
        origin.scope_id,
        _extra(span, start, end, "" if parent_id else parent.hex()),
        origin.received_ns,
        origin.arrival,
    )


def _limited(start: int, end: int) -> tuple[int, int, int]:
    """Start, end and duration as columns can hold them."""
    return min(start, INT64_MAX), min(end, INT64_MAX), max(INT64_MIN, min(end - start, INT64_MAX))


def _extra(span: Span, start: int, end: int, odd_parent: str) -> str | None:
    has_status = span.HasField("status")
    if start <= INT64_MAX and end <= INT64_MAX and not odd_parent:
        return None if has_status else STATUS_ABSENT
    more: Attributes = {}
    if start > INT64_MAX:
        more[extra.START_TIME] = str(start)
    if end > INT64_MAX:
        more[extra.END_TIME] = str(end)
    if odd_parent:
        more[extra.PARENT_SPAN_ID] = odd_parent
    if not has_status:
        more[extra.STATUS] = None
    return to_text(more)


def _events(span: Span) -> tuple[str, int, bool]:
    """Return the events as JSON text, their number, and whether one of them is an exception."""
    if not span.events:
        return "[]", 0, False
    has_exception = False
    events: list[Plain] = []
    for event in span.events:
        name = event.name
        has_exception = has_exception or name == EXCEPTION_EVENT
        events.append(
            {
                "name": name,
                "timeUnixNano": str(event.time_unix_nano),
                "attributes": read_attributes(event.attributes)[1],
                "droppedAttributesCount": event.dropped_attributes_count,
            }
        )
    return to_text(events), len(events), has_exception


def _links(span: Span) -> str:
    if not span.links:
        return "[]"
    return to_text(
        [
            {
                "traceId": link.trace_id.hex(),
                "spanId": link.span_id.hex(),
                "traceState": link.trace_state,
                "attributes": read_attributes(link.attributes)[1],
                "droppedAttributesCount": link.dropped_attributes_count,
                "flags": link.flags,
            }
            for link in span.links
        ]
    )
