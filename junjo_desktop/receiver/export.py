"""OTLP's `Export`: key, size, parse, count, journal, and only then OK."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.message import DecodeError

from junjo_desktop.receiver.calls import Call, Calls, Work
from junjo_desktop.receiver.commits import Commits
from junjo_desktop.receiver.journal import Journal, JournalError, JournalFullError
from junjo_desktop.receiver.key_gate import KeyGate
from junjo_desktop.receiver.otlp import FULL_SUCCESS, Content, OtlpService, partial_success
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.refused import RefusedError, overload, own_trouble
from junjo_desktop.telemetry.intake import RefusalReason

_LARGE_BYTES = 1 << 20


class Export:
    """Takes the requests of the three OTLP services."""

    def __init__(self, gate: KeyGate, journal: Journal, reception: Reception, calls: Calls) -> None:
        self._gate = gate
        self._commits = Commits(journal)
        self._reception = reception
        self._calls = calls
        # Requests of several thousand spans take long to look through; meanwhile, others go on.
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="large-requests")

    def method_of(self, service: OtlpService) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return the handler of the service's `Export`."""
        return self._calls.handler(self._work(service))

    def close(self) -> None:
        """End the thread for large requests; there is no call in progress any more."""
        self._aside.shutdown()

    def _work(self, service: OtlpService) -> Work:
        async def export(call: Call) -> bytes:
            self._gate.admit(call.metadata)
            body = await call.message()
            content = await self._read(service, body)
            if content.items or not content.rejected:
                await self._store(service, body, content)
            if not content.rejected:
                return FULL_SUCCESS
            self._calls.count(_left_out(content), call, count=content.rejected)
            return partial_success(content)

        return export

    async def _read(self, service: OtlpService, body: bytes) -> Content:
        if len(body) < _LARGE_BYTES:
            return _read(service, body)
        return await asyncio.get_running_loop().run_in_executor(self._aside, _read, service, body)

    async def _store(self, service: OtlpService, body: bytes, content: Content) -> None:
        def count() -> None:
            self._reception.accept(service.signal, content.items_by_service)

        if not content.items:  # an empty request is well-formed and there is nothing to keep of it
            count()
            return
        try:
            await self._commits.append(service.signal, body, content.items, time.time_ns(), count)
        except JournalFullError as error:
            raise overload(error) from error
        except JournalError as error:
            raise own_trouble(error) from error


def _read(service: OtlpService, body: bytes) -> Content:
    try:
        return service.read(body)
    except DecodeError as error:
        raise RefusedError(
            RefusalReason.MALFORMED,
            grpc.StatusCode.INVALID_ARGUMENT,
            f"A message is not a valid {service.name} request.",
            "Look at what sends it: it must be OTLP as protobuf, with texts in UTF-8.",
        ) from error


def _left_out(content: Content) -> RefusedError:
    return RefusedError(
        RefusalReason.INVALID_ITEM,
        grpc.StatusCode.OK,
        f"In one request {content.verdict}",
        "The other spans are kept. Look at the program's tracer: these ids identify nothing.",
    )
