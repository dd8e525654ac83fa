"""The usual span as a row of `spans`, read from its outline (see `outline`).

Whatever is rare, or could not be read exactly from the outline, is for `decode_span`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

import orjson
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from junjo_desktop.telemetry.columns import INT64_MAX, Row
from junjo_desktop.telemetry.decode_attributes import UnusualError, read_attributes
from junjo_desktop.telemetry.decode_origin import Origin
from junjo_desktop.telemetry.decode_span import STATUS_ABSENT, span_row
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.outline import RARELY, Span
from junjo_desktop.telemetry.semantics import EXCEPTION_EVENT, Reading, is_error
from junjo_desktop.telemetry.validity import NO_SPAN_ID, SPAN_ID_BYTES, id_problem, span_problem

_dumps = orjson.dumps
_NO_ATTRIBUTES: tuple[Attributes, Reading] = {}, Reading(frozenset())
_fields = attrgetter(
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "kind",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "attributes",
    "events",
    "status",
    "flags",
)
_event_fields = attrgetter("name", "time_unix_nano", "attributes", "dropped_attributes_count")
# Status messages that hold nothing but a code: 0, 1 or 2.
_BARE_STATUSES = {b"": 0, b"\x18\x01": 1, b"\x18\x02": 2}


def span_rows(spans: Iterable[Span], origin: Origin, whole: Callable[[int], OtlpSpan]) -> list[Row]:
    """Rows of the spans that can be stored (see `validity`); `whole` gives the message of the span with that number."""
    rows: list[Row] = []
    for number, span in enumerate(spans):
        try:
            rows.append(_row(span, origin))
        except UnusualError:
            message = whole(number)
            if span_problem(message) is None:
                rows.append(span_row(message, origin))
    return rows


def _row(span: Span, origin: Origin) -> Row:
    """The same as `decode_span.span_row` makes. Raises `UnusualError` for a span that is to be read whole."""
    trace_id, span_id, parent, name, kind, start, end, attribute_raws, events, statuses, flags = _fields(span)
    if (
        span.WhichOneof(RARELY)
        or start > INT64_MAX
        or end > INT64_MAX
        or id_problem(trace_id, span_id)
        or (parent and (len(parent) != SPAN_ID_BYTES or parent == NO_SPAN_ID))
    ):
        raise UnusualError
    raws = attribute_raws[:]
    attributes, reading = read_attributes(raws) if raws else _NO_ATTRIBUTES
    (
        span_type,
        reports_error,
        junjo_span_type,
        junjo_runtime_id,
        llm_provider,
        llm_model,
        input_tokens,
        output_tokens,
    ) = reading.meaning(attributes)
    events_text, event_count, has_exception = _events(events) if events else ("[]", 0, False)
    status = statuses[:]
    status_code, status_message = _status(status) if status else (0, "")
    service_name, resource_id, scope_id, received_ns, arrival = origin
    return (
        trace_id.hex(),
        span_id.hex(),
        parent.hex() if parent else None,
        service_name,
        name,
        kind,
        start,
        end,
        end - start,
        status_code,
        status_message,
        is_error(status_code, reports_error, has_exception),
        span_type,
        junjo_span_type,
        junjo_runtime_id,
        llm_provider,
        llm_model,
        input_tokens,
        output_tokens,
        _dumps(attributes).decode(),
        events_text,
        "[]",
        event_count,
        "",
        flags,
        0,
        0,
        0,
        resource_id,
        scope_id,
        None if status else STATUS_ABSENT,
        received_ns,
        arrival,
    )


def _status(parts: Sequence[bytes]) -> tuple[int, str]:
    """Return the code and the message of a status."""
    if len(parts) == 1 and parts[0] in _BARE_STATUSES:
        return _BARE_STATUSES[parts[0]], ""
    status = Status.FromString(b"".join(parts))
    return status.code, status.message


def _events(events: Sequence[object]) -> tuple[str, int, bool]:
    """Return the events as JSON text, their number, and whether one of them is an exception."""
    read = []
    has_exception = False
    for name, time, attribute_raws, dropped in map(_event_fields, events):
        raws = attribute_raws[:]
        has_exception = has_exception or name == EXCEPTION_EVENT
        read.append(
            {
                "name": name,
                "timeUnixNano": str(time),
                "attributes": read_attributes(raws)[0] if raws else {},
                "droppedAttributesCount": dropped,
            }
        )
    return _dumps(read).decode(), len(read), has_exception
