"""Captures for tests: spans and log records as the store would give them, and the exchanges that really happened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from junjo_desktop.samples import read_recording
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span

DATA = Path(__file__).parent / "data"
RECEIVED_NS = 1_800_000_000_000_000_000
"""Pretended time at which every captured request was received."""


@dataclass(frozen=True)
class Capture:
    """One scenario under one instrumentation."""

    package: str
    scenario: str

    def __str__(self) -> str:
        """Name the capture in test ids."""
        return f"{self.package}-{self.scenario}"

    @property
    def path(self) -> Path:
        """The recorded requests."""
        return DATA / self.package / f"{self.scenario}.otlp"

    @cached_property
    def exchanges(self) -> list[dict[str, Any]]:
        """What the stand-in was asked and what it answered, in order (see `tests.support.provider.exchange`)."""
        told: list[dict[str, Any]] = json.loads(self.path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        return told

    @cached_property
    def _sent(self) -> tuple[tuple[Span, ...], tuple[LogRecord, ...]]:
        spans: list[Span] = []
        logs: list[LogRecord] = []
        for at, (signal, body) in enumerate(read_recording(self.path)):
            batch = decode(IntakeEntry(at + 1, signal, RECEIVED_NS, body))
            spans += [Span.from_row(_with_origin(row, batch, -5)) for row in batch.spans]
            logs += [LogRecord.from_row(_with_origin(row, batch, -5)) for row in batch.logs]
        return tuple(sorted(spans, key=lambda span: span.start_ns)), tuple(logs)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans, by start."""
        return self._sent[0]

    @property
    def logs(self) -> tuple[LogRecord, ...]:
        """The log records, in the order of arrival."""
        return self._sent[1]


def _with_origin(row: Any, batch: Any, at: int) -> list[Any]:
    resource_id, scope_id = row[at], row[at + 1]
    return [*row, *batch.resources[str(resource_id)], *batch.scopes[str(scope_id)]]


@cache
def captures() -> tuple[Capture, ...]:
    """Return all captures, by package and scenario."""
    return tuple(Capture(path.parent.name, path.stem) for path in sorted(DATA.glob("*/*.otlp")))
