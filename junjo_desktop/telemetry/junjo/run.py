"""One run: everything that a workflow, subflow or agent did in one execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.junjo.agent import AgentRun
from junjo_desktop.telemetry.junjo.events import Failure, HookError
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph import Graph
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


@dataclass(frozen=True)
class EdgeCount:
    """How often an edge was taken; `is_inferred` where the telemetry allows more than one reading."""

    count: int
    is_inferred: bool


@dataclass(frozen=True)
class GraphExecution:
    """What one execution of a workflow or subflow did in its graph. Nodes and edges that did nothing are not in it."""

    owner_span_id: str
    graph: Graph | None
    executions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By graph node id: span ids in order of start. Also of children of concurrent groups."""
    edges: Mapping[str, EdgeCount] = field(default_factory=dict)
    """By edge id."""
    subflows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By graph node id of a subflow: span ids of its owners, each with a GraphExecution of its own in `Run.graphs`."""


@dataclass(frozen=True)
class RunLink:
    """The way to another run."""

    trace_id: str
    span_id: str | None
    runtime_id: str | None
    type: ExecutableType | None
    name: str


@dataclass(frozen=True)
class DroppedCounts:
    """What OpenTelemetry's limits cost the spans of a run."""

    attributes: int = 0
    events: int = 0
    links: int = 0


@dataclass(frozen=True)
class Run:
    """A run. `span_id` is its owner's, None while that has not arrived: the run is then made of what is under it.

    `steps` are the whole subtree, also spans of other instrumentations, in order of the tree. `end_ns` is None while it
    is open. `graphs` are by the span id of the owner of the graph.
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
