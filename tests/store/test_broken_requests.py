"""Whatever odd thing the receiver accepts is stored, and stands in nobody's way."""

from __future__ import annotations

import random
from collections.abc import Callable

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.store.database import Store
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.validity import span_problem
from tests.store.entries import Source
from tests.support.mutations import RECIPE_BYTES, mutated
from tests.support.otlp import span

_CASES = 3_000
_MESSAGES: dict[Signal, type[Message]] = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}


def test_broken_requests_that_are_still_requests_are_stored(
    store: Store, source: Source, index: Callable[[], None]
) -> None:
    seed = random.Random(2)  # noqa: S311 - nothing here is secret
    keys: set[tuple[bytes, bytes]] = set()
    accepted = 0
    for _ in range(_CASES):
        signal, body = mutated(seed.randbytes(RECIPE_BYTES))
        message = _MESSAGES[signal]()
        try:
            message.ParseFromString(body)
        except DecodeError:
            continue
        accepted += 1
        source.append_bytes(body, signal)
        if isinstance(message, ExportTraceServiceRequest):
            spans = (one for group in message.resource_spans for scope in group.scope_spans for one in scope.spans)
            keys.update((one.trace_id, one.span_id) for one in spans if span_problem(one) is None)
    last = span("good")
    source.append_spans(last)
    index()
    assert accepted > _CASES // 5
    assert source.quarantined == {}
    found = store.read(lambda cursor: cursor.execute("SELECT trace_id, span_id FROM spans").fetchall())
    keys.add((last.trace_id, last.span_id))
    assert sorted(found) == sorted((trace.hex(), id_.hex()) for trace, id_ in keys)
    [counted] = store.read(
        lambda cursor: cursor.execute(
            "SELECT (SELECT sum(span_count) FROM traces), (SELECT sum(span_count) FROM services),"
            " (SELECT sum(span_count) FROM trace_services)"
        ).fetchall()
    )
    assert counted == (len(keys),) * 3
