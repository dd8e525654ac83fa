"""A store with retention on clocks that a test sets, and telemetry received at any time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from junjo_desktop.paths import DataDir
from junjo_desktop.state.retention_record import RetentionRecords
from junjo_desktop.store.batch import Batch
from junjo_desktop.store.database import Store
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_clock import DAY_NS, HOUR_NS
from junjo_desktop.store.retention_moment import Clocks
from junjo_desktop.store.retention_run import Retention
from junjo_desktop.store.selection import Toll
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.store.telemetry_model import Model, Sent, SentLog, SentSpan, hex_id, rows
from tests.support.otlp import span, trace_id, trace_request

NOW_NS = 1_800_000_000 * 10**9
YEAR_NS = 365 * DAY_NS
MONTH = RetentionPolicy(days=30)


@dataclass
class SetClocks:
    """Clocks that stand still until they are moved."""

    clock_ns: int = NOW_NS
    uptime_ns: int = 0

    def pass_time(self, duration_ns: int) -> None:
        """Let time pass, as both clocks see it."""
        self.clock_ns += duration_ns
        self.uptime_ns += duration_ns

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.clock_ns, lambda: self.uptime_ns)


@dataclass
class Kept:
    """An open store in `data_dir`, and its retention."""

    store: Store
    data_dir: DataDir
    clocks: SetClocks = field(default_factory=SetClocks)
    starred: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.model = Model(self.store)
        self.retention = self.start()

    def start(self) -> Retention:
        """Return the retention of an app that starts now."""
        records = RetentionRecords(self.data_dir.state)
        clocks = self.clocks.clocks()
        self.retention = Retention(self.store, self.data_dir.journal, records, self._starred, clocks)
        return self.retention

    def receive(self, *sent: Sent, ago_ns: int = 0) -> None:
        """Receive these so long ago by the clock."""
        self.model.send(sent, lambda: self.clocks.clock_ns - ago_ns)

    def receive_trace(self, trace: int, *, ago_ns: int = 0) -> None:
        """Receive a trace of one span and one log."""
        self.receive(SentSpan(trace, 1, "s"), SentLog(trace, "s"), ago_ns=ago_ns)

    def run(self, policy: RetentionPolicy = MONTH) -> Toll:
        """Let retention run now."""
        return self.retention.run(policy, lambda _taken, _seconds: None)

    def run_for_days(self, days: int) -> None:
        """Let the app run for days, with its retention once a day."""
        for _ in range(days):
            self.clocks.pass_time(DAY_NS)
            self.run()

    def run_for_hours(self, hours: int) -> None:
        """Let the app run for hours, with its retention every four hours."""
        for _ in range(hours // 4 or 1):
            self.clocks.pass_time(min(4, hours) * HOUR_NS)
            self.run()

    def traces(self) -> list[int]:
        """The numbers of the stored traces."""
        return sorted(int(row["trace_id"], 16) for row in rows(self.store, "traces"))

    def _starred(self) -> frozenset[str]:
        return frozenset(self.starred)


def fill(store: Store, traces: Sequence[int], *, first_ns: int, step_ns: int = HOUR_NS, size: int = 20_000) -> None:
    """Store traces of one span with `size` bytes that nothing compresses, each received `step_ns` after the last."""
    batch = Batch()
    for place, number in enumerate(traces):
        sent = span(trace=trace_id(number), start_ns=1, attributes={"noise": os.urandom(size // 2).hex()})
        body = trace_request(sent).SerializeToString()
        batch.add(number, decode(IntakeEntry(number, Signal.TRACES, first_ns + place * step_ns, body)))
    BatchWriter(store, "filled").write(batch)


__all__ = ["MONTH", "NOW_NS", "YEAR_NS", "Kept", "SetClocks", "fill", "hex_id"]
