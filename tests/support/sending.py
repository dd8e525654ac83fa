"""Sends OTLP as a program does: over real gRPC, until it is acknowledged."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from junjo_desktop.receiver.snippets import KEY_HEADER

Request: TypeAlias = ExportTraceServiceRequest | ExportLogsServiceRequest | ExportMetricsServiceRequest

TIMEOUT_S = 60.0

_STUBS: dict[type, Any] = {  # the generated classes have no annotations
    ExportTraceServiceRequest: TraceServiceStub,
    ExportLogsServiceRequest: LogsServiceStub,
    ExportMetricsServiceRequest: MetricsServiceStub,
}


def export(port: int, *requests: Request, key: str | None = None) -> None:
    """Send the requests, one after the other on one connection; each must be taken whole.

    Raises `grpc.RpcError` for the first one that is refused.
    """
    metadata = ((KEY_HEADER, key),) if key else ()
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.max_send_message_length", -1)]) as channel:
        for request in requests:
            answer = _STUBS[type(request)](channel).Export(request, metadata=metadata, timeout=TIMEOUT_S)
            assert answer.ByteSize() == 0, answer
