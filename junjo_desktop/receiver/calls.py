"""What every gRPC method of ours has in common: how a call is answered, refused, and traced to its connection."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import grpc
import grpc.aio

from junjo_desktop.receiver.front_door import FrontDoor
from junjo_desktop.receiver.key_gate import Metadata
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.refused import RefusedError, own_trouble, trailers_of
from junjo_desktop.telemetry.intake import RefusalReason

logger = logging.getLogger(__name__)

MESSAGE_BYTES = 64 << 20
CORE_MESSAGE_BYTES = 4 * MESSAGE_BYTES
"""The gRPC library's own limit. It answers with RESOURCE_EXHAUSTED, which SDKs try again in vain; so it stands far
above ours, and what lies between hears our sentence."""
_AGENT_CHARACTERS = 80


Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"
Work: TypeAlias = "Callable[[Call], Awaitable[bytes]]"


class SenderGoneError(Exception):
    """The call ended before its message was here; there is nobody to answer."""


class Calls:
    """Turns work into gRPC method handlers that never fail in any other way than by a refusal."""

    def __init__(self, reception: Reception, front_door: FrontDoor) -> None:
        self._reception = reception
        self._front_door = front_door

    def handler(self, work: Work) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return a handler that does `work`. Requests are raw bytes and are received when the work asks for them.

        Registered as stream-unary, which looks the same on the wire: so the work can refuse a call by its metadata
        before its message, up to 64 MiB, is received.
        """

        async def answer(_messages: AsyncIterator[bytes], context: Context) -> bytes:
            call = Call(context, self._front_door)
            try:
                return await work(call)
            except SenderGoneError:
                return b""
            except RefusedError as error:
                refused = error
            except Exception:  # a bug of ours must not cost the sender its data
                logger.exception("a request failed")
                refused = own_trouble()
            if refused.reason is RefusalReason.NO_KEY and call.sender_is_gone:
                return b""  # headers that broke off on the way look like headers without a key
            self.count(refused, call)
            context.set_trailing_metadata(trailers_of(refused))
            return await context.abort(refused.code, refused.sentence)

        return grpc.stream_unary_rpc_method_handler(answer)

    def count(self, refused: RefusedError, call: Call, *, count: int = 1) -> None:
        """Count a refusal, with where it came from."""
        self._reception.refuse(refused.reason, f"{refused.message} {call.origin}", refused.hint, count=count)


class Call:
    """One call in progress."""

    def __init__(self, context: Context, front_door: FrontDoor) -> None:
        self._context = context
        self._connection = front_door.connection_of(context.peer())

    @property
    def metadata(self) -> Metadata:
        """What the sender sent before its message. Names are lower case."""
        return self._context.invocation_metadata() or ()

    @property
    def origin(self) -> str:
        """Where the call came from, as a sentence: the program's own word for itself, and our port."""
        agent = next((str(value) for name, value in self.metadata if name == "user-agent"), "an unnamed program")
        port = f"port {self._connection.port}" if self._connection else "a port that is closed now"
        # "OTel-OTLP-Exporter-Python/1.45.1 grpc-python/1.85.1 grpc-c/58.0.0 (linux; chttp2)": the first tells enough.
        return f"From {agent.split(' grpc-')[0][:_AGENT_CHARACTERS]} on {port}."

    async def message(self) -> bytes:
        """Receive the message. Raises `RefusedError` when it is too large, `SenderGoneError` when it does not come."""
        body: object = await self._context.read()
        if not isinstance(body, bytes):
            if self.sender_is_gone:
                raise SenderGoneError
            raise _too_large(f"more than {CORE_MESSAGE_BYTES >> 20} MiB, or its sender gave up on the way")
        if len(body) > MESSAGE_BYTES:
            raise _too_large(f"{len(body) / (1 << 20):.1f} MiB")
        return body

    @property
    def sender_is_gone(self) -> bool:
        """Whether nobody waits for the answer any more."""
        # The library refuses what is above its own limit without telling us. What it leaves is a call without a message
        # whose sender is still there and has time left.
        remaining = self._context.time_remaining()
        return self._connection is None or not self._connection.is_open or (remaining is not None and remaining <= 0)


def _too_large(how_large: str) -> RefusedError:
    # Not RESOURCE_EXHAUSTED or OUT_OF_RANGE: opentelemetry-python would send the same again five times.
    return RefusedError(
        RefusalReason.OVERSIZED,
        grpc.StatusCode.INVALID_ARGUMENT,
        f"A message was too large: {how_large}; up to {MESSAGE_BYTES >> 20} MiB are taken.",
        "Let the program send fewer spans at once (OTEL_BSP_MAX_EXPORT_BATCH_SIZE), or limit the length of attributes "
        "(OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT).",
    )
