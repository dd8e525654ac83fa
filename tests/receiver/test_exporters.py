"""The real exporters: nothing lost, nothing twice, and refusals in words their users can read."""

from __future__ import annotations

import grpc
import pytest
from junjo.telemetry.junjo_otel_exporter import JunjoOtelExporter
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from junjo_desktop.receiver.snippets import KEY_HEADER
from junjo_desktop.telemetry.intake import RefusalReason, Signal
from tests.receiver.intake import Intake
from tests.support.child import run_child
from tests.support.eventually import eventually

SPANS = 3_000


def _received_span_ids(intake: Intake) -> list[bytes]:
    return [
        span.span_id
        for entry in intake.entries()
        if entry.signal is Signal.TRACES
        for group in ExportTraceServiceRequest.FromString(entry.body).resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def _make_spans(processor: SpanProcessor, count: int) -> list[bytes]:
    provider = TracerProvider(resource=Resource.create({"service.name": "real"}), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("tests")
    made = []
    for number in range(count):
        with tracer.start_as_current_span(f"span {number}", attributes={"text": "x" * 100}) as span:
            made.append(span.get_span_context().span_id.to_bytes(8, "big"))
    assert provider.force_flush()
    provider.shutdown()
    return made


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
def test_the_batch_processor_loses_nothing_and_sends_nothing_twice(
    intake: Intake, compression: grpc.Compression
) -> None:
    exporter = OTLPSpanExporter(
        endpoint=f"127.0.0.1:{intake.otlp_ports[0]}",
        headers={KEY_HEADER: intake.key.secret},
        insecure=True,
        compression=compression,
    )
    made = _make_spans(BatchSpanProcessor(exporter, max_queue_size=2 * SPANS), SPANS)
    assert sorted(_received_span_ids(intake)) == sorted(made)
    assert intake.reception.snapshot().spans == SPANS
    assert intake.refusals() == {}


def test_the_junjo_exporter_is_received(intake: Intake) -> None:
    exporter = JunjoOtelExporter(
        endpoint=f"localhost:{intake.otlp_ports[0]}", api_key=str(intake.key.secret), insecure=True
    )
    made = _make_spans(exporter.span_processor, 5)
    assert _received_span_ids(intake) == made


def test_logs_and_metrics_are_received(intake: Intake) -> None:
    endpoint = f"127.0.0.1:{intake.otlp_ports[0]}"
    headers = {KEY_HEADER: str(intake.key.secret)}
    logs = LoggerProvider(shutdown_on_exit=False)
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(endpoint, insecure=True, headers=headers)))
    logs.get_logger("tests").emit(body="hello")
    logs.shutdown()
    metrics = MeterProvider(
        [PeriodicExportingMetricReader(OTLPMetricExporter(endpoint, insecure=True, headers=headers))],
        shutdown_on_exit=False,
    )
    metrics.get_meter("tests").create_counter("calls").add(1)
    metrics.shutdown()
    assert [entry.signal for entry in intake.entries()] == [Signal.LOGS, Signal.METRICS]
    seen = intake.reception.snapshot()
    assert (seen.log_records, seen.metrics) == (1, 1)


_EXPORT_WITH_A_WRONG_KEY = """
import logging, sys
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

logging.basicConfig(stream=sys.stdout)
exporter = OTLPSpanExporter(endpoint=f"127.0.0.1:{sys.argv[1]}", headers={"x-junjo-api-key": "jd_x"}, insecure=True)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter))
provider.get_tracer("tests").start_span("refused").end()
provider.shutdown()
"""


def test_a_developer_with_a_wrong_key_reads_why_at_once(intake: Intake) -> None:
    read = run_child(_EXPORT_WITH_A_WRONG_KEY, intake.otlp_ports[0])
    assert "UNAUTHENTICATED" in read
    assert "not known here" in read
    assert "junjo-desktop keys create" in read
    assert intake.refusals() == {RefusalReason.WRONG_KEY: 1}, "it is not tried again"
    assert "From OTel-OTLP-Exporter-Python/" in intake.refusal(RefusalReason.WRONG_KEY).detail


def test_a_developer_who_speaks_tls_is_seen(intake: Intake) -> None:
    exporter = OTLPSpanExporter(
        endpoint=f"https://127.0.0.1:{intake.otlp_ports[0]}", headers={KEY_HEADER: intake.key.secret}, timeout=0.5
    )
    provider = TracerProvider(shutdown_on_exit=False)
    processor = BatchSpanProcessor(exporter)
    provider.add_span_processor(processor)
    provider.get_tracer("tests").start_span("lost").end()
    provider.shutdown()
    assert eventually(lambda: intake.refusals().keys() == {RefusalReason.TLS})
    assert intake.entries() == []
