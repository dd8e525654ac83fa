"""Builds OTLP messages for tests, in one line each."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, SeverityNumber
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

# Far from the numbers that tests choose themselves: a fresh id is never one of these.
_ids = itertools.count(1 << 40)

Value = str | bool | int | float | bytes | None | Sequence["Value"] | Mapping[str, "Value"]


def any_value(value: Value) -> AnyValue:  # noqa: PLR0911 - one return for each kind of value
    """A Python value as OTLP's AnyValue; None is the empty value."""
    match value:
        case None:
            return AnyValue()
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case str():
            return AnyValue(string_value=value)
        case bytes():
            return AnyValue(bytes_value=value)
        case Mapping():
            return AnyValue(kvlist_value=KeyValueList(values=key_values(value)))
        case _:
            return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))


def key_values(attributes: Mapping[str, Value]) -> list[KeyValue]:
    """A mapping as OTLP attributes."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def trace_id(number: int | None = None) -> bytes:
    """A valid trace id; a fresh one when no number is given."""
    return (next(_ids) if number is None else number).to_bytes(16, "big")


def span_id(number: int | None = None) -> bytes:
    """A valid span id; a fresh one when no number is given."""
    return (next(_ids) if number is None else number).to_bytes(8, "big")


def span(
    name: str = "work",
    *,
    trace: bytes | None = None,
    id: bytes | None = None,  # noqa: A002 - reads as the field it fills
    parent: bytes = b"",
    start_ns: int | None = None,
    duration_ns: int = 1_000_000,
    attributes: Mapping[str, Value] | None = None,
    error: str | None = None,
) -> Span:
    """A span; `error` makes it fail with that message."""
    start = time.time_ns() if start_ns is None else start_ns
    return Span(
        trace_id=trace or trace_id(),
        span_id=id or span_id(),
        parent_span_id=parent,
        name=name,
        kind=Span.SpanKind.SPAN_KIND_INTERNAL,
        start_time_unix_nano=start,
        end_time_unix_nano=start + duration_ns,
        attributes=key_values(attributes or {}),
        status=Status(code=Status.StatusCode.STATUS_CODE_ERROR, message=error) if error is not None else None,
    )


def trace_request(
    *spans: Span, service: str = "shop", resource: Mapping[str, Value] | None = None, scope: str = "tests"
) -> ExportTraceServiceRequest:
    """One export request of one service with one scope."""
    request = ExportTraceServiceRequest()
    resource_spans = request.resource_spans.add()
    resource_spans.resource.attributes.extend(key_values({"service.name": service, **(resource or {})}))
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name = scope
    scope_spans.spans.extend(spans)
    return request


def logs_request(*bodies: Value, service: str = "shop", trace: bytes = b"") -> ExportLogsServiceRequest:
    """One export request with a log record for each body."""
    request = ExportLogsServiceRequest()
    resource_logs = request.resource_logs.add()
    resource_logs.resource.attributes.extend(key_values({"service.name": service}))
    scope_logs = resource_logs.scope_logs.add()
    now = time.time_ns()
    scope_logs.log_records.extend(
        LogRecord(time_unix_nano=now, observed_time_unix_nano=now, body=any_value(body), trace_id=trace)
        for body in bodies
    )
    return request


def log(
    body: Value = "said",
    *,
    trace: bytes = b"",
    span: bytes = b"",
    time_ns: int = 0,
    observed_ns: int = 0,
    severity: SeverityNumber.ValueType = SeverityNumber.SEVERITY_NUMBER_UNSPECIFIED,
    severity_text: str = "",
    event: str = "",
    attributes: Mapping[str, Value] | None = None,
) -> LogRecord:
    """A log record; nothing is sent of what is not given, but for the body."""
    return LogRecord(
        time_unix_nano=time_ns,
        observed_time_unix_nano=observed_ns,
        severity_number=severity,
        severity_text=severity_text,
        event_name=event,
        body=any_value(body),
        attributes=key_values(attributes or {}),
        trace_id=trace,
        span_id=span,
    )


def log_request(*records: LogRecord, service: str = "shop") -> ExportLogsServiceRequest:
    """One export request of one service with these records."""
    request = ExportLogsServiceRequest()
    resource_logs = request.resource_logs.add()
    resource_logs.resource.attributes.extend(key_values({"service.name": service}))
    scope_logs = resource_logs.scope_logs.add()
    scope_logs.scope.name = "tests"
    scope_logs.log_records.extend(records)
    return request
