"""From stored rows back to OTLP messages that equal those received: the reverse of `decode`."""

from __future__ import annotations

from typing import Any, cast

from opentelemetry.proto.common.v1.common_pb2 import EntityRef, InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as OtlpLogRecord
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber
from opentelemetry.proto.resource.v1.resource_pb2 import Resource as OtlpResource
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.encode_value import attributes_from_json, make_attributes, value_from_json
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.resource import Resource, Scope, parse_object
from junjo_desktop.telemetry.span import Span


def encode_resource(resource: Resource) -> OtlpResource | None:
    """The message as it was sent; None when none was."""
    more = parse_object(resource.extra or "{}")
    if extra.MESSAGE in more:
        return None
    refs = more.get(extra.ENTITY_REFS, [])
    return OtlpResource(
        attributes=attributes_from_json(resource.attributes),
        dropped_attributes_count=resource.dropped_attributes_count,
        entity_refs=[_entity_ref(ref) for ref in refs if isinstance(ref, dict)] if isinstance(refs, list) else [],
    )


def encode_scope(scope: Scope) -> InstrumentationScope | None:
    """The message as it was sent; None when none was."""
    if extra.MESSAGE in parse_object(scope.extra or "{}"):
        return None
    return InstrumentationScope(
        name=scope.name,
        version=scope.version,
        attributes=attributes_from_json(scope.attributes),
        dropped_attributes_count=scope.dropped_attributes_count,
    )


def encode_span(span: Span) -> OtlpSpan:
    """The span's own message; its resource and its scope are messages beside it."""
    more = span.extra_json
    status = Status(message=span.status_message, code=cast("Status.StatusCode.ValueType", span.status_code))
    return OtlpSpan(
        trace_id=bytes.fromhex(span.trace_id),
        span_id=bytes.fromhex(span.span_id),
        trace_state=span.trace_state,
        parent_span_id=bytes.fromhex(span.parent_span_id or str(more.get(extra.PARENT_SPAN_ID, ""))),
        flags=span.flags,
        name=span.name,
        kind=cast("OtlpSpan.SpanKind.ValueType", span.kind),
        start_time_unix_nano=span.start_time_unix_nano,
        end_time_unix_nano=span.end_time_unix_nano,
        attributes=attributes_from_json(span.attributes),
        dropped_attributes_count=span.dropped_attributes_count,
        events=[_event(event) for event in span.events_json],
        dropped_events_count=span.dropped_events_count,
        links=[_link(link) for link in span.links_json],
        dropped_links_count=span.dropped_links_count,
        status=None if extra.STATUS in more else status,
    )


def encode_log_record(record: LogRecord) -> OtlpLogRecord:
    """The record's own message; its resource and its scope are messages beside it."""
    more = record.extra_json
    return OtlpLogRecord(
        time_unix_nano=record.time_unix_nano,
        observed_time_unix_nano=record.observed_time_unix_nano,
        severity_number=cast("SeverityNumber.ValueType", record.severity_number),
        severity_text=record.severity_text,
        body=None if record.body is None else value_from_json(record.body),
        attributes=attributes_from_json(record.attributes),
        dropped_attributes_count=record.dropped_attributes_count,
        flags=record.flags,
        trace_id=bytes.fromhex(record.trace_id or str(more.get(extra.TRACE_ID, ""))),
        span_id=bytes.fromhex(record.span_id or str(more.get(extra.SPAN_ID, ""))),
        event_name=record.event_name,
    )


def _entity_ref(ref: Attributes) -> EntityRef:
    message = EntityRef()
    match ref:
        case {"schemaUrl": str(url), "type": str(type_), "idKeys": list(ids), "descriptionKeys": list(descriptions)}:
            message.schema_url = url
            message.type = type_
            message.id_keys.extend(str(key) for key in ids)
            message.description_keys.extend(str(key) for key in descriptions)
    return message


def _event(event: dict[str, Any]) -> OtlpSpan.Event:
    return OtlpSpan.Event(
        time_unix_nano=int(event["timeUnixNano"]),
        name=event["name"],
        attributes=make_attributes(event["attributes"]),
        dropped_attributes_count=event["droppedAttributesCount"],
    )


def _link(link: dict[str, Any]) -> OtlpSpan.Link:
    return OtlpSpan.Link(
        trace_id=bytes.fromhex(link["traceId"]),
        span_id=bytes.fromhex(link["spanId"]),
        trace_state=link["traceState"],
        attributes=make_attributes(link["attributes"]),
        dropped_attributes_count=link["droppedAttributesCount"],
        flags=link["flags"],
    )
