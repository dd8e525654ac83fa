"""What was received is what is stored: request → rows → the same message again."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Gauge, Metric, NumberDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry.columns import (
    LOG_COLUMNS,
    METRIC_COLUMNS,
    RESOURCE_COLUMNS,
    SCOPE_COLUMNS,
    SPAN_COLUMNS,
)
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.encode import encode_log_record, encode_resource, encode_scope, encode_span
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span
from junjo_desktop.telemetry.validity import span_problem
from tests.support import otlp
from tests.support.otlp_strategies import (
    any_ids,
    huge_values,
    logs_requests,
    metrics_requests,
    span_ids,
    spans,
    trace_ids,
    trace_requests,
)
from tests.telemetry.stored import PATIENT, RECEIVED_NS, SEQ, decoded, joined

SCHEMA = Path(__file__).parents[2] / "junjo_desktop" / "store" / "migrations" / "0001_telemetry.sql"
TABLES = {
    "spans": SPAN_COLUMNS,
    "logs": LOG_COLUMNS,
    "metrics": METRIC_COLUMNS,
    "resources": RESOURCE_COLUMNS,
    "scopes": SCOPE_COLUMNS,
}


def stored_spans(request: ExportTraceServiceRequest) -> list[Span]:
    batch = decoded(Signal.TRACES, request)
    return [Span.from_row(joined(row, SPAN_COLUMNS, batch)) for row in batch.spans]


def one_span(span: OtlpSpan) -> Span:
    (stored,) = stored_spans(otlp.trace_request(span))
    return stored


def _rebuilt(spans_: list[Span]) -> list[tuple[bytes | None, str, bytes | None, str, bytes]]:
    rebuilt = []
    for span in spans_:
        resource, scope = encode_resource(span.resource), encode_scope(span.scope)
        rebuilt.append(
            (
                None if resource is None else resource.SerializeToString(),
                span.resource.schema_url,
                None if scope is None else scope.SerializeToString(),
                span.scope.schema_url,
                encode_span(span).SerializeToString(),
            )
        )
    return rebuilt


@PATIENT
@given(trace_requests())
def test_every_span_comes_back_equal_with_its_resource_and_scope(request: ExportTraceServiceRequest) -> None:
    sent = [
        (
            group.resource.SerializeToString() if group.HasField("resource") else None,
            group.schema_url,
            scope_group.scope.SerializeToString() if scope_group.HasField("scope") else None,
            scope_group.schema_url,
            span.SerializeToString(),
        )
        for group in request.resource_spans
        for scope_group in group.scope_spans
        for span in scope_group.spans
    ]
    assert _rebuilt(stored_spans(request)) == sent


@PATIENT
@given(spans())
def test_a_stored_span_is_json(span: OtlpSpan) -> None:
    stored = one_span(span)
    document = json.loads(json.dumps(stored.to_json(), allow_nan=False))
    assert int(document["start_time_unix_nano"]) == span.start_time_unix_nano
    assert int(document["end_time_unix_nano"]) == span.end_time_unix_nano
    assert document["duration_ns"] == span.end_time_unix_nano - span.start_time_unix_nano


@settings(PATIENT, max_examples=8)
@given(huge_values, spans())
def test_a_value_of_a_megabyte_comes_back_equal(value: AnyValue, span: OtlpSpan) -> None:
    span.attributes.append(KeyValue(key="huge", value=value))
    assert encode_span(one_span(span)).SerializeToString() == span.SerializeToString()


@PATIENT
@given(logs_requests())
def test_every_log_record_comes_back_equal(request: ExportLogsServiceRequest) -> None:
    batch = decoded(Signal.LOGS, request)
    sent = [record for group in request.resource_logs for scope in group.scope_logs for record in scope.log_records]
    stored = [LogRecord.from_row(joined(row, LOG_COLUMNS, batch)) for row in batch.logs]
    assert [encode_log_record(record).SerializeToString() for record in stored] == [s.SerializeToString() for s in sent]
    json.dumps([record.to_json() for record in stored], allow_nan=False)


@PATIENT
@given(metrics_requests())
def test_every_metric_is_kept_as_its_message(request: ExportMetricsServiceRequest) -> None:
    batch = decoded(Signal.METRICS, request)
    sent = [metric for group in request.resource_metrics for scope in group.scope_metrics for metric in scope.metrics]
    at = METRIC_COLUMNS.index("metric")
    assert [row[at] for row in batch.metrics] == [metric.SerializeToString() for metric in sent]


@PATIENT
@given(st.builds(OtlpSpan, trace_id=st.one_of(trace_ids, any_ids), span_id=st.one_of(span_ids, any_ids)))
def test_only_a_span_without_a_usable_key_is_passed_over(span: OtlpSpan) -> None:
    usable = len(span.trace_id) == 16 and any(span.trace_id) and len(span.span_id) == 8 and any(span.span_id)
    assert (span_problem(span) is None) == usable
    assert len(stored_spans(otlp.trace_request(span))) == usable


@settings(PATIENT, max_examples=25)
@given(trace_requests(), logs_requests(), metrics_requests())
def test_rows_fit_the_tables(
    traces: ExportTraceServiceRequest, logs: ExportLogsServiceRequest, metrics: ExportMetricsServiceRequest
) -> None:
    batches = [decoded(Signal.TRACES, traces), decoded(Signal.LOGS, logs), decoded(Signal.METRICS, metrics)]
    rows = {
        "spans": [row for batch in batches for row in batch.spans],
        "logs": [row for batch in batches for row in batch.logs],
        "metrics": [row for batch in batches for row in batch.metrics],
        "resources": list({id_: row for batch in batches for id_, row in batch.resources.items()}.values()),
        "scopes": list({id_: row for batch in batches for id_, row in batch.scopes.items()}.values()),
    }
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, columns in TABLES.items():
            with connection.appender(table) as appender:
                appender.append_rows(rows[table])
            query = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - the names are our own constants
            kept = connection.execute(query).fetchall()
            assert kept == rows[table]


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_schema(table: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        names = connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
        ).fetchall()
    assert tuple(name for (name,) in names) == TABLES[table]


def test_a_root_has_no_parent_and_a_parent_of_zeros_is_remembered() -> None:
    assert one_span(otlp.span(parent=b"")).parent_span_id is None
    assert one_span(otlp.span(parent=otlp.span_id(5))).parent_span_id == "0000000000000005"
    zeros = one_span(otlp.span(parent=bytes(8)))
    assert zeros.parent_span_id is None
    assert encode_span(zeros).parent_span_id == bytes(8)


def test_no_status_and_an_empty_status_stay_different() -> None:
    without, empty = otlp.span(), otlp.span()
    empty.status.SetInParent()
    assert not encode_span(one_span(without)).HasField("status")
    assert encode_span(one_span(empty)).HasField("status")
    assert one_span(empty).extra is None


def test_times_that_no_column_holds_are_exact_in_what_comes_back() -> None:
    span = otlp.span(start_ns=2**64 - 1000, duration_ns=999)
    stored = one_span(span)
    assert stored.start_ns == stored.end_ns == 2**63 - 1
    assert stored.duration_ns == 999
    assert stored.to_json()["end_time_unix_nano"] == "18446744073709551615"
    assert stored.to_json()["start_time"] == "2554-07-21T23:34:33.709550+00:00"


def test_a_duration_that_no_column_holds_stops_at_the_limit() -> None:
    backwards = otlp.span(start_ns=2**64 - 1, duration_ns=0)
    backwards.end_time_unix_nano = 0
    assert one_span(backwards).duration_ns == -(2**63)
    assert one_span(backwards).to_json()["duration_ns"] == -(2**64) + 1


@pytest.mark.parametrize("service", [None, "", 7])
def test_a_service_without_a_name_is_unknown(service: otlp.Value) -> None:
    request = otlp.trace_request(otlp.span())
    del request.resource_spans[0].resource.attributes[:]
    request.resource_spans[0].resource.attributes.extend(otlp.key_values({"service.name": service}))
    (stored,) = stored_spans(request)
    assert stored.service_name == stored.resource.service_name == "unknown_service"


def test_resources_that_differ_in_anything_are_different() -> None:
    requests = [otlp.trace_request(otlp.span(), resource={"host": host}) for host in ("a", "b")]
    requests += [otlp.trace_request(otlp.span(), resource={"host": "a"}) for _ in range(4)]
    requests[2].resource_spans[0].schema_url = "https://opentelemetry.io/schemas/1.44.0"
    requests[3].resource_spans[0].resource.dropped_attributes_count = 1
    requests[4].resource_spans[0].ClearField("resource")
    requests[5].resource_spans[0].resource.Clear()
    ids = [stored_spans(request)[0].resource_id for request in requests]
    assert len(set(ids)) == len(ids)
    again = stored_spans(otlp.trace_request(otlp.span(), resource={"host": "a"}))[0].resource_id
    assert again == ids[0]


def test_one_resource_sends_spans_and_logs() -> None:
    from_spans = decoded(Signal.TRACES, otlp.trace_request(otlp.span(), service="shop"))
    from_logs = decoded(Signal.LOGS, otlp.logs_request("hello", service="shop"))
    assert from_spans.resources == from_logs.resources


def test_rows_carry_where_and_when_they_arrived() -> None:
    stored = one_span(otlp.span())
    assert (stored.received_ns, stored.arrival) == (RECEIVED_NS, SEQ)


@pytest.mark.parametrize(
    ("body", "stored", "text"),
    [("a\nb", '"a\\nb"', "a\nb"), ({"a": 1}, '{"a":1}', '{"a":1}'), (None, "null", ""), ("", '""', "")],
)
def test_a_log_body_is_stored_for_programs_and_for_people(body: otlp.Value, stored: str, text: str) -> None:
    (row,) = decoded(Signal.LOGS, otlp.logs_request(body)).logs
    assert row[LOG_COLUMNS.index("body")] == stored
    assert row[LOG_COLUMNS.index("body_text")] == text


def test_a_log_record_without_a_trace_belongs_to_none() -> None:
    (loose,) = decoded(Signal.LOGS, otlp.logs_request("x")).logs
    (bound,) = decoded(Signal.LOGS, otlp.logs_request("x", trace=otlp.trace_id(9))).logs
    assert loose[LOG_COLUMNS.index("trace_id")] is None
    assert bound[LOG_COLUMNS.index("trace_id")] == otlp.trace_id(9).hex()


def test_a_metric_says_what_it_holds() -> None:
    points = [NumberDataPoint(time_unix_nano=time, as_int=1) for time in (30, 10, 20)]
    request = ExportMetricsServiceRequest()
    scope_metrics = request.resource_metrics.add().scope_metrics.add()
    scope_metrics.metrics.append(Metric(name="queue", unit="1", gauge=Gauge(data_points=points)))
    (row,) = decoded(Signal.METRICS, request).metrics
    kept = dict(zip(METRIC_COLUMNS, row, strict=True))
    assert (kept["type"], kept["point_count"], kept["first_ns"], kept["last_ns"]) == ("gauge", 3, 10, 30)


def test_a_body_that_is_no_request_is_an_error() -> None:
    with pytest.raises(DecodeError):
        decode(IntakeEntry(1, Signal.TRACES, 0, b"\xff\xff"))
