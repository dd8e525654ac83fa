"""One OTLP log record as a row of `logs`."""

from __future__ import annotations

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import INT64_MAX, Row
from junjo_desktop.telemetry.decode_origin import Origin
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_to_json, read_value, to_text
from junjo_desktop.telemetry.validity import NO_SPAN_ID, NO_TRACE_ID


def log_row(record: LogRecord, origin: Origin) -> Row:
    """A log record in the order of `LOG_COLUMNS`. Times are as sent: 0 stays 0."""
    trace_id = _id_or_none(record.trace_id, NO_TRACE_ID)
    span_id = _id_or_none(record.span_id, NO_SPAN_ID)
    body, body_text = _body(record)
    return (
        trace_id,
        span_id,
        origin.service_name,
        min(record.time_unix_nano, INT64_MAX),
        min(record.observed_time_unix_nano, INT64_MAX),
        record.severity_number,
        record.severity_text,
        record.event_name,
        body,
        body_text,
        attributes_to_json(record.attributes),
        record.dropped_attributes_count,
        record.flags,
        origin.resource_id,
        origin.scope_id,
        _extra(record, trace_id, span_id),
        origin.received_ns,
        origin.arrival,
    )


def _id_or_none(sent: bytes, none: bytes) -> str | None:
    return sent.hex() if len(sent) == len(none) and sent != none else None


def _body(record: LogRecord) -> tuple[str | None, str]:
    """Return the body as JSON text (None when none was sent) and as people read it."""
    if not record.HasField("body"):
        return None, ""
    plain = read_value(record.body)
    text = to_text(plain)
    if plain is None:
        return text, ""
    return text, plain if isinstance(plain, str) else text


def _extra(record: LogRecord, trace_id: str | None, span_id: str | None) -> str | None:
    more: Attributes = {}
    if record.trace_id and trace_id is None:
        more[extra.TRACE_ID] = record.trace_id.hex()
    if record.span_id and span_id is None:
        more[extra.SPAN_ID] = record.span_id.hex()
    if record.time_unix_nano > INT64_MAX:
        more[extra.TIME] = str(record.time_unix_nano)
    if record.observed_time_unix_nano > INT64_MAX:
        more[extra.OBSERVED_TIME] = str(record.observed_time_unix_nano)
    return to_text(more) if more else None
