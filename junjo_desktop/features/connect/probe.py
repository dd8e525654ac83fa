"""One real span through our own front door: gRPC, key check, journal, indexer, store. Qt-free; every step blocks."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

_HEALTH = "/grpc.health.v1.Health/Check"
_OTHER_PORT = "See which ports are open, or choose other ports in Preferences."
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


class _Waiting:
    """What a step waits for at the moment, so that another thread can end the wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], object] | None = None
        self.is_cancelled = False

    @property
    def is_busy(self) -> bool:
        return self._end is not None

    def cancel(self) -> None:
        with self._lock:
            self.is_cancelled = True
            if self._end is not None:
                self._end()

    @contextmanager
    def on(self, end: Callable[[], object]) -> Iterator[None]:
        """Have `cancel` call `end` within this block, or now when it came before."""
        with self._lock:
            self._end = end
            if self.is_cancelled:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._end = None


_GIVEN_UP = Outcome(False, "The test was given up.")


@dataclass(frozen=True, slots=True)
class Probe:
    """A test span and where it is sent. `key` is the secret, or None when no key is asked for.

    `cancel`, on any thread, ends the step that waits.
    """

    backend: Backend
    port: int
    key: str | None = field(repr=False)
    trace_id: str = field(default_factory=lambda: secrets.token_hex(16))
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    timeout_s: float = 5.0
    _waiting: _Waiting = field(default_factory=_Waiting, repr=False)

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], Outcome]], ...]:
        """The steps in order, each with its name. A step makes sense only when the ones before it passed."""
        return (
            ("Connected", self.connect),
            ("Accepted", self.send),
            ("Stored", partial(self._await, self._is_stored, "The span is in the store.")),
            ("Visible", partial(self._await, self._is_listed, "The Traces page lists it.")),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether a step waits for something that `cancel` would end."""
        return self._waiting.is_busy

    def cancel(self) -> None:
        """Give up at once; may be called on any thread."""
        self._waiting.cancel()

    def connect(self) -> Outcome:
        """Open a gRPC connection to the port."""
        with self._channel() as channel:
            check: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_HEALTH)
            call = check.future(b"", timeout=self.timeout_s)
            try:
                with self._waiting.on(call.cancel):
                    call.result()
            except grpc.FutureCancelledError:
                return _GIVEN_UP
            except grpc.RpcError:
                # Any other answer, even a refusal, comes from somebody who speaks gRPC.
                if call.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                    return Outcome(False, f"Nothing speaks gRPC on 127.0.0.1:{self.port}.", _OTHER_PORT)
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
            call = export.future(self._request(), timeout=self.timeout_s, metadata=metadata)
            try:
                with self._waiting.on(call.cancel):
                    answer = call.result()
            except grpc.FutureCancelledError:
                return _GIVEN_UP
            except grpc.RpcError as error:
                return _refused(error)
        if answer.partial_success.rejected_spans:
            return Outcome(False, f"The span was rejected: {answer.partial_success.error_message}")
        return Outcome(True, "With its key, and safely on disk." if self.key else "Without a key, and safely on disk.")

    def _await(self, arrived: Callable[[DuckDBPyConnection], bool], words: str) -> Outcome:
        # Subscribed before the first look: news that come in between are not missed.
        news = threading.Event()
        unsubscribe = self.backend.subscribe(news.set)
        try:
            with self._waiting.on(news.set):
                return self._await_news(arrived, words, news)
        except UserError as error:
            return Outcome(False, error.message, error.hint)
        finally:
            unsubscribe()

    def _await_news(self, arrived: Callable[[DuckDBPyConnection], bool], words: str, news: threading.Event) -> Outcome:
        deadline = time.monotonic() + self.timeout_s
        while not self._waiting.is_cancelled:
            news.clear()
            if self.backend.read(arrived):
                return Outcome(True, words)
            if not self._waiting.is_cancelled and not news.wait(max(0.0, deadline - time.monotonic())):
                return Outcome(False, f"Not within {self.timeout_s:g} s.", "See what waits or failed in the findings.")
        return _GIVEN_UP

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
