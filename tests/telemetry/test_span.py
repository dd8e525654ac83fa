"""The JSON of a stored span is the one that users of Junjo AI Studio know, and more."""

from __future__ import annotations

import math

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry.columns import LOG_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span, kind_name
from tests.support import otlp
from tests.telemetry.stored import decoded, joined


def one_span(sent: OtlpSpan) -> Span:
    request = otlp.trace_request(sent, resource={"host.name": "laptop"})
    request.resource_spans[0].schema_url = "https://example.org/resource"
    request.resource_spans[0].scope_spans[0].schema_url = "https://example.org/scope"
    request.resource_spans[0].scope_spans[0].scope.version = "1.2"
    batch = decoded(Signal.TRACES, request)
    return Span.from_row(joined(batch.spans[0], SPAN_COLUMNS, batch))


def test_the_whole_span_stands_in_its_json() -> None:
    sent = otlp.span(
        "Count",
        trace=otlp.trace_id(0xAB),
        id=otlp.span_id(0xCD),
        parent=otlp.span_id(0xEF),
        start_ns=1_795_156_880_097_079_664,
        duration_ns=1_500_001,
        attributes={"junjo.span_type": "node", "n": 1, "f": 2.0, "raw": b"\x01", "limit": math.inf},
        error="'boom!'",
    )
    sent.flags = 0x301
    sent.trace_state = "a=b"
    sent.dropped_events_count = 72
    event = sent.events.add(name="set_state", time_unix_nano=1_795_156_880_097_079_665)
    event.attributes.extend(otlp.key_values({"junjo.store.action": "set_n"}))
    sent.links.add(trace_id=otlp.trace_id(1), span_id=otlp.span_id(2), flags=256)

    assert one_span(sent).to_json() == {
        "trace_id": "000000000000000000000000000000ab",
        "span_id": "00000000000000cd",
        "parent_span_id": "00000000000000ef",
        "service_name": "shop",
        "name": "Count",
        "kind": "INTERNAL",
        "start_time": "2026-11-20T06:41:20.097079+00:00",
        "end_time": "2026-11-20T06:41:20.098579+00:00",
        "start_time_unix_nano": "1795156880097079664",
        "end_time_unix_nano": "1795156880098579665",
        "duration_ns": 1_500_001,
        "status_code": "2",
        "status_message": "'boom!'",
        "attributes_json": {
            "junjo.span_type": "node",
            "n": 1,
            "f": 2.0,
            "raw": {"bytesValue": "AQ=="},
            "limit": {"doubleValue": "Infinity"},
        },
        "events_json": [
            {
                "name": "set_state",
                "timeUnixNano": "1795156880097079665",
                "attributes": {"junjo.store.action": "set_n"},
                "droppedAttributesCount": 0,
            }
        ],
        "links_json": [
            {
                "traceId": "00000000000000000000000000000001",
                "spanId": "0000000000000002",
                "traceState": "",
                "attributes": {},
                "droppedAttributesCount": 0,
                "flags": 256,
            }
        ],
        "trace_flags": 1,
        "flags": 0x301,
        "trace_state": "a=b",
        "dropped_attributes_count": 0,
        "dropped_events_count": 72,
        "dropped_links_count": 0,
        "resource_attributes_json": {"service.name": "shop", "host.name": "laptop"},
        "resource_dropped_attributes_count": 0,
        "resource_schema_url": "https://example.org/resource",
        "scope": {"name": "tests", "version": "1.2", "attributes": {}, "dropped_attributes_count": 0},
        "scope_schema_url": "https://example.org/scope",
    }


def test_a_root_has_a_null_parent() -> None:
    assert one_span(otlp.span()).to_json()["parent_span_id"] is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [(0, "UNSPECIFIED"), (1, "INTERNAL"), (2, "SERVER"), (3, "CLIENT"), (4, "PRODUCER"), (5, "CONSUMER"), (77, "77")],
)
def test_kinds_have_the_names_of_otlp(kind: int, name: str) -> None:
    assert kind_name(kind) == name


def test_a_span_cannot_be_changed_after_reading() -> None:
    span = one_span(otlp.span())
    with pytest.raises(AttributeError):
        span.name = "other"  # type: ignore[misc]  # the point of the test


def test_a_log_record_without_a_time_has_none_in_json() -> None:
    request = otlp.logs_request({"role": "user"}, trace=otlp.trace_id(1))
    record = request.resource_logs[0].scope_logs[0].log_records[0]
    record.time_unix_nano = 0
    record.observed_time_unix_nano = 1_795_156_880_097_079_664
    batch = decoded(Signal.LOGS, request)
    document = LogRecord.from_row(joined(batch.logs[0], LOG_COLUMNS, batch)).to_json()
    assert (document["time"], document["time_unix_nano"]) == (None, "0")
    assert document["observed_time"] == "2026-11-20T06:41:20.097079+00:00"
    assert document["body_json"] == {"role": "user"}
    assert document["trace_id"] == otlp.trace_id(1).hex()
