"""Replays the sample recordings into a receiver, as if everything had happened in the last 24 hours.

A recording is one pretended day of one program: gzip over frames of one byte (the signal), four bytes (the length,
big-endian) and an OTLP export request. Replay sends each day several times: the copies happen a little earlier, take a
little more or less time, and have ids of their own, so that nothing is stored twice and links still meet.
"""

from __future__ import annotations

import gzip
import re
import struct
import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junjo_desktop.errors import UserError
from junjo_desktop.paths import resource_path
from junjo_desktop.receiver.snippets import KEY_HEADER
from junjo_desktop.telemetry.intake import Signal

if TYPE_CHECKING:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

COPIES = 3
"""How often each recorded day is told."""

_FRAME = struct.Struct(">BI")
_TIMEOUT_S = 30.0
# Ids of one run, beside trace and span ids. The same text anywhere else (a state, a graph) is renewed with them.
_JUNJO_ID = re.compile(r"\b[A-Za-z0-9]{21}\b")
_RENEWED_KEYS = frozenset({"gen_ai.response.id", "gen_ai.conversation.id", "session.id", "junjo.correlation.id"})


def recordings() -> list[Path]:
    """Return the recordings that come with the app."""
    return sorted(resource_path("samples").glob("*.otlp"))


def read_recording(path: Path) -> Iterator[tuple[Signal, bytes]]:
    """Yield the export requests of a recording in the order in which they were sent."""
    with gzip.open(path) as frames:
        while head := frames.read(_FRAME.size):
            signal, size = _FRAME.unpack(head)
            yield Signal(signal), frames.read(size)


def write_recording(path: Path, requests: Iterable[tuple[Signal, bytes]]) -> None:
    """Write a recording; the same requests give the same bytes."""
    frames = b"".join(_FRAME.pack(signal, len(body)) + body for signal, body in requests)
    path.write_bytes(gzip.compress(frames, compresslevel=9, mtime=0))


def replay(port: int, api_key: str | None, *, now_ns: int | None = None) -> int:
    """Send the sample telemetry to an OTLP/gRPC receiver on this computer, ending at `now_ns` (default: now).

    Returns how many spans the receiver has acknowledged. Raises `UserError` when it does not take them.
    """
    import grpc

    now_ns = time.time_ns() if now_ns is None else now_ns
    days = [_Day(path.stem, list(read_recording(path))) for path in recordings()]
    shift_ns = now_ns - max(day.last_ns for day in days) - 1_000_000_000
    metadata = [(KEY_HEADER, api_key)] if api_key else []
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            return sum(
                _send(channel, signal, request, metadata)
                for day in days
                for copy in range(COPIES)
                for signal, request in day.told_again(copy, shift_ns, now_ns)
            )
        except grpc.RpcError as error:
            call: Any = error
            raise UserError(
                f"The sample telemetry was not taken by port {port} ({call.code().name}: {call.details()}).",
                "Check that the app listens there and that the key is one of its keys.",
            ) from error


def _send(channel: Any, signal: Signal, request: Any, metadata: list[tuple[str, str]]) -> int:
    """Send one request; return the number of spans acknowledged with it."""
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

    stub: Any = {Signal.TRACES: TraceServiceStub, Signal.LOGS: LogsServiceStub, Signal.METRICS: MetricsServiceStub}
    answer = stub[signal](channel).Export(request, timeout=_TIMEOUT_S, metadata=metadata)
    if signal is not Signal.TRACES:
        return 0
    return sum(1 for _ in _spans(request)) - int(answer.partial_success.rejected_spans)


class _Day:
    """One recording, parsed."""

    def __init__(self, name: str, requests: list[tuple[Signal, bytes]]) -> None:
        self._name = name
        self._requests = [(signal, _parse(signal, body)) for signal, body in requests]
        self._trace_start: dict[bytes, int] = {}
        self.last_ns = 0
        for signal, request in self._requests:
            if signal is Signal.TRACES:
                for span in _spans(request):
                    start = self._trace_start.get(span.trace_id, span.start_time_unix_nano)
                    self._trace_start[span.trace_id] = min(start, span.start_time_unix_nano)
                    self.last_ns = max(self.last_ns, span.end_time_unix_nano)

    def told_again(self, copy: int, shift_ns: int, run: int) -> Iterator[tuple[Signal, Any]]:
        """Yield the day's requests moved by `shift_ns`, as copy number `copy` of the replay called `run`.

        Copy 0 keeps every duration. Metrics belong to it alone: counters told twice would count twice.
        """
        telling = _Telling(f"{self._name}/{copy}/{run}".encode(), copy, shift_ns, self._trace_start)
        for signal, recorded in self._requests:
            if signal is Signal.METRICS and copy:
                continue
            request = type(recorded)()
            request.CopyFrom(recorded)
            if signal is Signal.TRACES:
                telling.retell_spans(request)
            elif signal is Signal.LOGS:
                telling.retell_logs(request)
            else:
                telling.retell_metrics(request)
            yield signal, request


