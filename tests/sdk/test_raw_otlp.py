"""Hand-made OTLP over the wire: whatever a request can carry comes out of the store again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.paths import DataDir
from junjo_desktop.telemetry.intake import Signal
from tests.sdk.conftest import Running, start
from tests.sdk.observed import Item, sent, stored
from tests.support import otlp
from tests.support.otlp_strategies import huge_values, logs_requests, metrics_requests, trace_requests
from tests.support.sending import Request, export

# All examples use one receiver: starting one costs a hundred times as much as a request.
ROUND_TRIP = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(DataDir(tmp_path_factory.mktemp("raw")))
    yield running
    running.engine.stop()


def _round_trip(running: Running, signal: Signal, request: Request) -> tuple[Counter[Item], Counter[Item]]:
    """Send a request; return what came out of the store for it, and what should have."""
    before = running.engine.indexer.position
    export(running.port, request, key=running.api_key)
    return stored(running.engine, signal, after=before), sent(signal, [request.SerializeToString()])


def _one_span_per_id(request: ExportTraceServiceRequest) -> ExportTraceServiceRequest:
    """Give every span an id of its own: what happens to repeated ids is another test's matter."""
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                span.span_id = otlp.span_id()
    return request


@ROUND_TRIP
@given(request=trace_requests().map(_one_span_per_id))
def test_arbitrary_spans_come_back_equal(shared: Running, request: ExportTraceServiceRequest) -> None:
    came_out, put_in = _round_trip(shared, Signal.TRACES, request)
    assert came_out == put_in


@ROUND_TRIP
@given(request=logs_requests())
def test_arbitrary_log_records_come_back_equal(shared: Running, request: ExportLogsServiceRequest) -> None:
    came_out, put_in = _round_trip(shared, Signal.LOGS, request)
    assert came_out == put_in


@ROUND_TRIP
@given(request=metrics_requests())
def test_arbitrary_metrics_come_back_equal(shared: Running, request: ExportMetricsServiceRequest) -> None:
    came_out, put_in = _round_trip(shared, Signal.METRICS, request)
    assert came_out == put_in


@settings(ROUND_TRIP, max_examples=5)
@given(values=st.lists(huge_values, min_size=1, max_size=3))
def test_strings_of_a_megabyte_come_back_equal(shared: Running, values: list[Any]) -> None:
    span = otlp.span("huge")
    for number, value in enumerate(values):
        span.attributes.add(key=f"huge {number}").value.CopyFrom(value)
    request = otlp.trace_request(span)
    came_out, put_in = _round_trip(shared, Signal.TRACES, request)
    assert came_out == put_in


def test_the_same_request_from_many_senders_at_once_is_stored_once(running: Running) -> None:
    request = otlp.trace_request(*(otlp.span(f"span {number}") for number in range(50)))
    with ThreadPoolExecutor(8) as senders:
        for outcome in [senders.submit(export, running.port, request, key=running.api_key) for _ in range(16)]:
            outcome.result()
    assert stored(running.engine, Signal.TRACES) == sent(Signal.TRACES, [request.SerializeToString()])


def test_of_a_span_sent_twice_the_later_one_stays(running: Running) -> None:
    trace, span = otlp.trace_id(), otlp.span_id()
    for name in ("first", "second"):
        export(running.port, otlp.trace_request(otlp.span(name, trace=trace, id=span)), key=running.api_key)
    last = otlp.trace_request(otlp.span("last", trace=trace, id=span), otlp.span("other", trace=trace))
    export(running.port, last, key=running.api_key)
    assert stored(running.engine, Signal.TRACES) == sent(Signal.TRACES, [last.SerializeToString()])


def test_acknowledged_spans_survive_a_stop_right_after(data_dir: DataDir) -> None:
    first = start(data_dir)
    request = otlp.trace_request(*(otlp.span(f"span {number}") for number in range(2000)))
    export(first.port, request, key=first.api_key)
    first.engine.stop()
    second = start(data_dir)
    try:
        assert stored(second.engine, Signal.TRACES) == sent(Signal.TRACES, [request.SerializeToString()])
    finally:
        second.engine.stop()
