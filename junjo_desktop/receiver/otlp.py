"""The three OTLP services: what their requests hold, and how they are answered. Knows nothing of keys or journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from google.protobuf.descriptor import FileDescriptor
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from junjo_desktop.telemetry.decode_origin import service_name_of
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.validity import span_problem

_PROBLEMS_NAMED = 3


@dataclass(slots=True)
class Content:
    """What one request holds: storable items by service, and how often which problem made an item unstorable."""

    items_by_service: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def items(self) -> int:
        """How many can be stored."""
        return self.items_by_service.total()

    @property
    def rejected(self) -> int:
        """How many cannot."""
        return self.problems.total()

    @property
    def verdict(self) -> str:
        """What is wrong with the rejected ones, as a sentence."""
        named = "; ".join(f"{problem} ({count})" for problem, count in self.problems.most_common(_PROBLEMS_NAMED))
        return f"{self.rejected} of {self.rejected + self.items} were not stored: {named}."


@dataclass(frozen=True, slots=True)
class OtlpService:
    """One service with its only method, `Export`."""

    signal: Signal
    name: str
    read: Callable[[bytes], Content]
    """Parse a request. Raises `google.protobuf.message.DecodeError`."""


def partial_success(content: Content) -> bytes:
    """Return the response that says how many spans were left out, and why (only spans can be unstorable)."""
    return ExportTraceServiceResponse(
        partial_success=ExportTracePartialSuccess(rejected_spans=content.rejected, error_message=content.verdict)
    ).SerializeToString()


FULL_SUCCESS = b""
"""An empty response message, for each of the three services."""


def _read_traces(body: bytes) -> Content:
    content = Content()
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        stored = 0
        for scope in group.scope_spans:
            for span in scope.spans:
                problem = span_problem(span)
                if problem is None:
                    stored += 1
                else:
                    content.problems[problem] += 1
        if stored:
            content.items_by_service[service_name_of(group.resource)] += stored
    return content


def _read_logs(body: bytes) -> Content:
    content = Content()
    for group in ExportLogsServiceRequest.FromString(body).resource_logs:
        content.items_by_service[service_name_of(group.resource)] += sum(
            len(scope.log_records) for scope in group.scope_logs
        )
    return content


def _read_metrics(body: bytes) -> Content:
    content = Content()
    for group in ExportMetricsServiceRequest.FromString(body).resource_metrics:
        content.items_by_service[service_name_of(group.resource)] += sum(
            len(scope.metrics) for scope in group.scope_metrics
        )
    return content


def _full_name(file: FileDescriptor, service: str) -> str:
    return str(file.services_by_name[service].full_name)


OTLP_SERVICES = (
    OtlpService(Signal.TRACES, _full_name(trace_service_pb2.DESCRIPTOR, "TraceService"), _read_traces),
    OtlpService(Signal.LOGS, _full_name(logs_service_pb2.DESCRIPTOR, "LogsService"), _read_logs),
    OtlpService(Signal.METRICS, _full_name(metrics_service_pb2.DESCRIPTOR, "MetricsService"), _read_metrics),
)
