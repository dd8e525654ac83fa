"""The usual span as a row of `spans`, read from its outline (see `outline`).

Whatever is rare, or could not be read exactly from the outline, is for `decode_span`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

import orjson
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from junjo_desktop.telemetry.columns import INT64_MAX, Row
from junjo_desktop.telemetry.decode_attributes import UnusualError, read_attributes
from junjo_desktop.telemetry.decode_origin import Origin
from junjo_desktop.telemetry.decode_span import STATUS_ABSENT
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.outline import Span, has_rare_fields
from junjo_desktop.telemetry.semantics import EXCEPTION_EVENT, NO_MEANING, Meaning, is_error
from junjo_desktop.telemetry.validity import NO_SPAN_ID, SPAN_ID_BYTES, id_problem

_dumps = orjson.dumps
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


def usual_rows(spans: Iterable[Span], origin: Origin) -> list[Row | None]:
    """The row of each span, as `decode_span.span_row` makes it; None for one that must be read whole.

    Spans that cannot be stored (see `validity`) are among those.
    """
    rows: list[Row | None] = []
    for span in spans:
        try:
            rows.append(_row(span, origin))
        except UnusualError:
            rows.append(None)
    return rows


def _row(span: Span, origin: Origin) -> Row:
    trace_id, span_id, parent, name, kind, start, end, attribute_raws, events, statuses, flags = _fields(span)
    if (
        has_rare_fields(span)
        or start > INT64_MAX
        or end > INT64_MAX
        or id_problem(trace_id, span_id)
        or (parent and (len(parent) != SPAN_ID_BYTES or parent == NO_SPAN_ID))
    ):
        raise UnusualError
    attributes, meaning = _attributes(attribute_raws[:])
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
        is_error(status_code, meaning.reports_error, has_exception),
        meaning.span_type,
        meaning.junjo_span_type,
        meaning.junjo_runtime_id,
        meaning.llm_provider,
        meaning.llm_model,
        meaning.input_tokens,
        meaning.output_tokens,
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


def _attributes(raws: Sequence[bytes]) -> tuple[Attributes, Meaning]:
    if not raws:
        return {}, NO_MEANING
    attributes, reading = read_attributes(raws)
    return attributes, reading.meaning(attributes)


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
