"""One real span through our own front door: gRPC, key check, journal, indexer, store. Qt-free; every step blocks."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from junjo_desktop.errors import UserError
from junjo_desktop.features.connect.queries import is_span_stored, is_trace_listed
from junjo_desktop.receiver.snippets import KEY_HEADER

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.workbench import Backend

SERVICE_NAME = "junjo-desktop"
SPAN_NAME = "Test span"

_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

_REFUSED_STEPS = {
    grpc.StatusCode.UNAUTHENTICATED: "Create a new key, or choose another one.",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "The intake is overloaded at the moment. Try again in a little while.",
    grpc.StatusCode.UNIMPLEMENTED: "Another program answers on this port. Choose another port in Preferences.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one step of the test went. `next_step` says what to do when it failed."""

    passed: bool
    detail: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A test span and where it is sent. `key` is the secret, or None when no key is asked for."""

    backend: Backend
    port: int
    key: str | None = field(repr=False)
    trace_id: str = field(default_factory=lambda: secrets.token_hex(16))
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    timeout_s: float = 5.0

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], Outcome]], ...]:
        """The steps in order, each with its name. A step makes sense only when the ones before it passed."""
        return (
            ("Connected", self.connect),
            ("Accepted", self.send),
            ("Stored", partial(self._await, self._is_stored, "The span is in the store.")),
            ("Visible", partial(self._await, self._is_listed, "The Traces page lists it.")),
        )

    def connect(self) -> Outcome:
        """Open a gRPC connection to the port."""
        with self._channel() as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=self.timeout_s)
            except grpc.FutureTimeoutError:
                return Outcome(
                    False,
                    f"Nothing speaks gRPC on 127.0.0.1:{self.port}.",
                    "See which ports are open, or choose other ports in Preferences.",
                )
        return Outcome(True, f"gRPC connection to 127.0.0.1:{self.port}.")

    def send(self) -> Outcome:
        """Export the span; it is accepted once the journal holds it on disk."""
        metadata = ((KEY_HEADER, self.key),) if self.key else ()
        with self._channel() as channel:
            export = channel.unary_unary(
                _EXPORT,
                request_serializer=ExportTraceServiceRequest.SerializeToString,
                response_deserializer=ExportTraceServiceResponse.FromString,
            )
            try:
                answer = export(self._request(), timeout=self.timeout_s, metadata=metadata)
            except grpc.RpcError as error:
                return _refused(error)
        if answer.partial_success.rejected_spans:
            return Outcome(False, f"The span was rejected: {answer.partial_success.error_message}")
        return Outcome(True, "With its key, and safely on disk." if self.key else "Without a key, and safely on disk.")

    def _await(self, arrived: Callable[[DuckDBPyConnection], bool], words: str) -> Outcome:
        # Subscribed before the first look: news that come in between are not missed.
        news = threading.Event()
        unsubscribe = self.backend.subscribe(news.set)
        deadline = time.monotonic() + self.timeout_s
        try:
            while True:
                news.clear()
                if self.backend.read(arrived):
                    return Outcome(True, words)
                if not news.wait(max(0.0, deadline - time.monotonic())):
                    return Outcome(
                        False, f"Not within {self.timeout_s:g} s.", "See what waits or failed in the findings."
                    )
        except UserError as error:
            return Outcome(False, error.message, error.hint)
        finally:
            unsubscribe()

    def _is_stored(self, cursor: DuckDBPyConnection) -> bool:
        return is_span_stored(cursor, self.trace_id, self.span_id)

    def _is_listed(self, cursor: DuckDBPyConnection) -> bool:
        return is_trace_listed(cursor, self.trace_id)

    def _channel(self) -> grpc.Channel:
        # A proxy of the environment must not come between us and our own port.
        return grpc.insecure_channel(f"127.0.0.1:{self.port}", options=[("grpc.enable_http_proxy", 0)])

    def _request(self) -> ExportTraceServiceRequest:
        request = ExportTraceServiceRequest()
        resource_spans = request.resource_spans.add()
        service = resource_spans.resource.attributes.add(key="service.name")
        service.value.string_value = SERVICE_NAME
        now = time.time_ns()
        resource_spans.scope_spans.add().spans.add(
            trace_id=bytes.fromhex(self.trace_id),
            span_id=bytes.fromhex(self.span_id),
            name=SPAN_NAME,
            start_time_unix_nano=now - 1_000_000,
            end_time_unix_nano=now,
        )
        return request


def _refused(error: grpc.RpcError) -> Outcome:
    # The error of a failed unary call is its Call, too; the type stubs cannot say so.
    call = cast("grpc.Call", error)
    next_step = _REFUSED_STEPS.get(call.code(), "See the findings of the doctor.")
    return Outcome(False, f"{call.code().name}: {call.details()}", next_step)
