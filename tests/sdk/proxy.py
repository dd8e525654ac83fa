"""A proxy between an SDK and the receiver: keeps what passes, and loses answers where a test wants it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Any, NoReturn

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]  # these stubs have no types

from junjo_desktop.telemetry.intake import Signal

_SIGNALS = {"TraceService": Signal.TRACES, "LogsService": Signal.LOGS, "MetricsService": Signal.METRICS}
_RETRY_SOON = RetryInfo(retry_delay=Duration(nanos=10_000_000)).SerializeToString()


class Proxy(grpc.GenericRpcHandler):
    """Forwards every call as bytes with its metadata; the first `lost_answers` answers never reach the sender."""

    def __init__(self, channel: grpc.Channel, lost_answers: int) -> None:
        self._channel = channel
        self._lock = Lock()
        self._to_lose = lost_answers
        self.passed: list[tuple[Signal, bytes]] = []
        self.answers: list[bytes] = []
        self.lost = 0

    def bodies(self, signal: Signal) -> list[bytes]:
        """Return the requests of a signal, a repeated one as often as it was sent."""
        return [body for passed, body in self.passed if passed is signal]

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Find the handler of a call."""
        method: Any = handler_call_details.method

        def forward(body: bytes, context: grpc.ServicerContext) -> bytes:
            metadata = [(key, value) for key, value in context.invocation_metadata() if key != "user-agent"]
            onward: Any = self._channel.unary_unary(method)
            try:
                answer: bytes = onward(body, metadata=metadata, timeout=30)
            except grpc.RpcError as error:
                call: Any = error
                context.abort(call.code(), call.details())
            with self._lock:
                self.passed.append((_SIGNALS[method.split(".")[-1].split("/")[0]], body))
                self.answers.append(answer)
                loses, self._to_lose = self._to_lose > 0, self._to_lose - 1
            if loses:
                self._lose(context)
            return answer

        return grpc.unary_unary_rpc_method_handler(forward)

    def _lose(self, context: grpc.ServicerContext) -> NoReturn:
        self.lost += 1
        context.set_trailing_metadata((("google.rpc.retryinfo-bin", _RETRY_SOON),))
        context.abort(grpc.StatusCode.UNAVAILABLE, "connection lost after the request")


@contextmanager
def proxy_to(port: int, *, lost_answers: int = 0) -> Iterator[tuple[Proxy, int]]:
    """Run a proxy to a receiver on this computer; give it and its own port."""
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        proxy = Proxy(channel, lost_answers)
        server = grpc.server(ThreadPoolExecutor(max_workers=8), handlers=[proxy], options=options)
        own_port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield proxy, own_port
        finally:
            server.stop(None).wait()