class _Telling:
    """The one rule that turns recorded ids and times into those of a copy."""

    def __init__(self, salt: bytes, copy: int, shift_ns: int, trace_start: dict[bytes, int]) -> None:
        self._key = blake2b(salt, digest_size=16).digest()
        self._copy = copy
        # Copies happen 11 to 38 minutes before each other, so that the day is not told in bars.
        self._shift_ns = shift_ns - copy * (660_000 + self._draw(b"earlier") * 6_353) * 1_000_000
        self._trace_start = trace_start

    def retell_spans(self, request: ExportTraceServiceRequest) -> None:
        for span in _spans(request):
            trace = span.trace_id
            span.start_time_unix_nano = self._moment(span.start_time_unix_nano, trace)
            span.end_time_unix_nano = self._moment(span.end_time_unix_nano, trace)
            span.trace_id, span.span_id = self._id(trace), self._id(span.span_id)
            span.parent_span_id = self._id(span.parent_span_id)
            self._retell_attributes(span.attributes)
            for event in span.events:
                event.time_unix_nano = self._moment(event.time_unix_nano, trace)
                self._retell_attributes(event.attributes)
            for link in span.links:
                link.trace_id, link.span_id = self._id(link.trace_id), self._id(link.span_id)

    def retell_logs(self, request: ExportLogsServiceRequest) -> None:
        for resource in request.resource_logs:
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    record.time_unix_nano = self._moment(record.time_unix_nano, record.trace_id)
                    record.observed_time_unix_nano = self._moment(record.observed_time_unix_nano, record.trace_id)
                    record.trace_id, record.span_id = self._id(record.trace_id), self._id(record.span_id)
                    self._retell_attributes(record.attributes)

    def retell_metrics(self, request: ExportMetricsServiceRequest) -> None:
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in getattr(metric, metric.WhichOneof("data") or "gauge").data_points:
                        point.start_time_unix_nano = self._moment(point.start_time_unix_nano, b"")
                        point.time_unix_nano = self._moment(point.time_unix_nano, b"")

    def _moment(self, recorded_ns: int, trace: bytes) -> int:
        if not recorded_ns:
            return 0
        start = self._trace_start.get(trace, recorded_ns)
        # 60 % to 170 % of the recorded duration, the same for everything in one trace.
        percent = 60 + self._draw(trace) * 110 // 255 if self._copy else 100
        return start + self._shift_ns + (recorded_ns - start) * percent // 100

    def _id(self, recorded: bytes) -> bytes:
        return blake2b(recorded, digest_size=len(recorded), key=self._key).digest() if recorded else b""

    def _text_id(self, recorded: str) -> str:
        """Renew the part behind the last - or _, letter by letter: `session-3f1c` becomes `session-b20e`."""
        kept = max(recorded.rfind("-"), recorded.rfind("_")) + 1
        drawn = blake2b(recorded.encode(), digest_size=32, key=self._key).hexdigest()
        return recorded[:kept] + drawn[: len(recorded) - kept]

    def _retell_attributes(self, attributes: Iterable[KeyValue]) -> None:
        for attribute in attributes:
            value: AnyValue = attribute.value
            if attribute.key in _RENEWED_KEYS:
                value.string_value = self._text_id(value.string_value)
            elif value.string_value and (attribute.key.startswith("junjo.") or attribute.key == "id"):
                value.string_value = _JUNJO_ID.sub(lambda found: self._text_id(found[0]), value.string_value)

    def _draw(self, what: bytes) -> int:
        return blake2b(what, digest_size=1, key=self._key).digest()[0]


def _parse(signal: Signal, body: bytes) -> Any:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    requests: dict[Signal, Any] = {
        Signal.TRACES: ExportTraceServiceRequest,
        Signal.LOGS: ExportLogsServiceRequest,
        Signal.METRICS: ExportMetricsServiceRequest,
    }
    return requests[signal].FromString(body)


def _spans(request: ExportTraceServiceRequest) -> Iterator[Any]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans
