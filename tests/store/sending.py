"""Sends spans to a store, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.batch import Batch
from junjo_desktop.store.database import Store
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support import otlp
from tests.support.junjo_spans import START_NS

RECEIVED_NS = START_NS + 100 * 10**9


class Sender:
    """Writes spans to `store`, each call one batch."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._writer = BatchWriter(store, "journal")
        self._seq = 0

    def send(self, *spans: Span, service: str = "shop", version: str = "1.2", received_ns: int | None = None) -> None:
        self.send_together([(spans, service, RECEIVED_NS + self._seq if received_ns is None else received_ns)], version)

    def send_together(self, requests: Sequence[tuple[Sequence[Span], str, int]], version: str = "1.2") -> None:
        batch = Batch()
        for spans, service, received_ns in requests:
            self._seq += 1
            request = otlp.trace_request(*spans, service=service, resource={"service.version": version})
            entry = IntakeEntry(self._seq, Signal.TRACES, received_ns, request.SerializeToString())
            batch.add(self._seq, decode(entry))
        self._writer.write(batch)
