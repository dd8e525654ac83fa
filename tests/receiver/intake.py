"""The whole intake as one object: journal, keys, reception and receiver, and how to send to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import grpc
from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.receiver.journal import Journal, JournalLimits
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.server import Receiver
from junjo_desktop.receiver.snippets import KEY_HEADER
from junjo_desktop.telemetry.intake import IntakeEntry, Refusal, RefusalReason

EXPORT_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
EXPORT_LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
EXPORT_METRICS = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
VALIDATE = "/ingestion.InternalAuthService/ValidateApiKey"

Metadata = tuple[tuple[str, str], ...]


class Intake:
    """Runs until `close`. `otlp_ports` are two free ports."""

    def __init__(
        self, folder: Path, *, limits: JournalLimits | None = None, reception: Reception | None = None
    ) -> None:
        self.journal = Journal(folder / "intake.sqlite3", limits=limits)
        self.api_keys = ApiKeys(folder / "state.sqlite3", MemorySecretStore())
        self.key = self.api_keys.create("tests")
        self.reception = reception or Reception()
        self.receiver = Receiver(self.journal, self.api_keys, self.reception)
        first, second, validator = self.receiver.start((0, 0), 0)
        self.otlp_ports = (first.port, second.port)
        self.validator_port = validator.port
        self._channels: dict[int, grpc.Channel] = {}

    @property
    def metadata(self) -> Metadata:
        """What a sender with a valid key sends along."""
        return ((KEY_HEADER, self.key.secret),)

    def channel(self, port: int | None = None) -> grpc.Channel:
        """A channel to one of the ports, made once."""
        port = port or self.otlp_ports[0]
        if port not in self._channels:
            options = (("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1))
            self._channels[port] = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        return self._channels[port]

    def call(
        self,
        method: str,
        body: bytes,
        *,
        metadata: Metadata | None = None,
        port: int | None = None,
        compression: grpc.Compression | None = None,
    ) -> bytes:
        """Send raw bytes to a method; return the raw answer."""
        stub: Callable[..., bytes] = self.channel(port).unary_unary(method)
        return stub(body, metadata=self.metadata if metadata is None else metadata, timeout=30, compression=compression)

    def export(self, request: Message, method: str = EXPORT_TRACES) -> ExportTraceServiceResponse:
        """Send a request with a valid key."""
        return ExportTraceServiceResponse.FromString(self.call(method, request.SerializeToString()))

    def refused(
        self,
        method: str,
        body: bytes,
        *,
        metadata: Metadata | None = None,
        port: int | None = None,
        compression: grpc.Compression | None = None,
    ) -> Refused:
        """Send what will be refused; return how."""
        try:
            answer = self.call(method, body, metadata=metadata, port=port, compression=compression)
        except grpc.RpcError as error:
            return refused_by(error)
        raise AssertionError(f"was not refused: {answer!r}")

    def entries(self) -> list[IntakeEntry]:
        """All that is in the journal."""
        return list(self.journal.read_after(0, 1 << 40))

    def refusal(self, reason: RefusalReason) -> Refusal:
        """What was counted for a reason."""
        return {refusal.reason: refusal for refusal in self.reception.snapshot().refusals}[reason]

    def refusals(self) -> dict[RefusalReason, int]:
        """How often each reason was counted."""
        return {refusal.reason: refusal.count for refusal in self.reception.snapshot().refusals}

    def close(self) -> None:
        """Stop everything."""
        for channel in self._channels.values():
            channel.close()
        self.receiver.stop(1.0)
        self.journal.close()
        self.api_keys.close()


class Refused:
    """How a call was refused."""

    def __init__(self, code: grpc.StatusCode, details: str, trailers: dict[str, str | bytes]) -> None:
        self.code = code
        self.details = details
        self.trailers = trailers


def refused_by(error: grpc.RpcError) -> Refused:
    """How a call was refused that ended with this error."""
    call = cast("grpc.Call", error)
    return Refused(call.code(), call.details() or "", dict(call.trailing_metadata()))
