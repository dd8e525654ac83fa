"""Reads a run off the GUI thread and arranges it there. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from junjo_desktop.background import collection_held_back
from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.run.failures_rows import FailureRows, failure_rows
from junjo_desktop.features.run.missing import Missing, what_is_missing
from junjo_desktop.features.run.queries import (
    RunPlace,
    TraceVersion,
    find_place,
    inferred_name,
    not_arrived,
    trace_spans,
    trace_version,
)
from junjo_desktop.features.run.steps_rows import StepRows, step_rows
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.junjo.state import StoreHistory, reconstruct
from junjo_desktop.telemetry.span import Span

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""Reading is followed by a pause of this many times its own time."""


@dataclass(frozen=True)
class LoadedRun:
    """A run ready to be shown. `spans` are those of its steps, by id."""

    place: RunPlace
    version: TraceVersion
    run: Run
    histories: Mapping[str, StoreHistory]
    spans: Mapping[str, Span]
    steps: StepRows
    failures: FailureRows
    missing: Missing
    is_name_inferred: bool
    """Whether its owner has not arrived, and the name is that of the newest run of the same graph."""
    rests_until_s: float
    """Monotonic time before which it is not read again, however fast it grows."""

    @property
    def name(self) -> str:
        """Its name, as far as it can be told."""
        return self.run.name.strip() or "(name not known yet)"

    @property
    def may_change_by_itself(self) -> bool:
        """Whether it counts as running, which ends by the clock when nothing more is heard of it."""
        return self.run.state is ExecutionState.RUNNING


@dataclass(frozen=True, slots=True)
class LoadRun:
    """A read: a run. Raises `NotFoundError` while nothing of it has arrived."""

    wanted: OpenRun

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedRun:
        started = time.monotonic()
        place = find_place(cursor, self.wanted)
        version = trace_version(cursor, place.trace_id)
        if version is None:
            raise not_arrived(self.wanted)
        try:
            return _arranged(cursor, place, version, started)
        except NotFoundError:
            raise not_arrived(self.wanted) from None


@dataclass(frozen=True, slots=True)
class LoadGrowth:
    """A read: the run again, or None when nothing of its trace changed. Raises `NotFoundError` once it is deleted."""

    shown: LoadedRun
    is_forced: bool = False
    """Read it again in any case: time went by."""

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedRun | None:
        started = time.monotonic()
        place = self.shown.place
        version = trace_version(cursor, place.trace_id)
        if version is None:
            raise NotFoundError("This run was deleted.", "Nothing of it is stored any more.")
        if version == self.shown.version and not self.is_forced:
            return None
        return _arranged(cursor, place, version, started)


def _arranged(cursor: DuckDBPyConnection, place: RunPlace, version: TraceVersion, started_s: float) -> LoadedRun:
    with collection_held_back():
        return _put_together(cursor, place, version, started_s)


def _put_together(cursor: DuckDBPyConnection, place: RunPlace, version: TraceVersion, started_s: float) -> LoadedRun:
    spans = trace_spans(cursor, place.trace_id)
    run = build_run(spans, place.owner_span_id, place.runtime_id, time.time_ns())
    # Any span within a run leads to it; from here on it is named by its owner's.
    place = replace(place, owner_span_id=run.steps[0].span_id)
    name = inferred_name(cursor, place) if run.span_id is None else ""
    if name:
        owner = replace(run.steps[0], name=name)
        run = replace(run, name=name, steps=(owner, *run.steps[1:]))
    histories = {record.store_id: reconstruct(record) for record in run.stores}
    in_run = {step.span_id for step in run.steps}
    steps = step_rows(run, histories)
    failures = failure_rows(run)
    missing = what_is_missing(run, histories)
    ended_s = time.monotonic()
    return LoadedRun(
        place,
        version,
        run,
        histories,
        {span.span_id: span for span in spans if span.span_id in in_run},
        steps,
        failures,
        missing,
        bool(name),
        ended_s + (ended_s - started_s) * _IDLE_SHARE,
    )
