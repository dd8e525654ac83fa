"""All that a trace tells of one store: both ends of its state, and the updates that arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.junjo.events import StateEvent
from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.payload import Payload


@dataclass(frozen=True)
class StoreRecord:
    """A store. `owner_span_id` is None while its owner has not arrived; then both ends are missing payloads.

    `events` are as found, in order of nothing. `dropped_events` counts, by span id, what spans that carry or may carry
    its events have lost (any kind of event: OpenTelemetry does not say which). `missing_spans` counts those within its
    owner that others name as their parent and that did not arrive: they may have carried some too. `is_outside` marks
    a store of somebody around the run, which the run changed: it has all of its events, also those made by others.
    """

    store_id: str
    name: str
    owner_span_id: str | None
    owner_type: ExecutableType | None
    parent_store_id: str | None
    start: Payload
    end: Payload
    is_ended: bool
    revision_start: int | None
    revision_end: int | None
    transition_count: int | None
    reconstructable: bool | None
    events: tuple[StateEvent, ...]
    dropped_events: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_outside: bool = False
    missing_spans: int = 0
