"""The OpenTelemetry SDK sends, with its own batches, threads, compression and retries: everything is stored once."""

from __future__ import annotations

from collections import Counter
from threading import Thread

import grpc
import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, Tracer

from junjo_desktop.telemetry.intake import Signal
from tests.sdk.conftest import Running
from tests.sdk.observed import Item, sent, stored, stored_spans
from tests.sdk.proxy import proxy_to

THREADS = 4
TRACES_A_THREAD = 150
SPANS_A_TRACE = 5
RESOURCE = Resource.create({"service.name": "sdk", "service.instance.id": "one", "numbers": [1, 2, 3]})


class Sender:
    """A tracer provider that sends to a receiver, and shows the same spans to a collector in this process."""

    def __init__(self, port: int, api_key: str, compression: grpc.Compression | None = None) -> None:
        self.collector = InMemorySpanExporter()
        self._provider = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
        self._provider.add_span_processor(SimpleSpanProcessor(self.collector))
        exporter = OTLPSpanExporter(
            f"localhost:{port}", insecure=True, headers={"x-junjo-api-key": api_key}, compression=compression
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=50_000))
        self.tracer = self._provider.get_tracer("tests.sdk", "1.0", attributes={"scope": "yes"})

    def close(self) -> Counter[Item]:
        """Send the rest; return what the collector saw, as OTLP."""
        self._provider.shutdown()
        return sent(Signal.TRACES, [encode_spans(self.collector.get_finished_spans()).SerializeToString()])


def _work(tracer: Tracer, thread: int) -> None:
    for number in range(TRACES_A_THREAD):
        with tracer.start_as_current_span("request", kind=SpanKind.SERVER, attributes={"thread": thread}) as root:
            for step in range(SPANS_A_TRACE - 1):
                link = Link(root.get_span_context(), {"step": step})
                with tracer.start_as_current_span(f"step {step}", links=[link] if step % 2 else None) as span:
                    span.set_attributes(
                        {"text": "añ💩" * step, "flag": True, "ratio": 0.1 * step, "many": ["a", "b"], "big": 2**62}
                    )
                    span.set_attribute("nested", {"deep": [{"bytes": b"\x00\xff"}, None, 1.0]})
                    if (number + step) % 7 == 0:
                        span.record_exception(ValueError(f"trouble {number}"), {"extra": 1})
                        span.set_status(Status(StatusCode.ERROR, "trouble"))


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
def test_thousands_of_spans_from_several_threads_are_stored_exactly_once(
    running: Running, compression: grpc.Compression
) -> None:
    sender = Sender(running.port, running.api_key, compression)
    threads = [Thread(target=_work, args=(sender.tracer, number)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = sender.close()
    assert seen.total() == THREADS * TRACES_A_THREAD * SPANS_A_TRACE
    assert stored(running.engine, Signal.TRACES) == seen


def test_spans_that_the_sdk_sends_again_are_stored_once(running: Running) -> None:
    with proxy_to(running.port, lost_answers=2) as (proxy, port):
        sender = Sender(port, running.api_key)
        _work(sender.tracer, 0)
        seen = sender.close()
        assert proxy.lost == 2
        assert sent(Signal.TRACES, proxy.bodies(Signal.TRACES)).total() > seen.total()
    assert stored(running.engine, Signal.TRACES) == seen


def test_a_repeated_span_does_not_count_twice_anywhere(running: Running) -> None:
    with proxy_to(running.port, lost_answers=1) as (_, port):
        sender = Sender(port, running.api_key)
        _work(sender.tracer, 0)
        seen = sender.close()
    assert len(stored_spans(running.engine)) == seen.total()
    counts = running.engine.read(
        lambda cursor: cursor.execute(
            "SELECT (SELECT sum(span_count) FROM traces), (SELECT sum(span_count) FROM trace_services),"
            " (SELECT span_count FROM services WHERE service_name = 'sdk')"
        ).fetchone()
    )
    assert counts == (seen.total(), seen.total(), seen.total())


def test_spans_with_a_wrong_key_are_not_stored(running: Running) -> None:
    sender = Sender(running.port, "jk_wrong")
    _work(sender.tracer, 0)
    sender.close()
    assert not stored(running.engine, Signal.TRACES)


def test_log_records_and_metrics_are_stored_as_sent(running: Running) -> None:
    with proxy_to(running.port) as (proxy, port):
        to, headers = f"localhost:{port}", {"x-junjo-api-key": running.api_key}
        logs = LoggerProvider(resource=RESOURCE, shutdown_on_exit=False)
        logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(to, insecure=True, headers=headers)))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(to, insecure=True, headers=headers))
        meters = MeterProvider([reader], RESOURCE, shutdown_on_exit=False)
        logger, meter = logs.get_logger("tests.sdk"), meters.get_meter("tests.sdk")
        for number in range(1000):
            logger.emit(
                LogRecord(
                    timestamp=number,
                    severity_number=SeverityNumber.WARN,
                    body={"number": number, "list": [1, "two", None]},
                    attributes={"number": number},
                    event_name="counted",
                )
            )
        meter.create_counter("counted", unit="1").add(1000, {"a": "b"})
        meter.create_histogram("sizes").record(12.5)
        meter.create_gauge("level").set(-3)
        logs.shutdown()
        meters.shutdown()
        for signal in (Signal.LOGS, Signal.METRICS):
            seen = sent(signal, proxy.bodies(signal))
            assert seen.total() >= 3
            assert stored(running.engine, signal) == seen
