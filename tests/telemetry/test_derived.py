"""What is read again from a stored span is what was read when it arrived."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.telemetry.columns import SPAN_COLUMNS
from junjo_desktop.telemetry.decode import DecodedBatch, decode
from junjo_desktop.telemetry.derived import SENT_COLUMNS, DamagedTextError, Derived, derive, service_name_in
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support import otlp
from tests.support.otlp_strategies import trace_requests

_SENT = [SPAN_COLUMNS.index(name) for name in SENT_COLUMNS]
_DERIVED = [SPAN_COLUMNS.index(name) for name in Derived._fields]
_SERVICE = SPAN_COLUMNS.index("service_name")
_RESOURCE = SPAN_COLUMNS.index("resource_id")


def _decoded(request: ExportTraceServiceRequest) -> DecodedBatch:
    return decode(IntakeEntry(1, Signal.TRACES, 1, request.SerializeToString()))


def _check(batch: DecodedBatch) -> None:
    attributes_of = {resource_id: str(row[2]) for resource_id, row in batch.resources.items()}
    for row in batch.spans:
        again = derive(*(row[at] for at in _SENT))  # type: ignore[arg-type]  # rows are tuples of objects
        arrived = [row[at] for at in _DERIVED]
        # `True == 1`, so the types are compared as well.
        assert [(value, type(value)) for value in again] == [(value, type(value)) for value in arrived]
        assert service_name_in(attributes_of[str(row[_RESOURCE])]) == row[_SERVICE]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trace_requests())
def test_any_span_means_the_same_when_it_is_read_again(request: ExportTraceServiceRequest) -> None:
    _check(_decoded(request))


def test_spans_of_every_kind_mean_the_same_when_they_are_read_again() -> None:
    twice = otlp.span("a key comes twice", attributes={"junjo.span_type": "node"})
    twice.attributes.extend(otlp.key_values({"junjo.span_type": "workflow", "junjo.id": "r1"}))
    escaped = otlp.span("its only key is an escape", attributes={"kvlistValue": {"junjo.span_type": "workflow"}})
    failed = otlp.span("an exception", attributes={"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "12"})
    failed.events.add(name="first")
    failed.events.add(name="exception")
    backwards = otlp.span("ends before it starts", start_ns=10, duration_ns=-9)
    endless = otlp.span("for ever", start_ns=0)
    endless.end_time_unix_nano = 2**64 - 1
    late = otlp.span("beyond every column", start_ns=2**63 + 5, duration_ns=7)
    unnamed = otlp.trace_request(otlp.span("no service"), service="")
    named = otlp.trace_request(twice, escaped, failed, backwards, endless, late)
    named.resource_spans[0].resource.attributes.extend(otlp.key_values({"service.name": "the first one counts"}))
    for request in (named, unnamed):
        batch = _decoded(request)
        assert batch.spans
        _check(batch)


@pytest.mark.parametrize("attributes", ["", "{", "3", "[]", "null"])
def test_text_that_is_no_json_object_is_told_apart(attributes: str) -> None:
    with pytest.raises(DamagedTextError):
        derive(attributes, "[]", 0, 1, 2, None)
    with pytest.raises(DamagedTextError):
        service_name_in(attributes)


@pytest.mark.parametrize("events", ["", "[", "3", "[3]", '[{"title":"no name"}]'])
def test_events_that_are_not_ours_are_told_apart(events: str) -> None:
    with pytest.raises(DamagedTextError):
        derive("{}", events, 0, 1, 2, None)
