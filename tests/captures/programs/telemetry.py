"""OpenTelemetry's SDK as a program sets it up, sending spans and log records to a collector on this computer."""

from __future__ import annotations

from opentelemetry import _logs, trace
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor


class Telemetry:
    """The providers of spans and logs, set as the program's own."""

    def __init__(self, collector: str) -> None:
        self.collector = collector
        resource = Resource({"service.name": "guide"})
        self.tracers = TracerProvider(resource=resource)
        self.spans = SimpleSpanProcessor(OTLPSpanExporter(endpoint=collector, insecure=True))
        self.tracers.add_span_processor(self.spans)
        self.loggers = LoggerProvider(resource=resource)
        exporter = OTLPLogExporter(endpoint=collector, insecure=True)
        self.loggers.add_log_record_processor(SimpleLogRecordProcessor(exporter))

    def set_global(self) -> None:
        """Make the providers those of the whole program."""
        trace.set_tracer_provider(self.tracers)
        _logs.set_logger_provider(self.loggers)

    def flush(self) -> None:
        """Send what was not sent yet."""
        self.tracers.force_flush()
        self.loggers.force_flush()
