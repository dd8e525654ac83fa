"""A pretended day of a program: its clock, its services, and the exporters that send what they observe."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.util.types import AnyValue

from resources.samples.programs.clock import Clock, PretendLoop, pretend

_NEVER_MS = 3_600_000


class _DrawnIds(IdGenerator):
    def __init__(self, draw: random.Random) -> None:
        self._draw = draw

    def generate_span_id(self) -> int:
        return self._draw.getrandbits(64) or 1

    def generate_trace_id(self) -> int:
        return self._draw.getrandbits(128) or 1


class Service:
    """One service as OpenTelemetry sees it: a resource, a tracer, a logger, a meter."""

    def __init__(self, day: Day, attributes: Mapping[str, str | int], scope: str, *, sends: bool) -> None:
        self._clock = day.clock
        resource = Resource.create(dict(attributes))
        self.spans = TracerProvider(resource=resource, id_generator=_DrawnIds(day.draw), shutdown_on_exit=False)
        self.logs = LoggerProvider(resource=resource, shutdown_on_exit=False)
        readers = []
        if sends:
            to, key = day.endpoint, {"x-junjo-api-key": day.api_key}
            self.spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(to, insecure=True, headers=key)))
            self.logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(to, insecure=True, headers=key)))
            readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(to, insecure=True, headers=key), _NEVER_MS))
        self.metrics = MeterProvider(readers, resource, shutdown_on_exit=False)
        self.tracer = self.spans.get_tracer(scope, "1.4.0")
        self.logger = self.logs.get_logger(scope, "1.4.0")
        self.meter = self.metrics.get_meter(scope, "1.4.0")

    def log(self, severity: SeverityNumber, text: str, **attributes: AnyValue) -> None:
        """Write a line to the log; it belongs to the span in progress."""
        self.logger.emit(
            LogRecord(
                timestamp=self._clock.time_ns(),
                severity_number=severity,
                severity_text=severity.name,
                body=text,
                attributes=attributes,
            )
        )

    def close(self) -> None:
        """Send what is left. Metrics are sent only when something was measured."""
        self.spans.shutdown()
        self.logs.shutdown()
        self.metrics.shutdown()


class Day:
    """What a program gets: pretended time, drawn numbers that are the same in every recording, and services."""

    def __init__(self, endpoint: str, api_key: str, seed: int, clock: Clock) -> None:
        self.endpoint = endpoint
        self.api_key = api_key
        self.draw = random.Random(seed)  # noqa: S311 - sample data, not secrets
        self.clock = clock
        self._services: list[Service] = []

    def service(
        self, name: str, version: str, instance: str, *, scope: str = "", sends: bool = True, **more: str | int
    ) -> Service:
        """Start a service. One that does not send still passes its trace context on."""
        attributes = {
            "service.name": name,
            "service.version": version,
            "service.instance.id": instance,
            "service.namespace": "shop",
            "deployment.environment.name": "staging",
            **{key.replace("__", "."): value for key, value in more.items()},
        }
        started = Service(self, attributes, scope or name, sends=sends)
        self._services.append(started)
        return started

    async def until(self, hour: float) -> None:
        """Wait for an hour of the day (0 to 24) and up to three minutes more; at once when it has passed."""
        await asyncio.sleep(max(0.0, hour * 3600 + self.draw.uniform(0, 180) - self.clock.seconds))

    async def work(self, seconds: float) -> None:
        """Take about so long: sometimes less, sometimes half as much again."""
        await asyncio.sleep(seconds * self.draw.uniform(0.75, 1.5))

    def close(self) -> None:
        """Send what the services still hold."""
        for service in self._services:
            service.close()


def junjo_service(day: Day, name: str, version: str, instance: str) -> Service:
    """Start the one service of this process that runs Junjo: the SDK uses the global tracer provider."""
    from junjo.telemetry.junjo_otel_exporter import JunjoOtelExporter

    service = day.service(name, version, instance, scope="openinference.instrumentation.openai", sends=False)
    exporter = JunjoOtelExporter(endpoint=day.endpoint, api_key=day.api_key, insecure=True)
    service.spans.add_span_processor(exporter.span_processor)
    trace.set_tracer_provider(service.spans)
    return service


def run(program: Callable[[Day], Awaitable[None]], seed: int) -> None:
    """Live through `program`'s day, sending to the endpoint and with the key of the command line."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("endpoint", help="host:port of an OTLP/gRPC receiver")
    arguments.add_argument("--api-key", default="sample")
    given = arguments.parse_args()
    # One flush at the end: request boundaries then do not depend on how fast this machine is.
    os.environ["OTEL_BSP_SCHEDULE_DELAY"] = os.environ["OTEL_BLRP_SCHEDULE_DELAY"] = str(_NEVER_MS)
    clock = Clock()
    day = Day(given.endpoint, given.api_key, seed, clock)
    pretend(clock, seed)
    with asyncio.Runner(loop_factory=lambda: PretendLoop(clock)) as runner:
        runner.run(_live(program, day))


async def _live(program: Callable[[Day], Awaitable[None]], day: Day) -> None:
    await program(day)
    # Before the loop ends what is still in progress: those spans are never sent, as when a process is killed.
    day.close()
