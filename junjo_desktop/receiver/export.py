"""OTLP's `Export`: key, size, parse, count, journal, and only then OK."""

from __future__ import annotations

import time
from collections.abc import Callable

import grpc
from google.protobuf.message import DecodeError

from junjo_desktop.receiver.calls import Call, Calls
from junjo_desktop.receiver.journal import Journal, JournalError, JournalFullError
from junjo_desktop.receiver.key_gate import KeyGate
from junjo_desktop.receiver.otlp import FULL_SUCCESS, Content, OtlpService, partial_success
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.refused import RefusedError, overload, own_trouble
from junjo_desktop.telemetry.intake import RefusalReason


class Export:
    """Takes the requests of the three OTLP services."""

    def __init__(self, gate: KeyGate, journal: Journal, reception: Reception, calls: Calls) -> None:
        self._gate = gate
        self._journal = journal
        self._reception = reception
        self._calls = calls

    def method_of(self, service: OtlpService) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return the handler of the service's `Export`."""
        return self._calls.handler(self._work(service))

    def _work(self, service: OtlpService) -> Callable[[Call], bytes]:
        def export(call: Call) -> bytes:
            self._gate.admit(call.metadata)
            body = call.message()
            content = _read(service, body)
            if content.items or not content.rejected:
                self._store(service, body, content)
            if not content.rejected:
                return FULL_SUCCESS
            self._calls.count(_left_out(content), call, count=content.rejected)
            return partial_success(content)

        return export

    def _store(self, service: OtlpService, body: bytes, content: Content) -> None:
        # An empty request is well-formed and there is nothing to keep of it.
        if content.items:
            try:
                self._journal.append(service.signal, body, content.items, time.time_ns())
            except JournalFullError as error:
                raise overload(error) from error
            except JournalError as error:
                raise own_trouble(error) from error
        self._reception.accept(service.signal, content.items_by_service)


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
