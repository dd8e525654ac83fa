"""An intake source in memory, and requests to put into it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from google.protobuf.message import Message
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support.otlp import trace_request


class Source:
    """An `IntakeSource`; unlike the journal it also shows what was trimmed and quarantined."""

    def __init__(self, journal_id: str = "journal") -> None:
        self.journal_id = journal_id
        self.entries: dict[int, IntakeEntry] = {}
        self.quarantined: dict[int, str] = {}
        self.trimmed_to = 0
        self.is_pressed = False
        self._committed = threading.Condition()
        self._last_seq = 0
        self._is_woken = False

    def append(self, request: Message, signal: Signal = Signal.TRACES, received_ns: int | None = None) -> int:
        return self.append_bytes(request.SerializeToString(), signal, received_ns)

    def append_bytes(self, body: bytes, signal: Signal = Signal.TRACES, received_ns: int | None = None) -> int:
        with self._committed:
            self._last_seq += 1
            when = time.time_ns() if received_ns is None else received_ns
            self.entries[self._last_seq] = IntakeEntry(self._last_seq, signal, when, body)
            self._committed.notify_all()
            return self._last_seq

    def append_spans(self, *spans: Span, service: str = "shop", received_ns: int | None = None) -> int:
        return self.append(trace_request(*spans, service=service), received_ns=received_ns)

    @property
    def newest_seq(self) -> int:
        with self._committed:
            return max(self.entries, default=0)

    def read_after(self, seq: int, max_bytes: int) -> Sequence[IntakeEntry]:
        with self._committed:
            found: list[IntakeEntry] = []
            size = 0
            for entry in self._after(seq):
                found.append(entry)
                size += len(entry.body)
                if size >= max_bytes:
                    break
            return found

    def trim(self, up_to: int) -> None:
        with self._committed:
            self.trimmed_to = max(self.trimmed_to, up_to)
            for seq in [seq for seq in self.entries if seq <= up_to]:
                del self.entries[seq]

    def quarantine(self, seq: int, reason: str) -> None:
        with self._committed:
            self.quarantined[seq] = reason
            del self.entries[seq]

    def forget_quarantined(self) -> None:
        with self._committed:
            self.quarantined.clear()

    def wait(self, seq: int, timeout_s: float) -> bool:
        with self._committed:
            self._committed.wait_for(lambda: bool(self._after(seq)) or self._is_woken, timeout_s)
            self._is_woken = False
            return bool(self._after(seq))

    def wake(self) -> None:
        with self._committed:
            self._is_woken = True
            self._committed.notify_all()

    def waiting(self, seq: int) -> int:
        with self._committed:
            return len(self._after(seq))

    def _after(self, seq: int) -> list[IntakeEntry]:
        return [self.entries[number] for number in sorted(self.entries) if number > seq]
