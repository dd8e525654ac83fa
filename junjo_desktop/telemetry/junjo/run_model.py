"""One run, as what reads it sees it; see `run` for how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.agent import AgentRun
from junjo_desktop.telemetry.junjo.events import Failure, HookError
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph_execution import GraphExecution
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


@dataclass(frozen=True)
class Step:
    """A span of the run. `depth` is 0 for the topmost; `parent_span_id` is the step above it in the tree, None there.

    `iteration` (from 1) of `iterations`: which execution of the same graph node within its enclosing execution this is;
    1 of 1 for what is no graph node. `events` are (store id, index in the record's `events`) of the updates it carries.
    """

    span_id: str
    parent_span_id: str | None
    depth: int
    name: str
    span_type: str
    executable: Executable | None
    start_ns: int
    end_ns: int | None
    state: ExecutionState
    iteration: int = 1
    iterations: int = 1
    events: tuple[tuple[str, int], ...] = ()
    is_arrived: bool = True
    """False for an executable that only its children tell of: it runs, or was lost; `start_ns` is that of the first."""
    is_assumed: bool = False
    """Its parent has not arrived; it is here because no other place is possible, not because something says so."""


@dataclass(frozen=True)
class RunLink:
    """The way to another run."""

    trace_id: str
    span_id: str | None
    runtime_id: str | None
    type: ExecutableType | None
    name: str
    step_id: str | None = None
    """Of a nested run: the span id of the step that it is."""


@dataclass(frozen=True)
class DroppedCounts:
    """What OpenTelemetry's limits cost the spans of a run."""

    attributes: int = 0
    events: int = 0
    links: int = 0


@dataclass(frozen=True)
class Run:
    """A run. `span_id` is its owner's, None while that has not arrived: the run is then made of what is under it.

    `steps` are the whole subtree, also spans of other instrumentations, in order of the tree; the first is the owner,
    arrived or not, and its span id is the key of its own graph in `graphs`. `end_ns` is None while the run is open.
    """

    trace_id: str
    span_id: str | None
    runtime_id: str | None
    executable: Executable | None
    name: str
    service_name: str
    service_version: str | None
    state: ExecutionState
    start_ns: int
    end_ns: int | None
    steps: tuple[Step, ...]
    graphs: Mapping[str, GraphExecution]
    stores: tuple[StoreRecord, ...]
    failures: tuple[Failure, ...]
    hook_errors: tuple[HookError, ...]
    parent: RunLink | None
    nested: tuple[RunLink, ...]
    dropped: DroppedCounts
    notes: tuple[str, ...]
    agent: AgentRun | None = None
