"""Recordings for tests: spans as the store would give them, and the page that they must lead to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.samples import read_recording
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.span import Span

DATA = Path(__file__).parent / "data"
RECEIVED_NS = 1_800_000_000_000_000_000
"""Pretended time at which every recorded request was received."""


@dataclass(frozen=True)
class Recording:
    """One scenario, run by one version of the SDK. It is one trace."""

    version: str
    scenario: str

    def __str__(self) -> str:
        """Name the recording in test ids."""
        return f"{self.version}-{self.scenario}"

    @property
    def path(self) -> Path:
        """The recorded requests."""
        return DATA / self.version / f"{self.scenario}.otlp"

    @cached_property
    def expected(self) -> dict[str, Any]:
        """What the program really did; the docstring of this package tells the format."""
        page: dict[str, Any] = json.loads(self.path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        return page

    @cached_property
    def bodies(self) -> tuple[bytes, ...]:
        """The export requests as they came over the wire."""
        return tuple(body for signal, body in read_recording(self.path) if signal is Signal.TRACES)

    @property
    def requests(self) -> tuple[ExportTraceServiceRequest, ...]:
        """The export requests, new ones at each call: they may be changed."""
        return tuple(ExportTraceServiceRequest.FromString(body) for body in self.bodies)

    def spans(self) -> list[Span]:
        """Return what the store would give back: every span with its resource and scope, in the order of arrival."""
        return spans_of(*self.bodies)

    @property
    def trace_id(self) -> str:
        """The one trace of the recording."""
        (trace_id,) = {span.trace_id for span in self.spans()}
        return trace_id


def spans_of(*requests: ExportTraceServiceRequest | bytes) -> list[Span]:
    """Decode requests (changed ones, say) as `Recording.spans` does."""
    bodies = [one if isinstance(one, bytes) else one.SerializeToString() for one in requests]
    return [span for at, body in enumerate(bodies) for span in _spans(at + 1, body)]


def _spans(seq: int, body: bytes) -> list[Span]:
    batch = decode(IntakeEntry(seq, Signal.TRACES, RECEIVED_NS, body))
    spans = []
    for row in batch.spans:
        resource_id, scope_id = row[-5], row[-4]
        spans.append(Span.from_row([*row, *batch.resources[str(resource_id)], *batch.scopes[str(scope_id)]]))
    return spans


@cache
def recordings(version: str | None = None, scenario: str | None = None) -> tuple[Recording, ...]:
    """Return all recordings, or those of a version, or of a scenario: by version, oldest first, then by name."""
    found = [Recording(path.parent.name, path.stem) for path in DATA.glob("*/*.otlp")]
    return tuple(
        sorted(
            (one for one in found if version in {None, one.version} and scenario in {None, one.scenario}),
            key=lambda one: ([int(part) for part in one.version.split(".")], one.scenario),
        )
    )


def recording(version: str, scenario: str) -> Recording:
    """Return one recording. Raises `FileNotFoundError` when there is none."""
    found = Recording(version, scenario)
    if not found.path.is_file():
        raise FileNotFoundError(found.path)
    return found


def missing(version: str) -> dict[str, str]:
    """Return the scenarios that an SDK cannot run, each with the reason."""
    reasons: dict[str, str] = json.loads((DATA / version / "missing.json").read_text(encoding="utf-8"))
    return reasons


def untold(version: str, scenario: str) -> dict[str, str]:
    """Return what of an expected page the SDK's telemetry does not tell, each with the reason."""
    notes: dict[str, dict[str, str]] = json.loads((DATA / version / "untold.json").read_text(encoding="utf-8"))
    return notes.get(scenario, {})
