"""Puts a run together: its steps, graphs, stores and failures, out of the tree of its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from junjo_desktop.telemetry.conventions import JUNJO_TYPES
from junjo_desktop.telemetry.junjo.agent import AgentRun, read_agent
from junjo_desktop.telemetry.junjo.events import SpanEvents
from junjo_desktop.telemetry.junjo.executable import (
    OWNER_TYPES,
    Executable,
    ExecutableType,
    ExecutionState,
    end_of,
    state_of,
)
from junjo_desktop.telemetry.junjo.failure import failures_of
from junjo_desktop.telemetry.junjo.graph_execution import GraphExecution, graph_execution
from junjo_desktop.telemetry.junjo.run_model import DroppedCounts, Run, RunLink, Step
from junjo_desktop.telemetry.junjo.run_notes import run_notes
from junjo_desktop.telemetry.junjo.store_reading import StoreReading
from junjo_desktop.telemetry.junjo.store_record import StoreRecord
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree
from junjo_desktop.telemetry.span import Span

SILENCE_NS = 60 * 10**9
"""What has not ended and has been silent for longer is lost."""


class RunBuilding:
    """Builds the run of one owner; `events` are those of all spans of the trace."""

    def __init__(self, tree: TraceTree, owner: str, events: Mapping[str, SpanEvents], now_ns: int | None) -> None:
        self._tree = tree
        self._top = owner
        self._events = events
        self._depths = dict(tree.walk(owner))
        self._owner_of: dict[str, str] = {}
        for id_ in self._depths:
            parent = tree.parents.get(id_)
            if id_ != owner and parent is not None:
                self._owner_of[id_] = parent if tree.is_owner(parent) else self._owner_of[parent]
        self._spans = [tree.spans[id_] for id_ in self._depths if id_ in tree.spans]
        self._speaker = next(iter(self._spans or tree.spans.values()))
        heard_ns = max((span.received_ns for span in self._spans), default=0)
        self._is_silent = now_ns is not None and now_ns - heard_ns > SILENCE_NS
        self._states = self._all_states()

    def run(self, namesakes: int) -> Run:
        """Return the run; `namesakes` is how many runs of the trace were asked for by the same id."""
        tree, executable = self._tree, self._executable(self._top)
        span, stores, graphs = tree.spans.get(self._top), self._stores(), self._graphs()
        speaker = self._speaker
        version = speaker.resource.attributes_json.get("service.version")
        return Run(
            trace_id=speaker.trace_id,
            span_id=self._top if span is not None else None,
            runtime_id=executable.runtime_id,
            executable=executable,
            name=executable.name,
            service_name=speaker.service_name,
            service_version=version if isinstance(version, str) else None,
            state=executable.state,
            start_ns=executable.start_ns,
            end_ns=executable.end_ns,
            steps=self._steps(graphs, stores),
            graphs=graphs,
            stores=stores,
            failures=failures_of(tree, self._depths, self._events),
            hook_errors=tuple(error for one in self._spans for error in self._events[one.span_id].hook_errors),
            parent=self._parent(),
            nested=tuple(self._link(id_) for id_ in self._depths if id_ != self._top and tree.is_owner(id_)),
            dropped=_dropped(self._spans),
            notes=run_notes(tree, self._depths, self._events, graphs, namesakes),
            agent=self._agent(),
        )

    def _all_states(self) -> dict[str, ExecutionState]:
        states: dict[str, ExecutionState] = {}
        ended: set[str] = set()
        if any(above in self._tree.spans for above in self._tree.above(self._top)):
            ended.add(self._top)
        for id_ in self._depths:
            executable = self._tree.executables.get(id_)
            state = executable.state if executable is not None else state_of(self._tree.spans[id_])
            parent = self._tree.parents.get(id_)
            if parent in ended or (parent in states and states[parent] is not ExecutionState.RUNNING):
                ended.add(id_)
            if state is ExecutionState.RUNNING and (self._is_silent or id_ in ended):
                state = ExecutionState.LOST
            states[id_] = state
        return states

    def _executable(self, id_: str) -> Executable:
        executable, state = self._tree.executables[id_], self._states[id_]
        return executable if executable.state is state else replace(executable, state=state)

    def _graphs(self) -> dict[str, GraphExecution]:
        inside: dict[str, list[Executable]] = {}
        for id_, owner in self._owner_of.items():
            executable = self._tree.executables.get(id_)
            if executable is not None and executable.type not in (ExecutableType.WORKFLOW, ExecutableType.AGENT):
                inside.setdefault(owner, []).append(executable)
        graphs = {}
        for id_ in self._depths:
            if self._tree.is_owner(id_) and self._tree.executables[id_].type is not ExecutableType.AGENT:
                steps = sorted(inside.get(id_, ()), key=lambda step: self._tree.order(step.span_id))
                graphs[id_] = graph_execution(self._tree, id_, [step.span_id for step in steps])
        return graphs

    def _stores(self) -> tuple[StoreRecord, ...]:
        return StoreReading(self._tree, list(self._depths), self._events).records()

    def _steps(self, graphs: Mapping[str, GraphExecution], stores: tuple[StoreRecord, ...]) -> tuple[Step, ...]:
        iterations = {
            id_: (place, len(ids))
            for graph in graphs.values()
            for ids in graph.executions.values()
            for place, id_ in enumerate(ids, 1)
        }
        updates: dict[str, list[tuple[str, int]]] = {}
        for store in stores:
            for index, update in enumerate(store.events):
                updates.setdefault(update.span_id, []).append((store.store_id, index))
        return tuple(self._step(id_, iterations.get(id_, (1, 1)), tuple(updates.get(id_, ()))) for id_ in self._depths)

    def _step(self, id_: str, iteration: tuple[int, int], updates: tuple[tuple[str, int], ...]) -> Step:
        span = self._tree.spans.get(id_)
        executable = self._executable(id_) if id_ in self._tree.executables else None
        return Step(
            span_id=id_,
            parent_span_id=None if id_ == self._top else self._tree.parents.get(id_),
            depth=self._depths[id_],
            name=span.name if span is not None else self._tree.executables[id_].name,
            span_type=span.span_type if span is not None else JUNJO_TYPES[self._tree.executables[id_].type],
            executable=executable,
            start_ns=self._tree.start_of(id_),
            end_ns=end_of(span) if span is not None else None,
            state=self._states[id_],
            iteration=iteration[0],
            iterations=iteration[1],
            events=updates,
            is_arrived=span is not None,
            is_assumed=id_ in self._tree.assumed,
        )

    def _parent(self) -> RunLink | None:
        around = self._tree.owner_above(self._top)
        if around is not None and self._top not in self._tree.assumed:
            return self._link(around)
        own = self._tree.executables[self._top]
        if own.parent_type in OWNER_TYPES and own.parent_runtime_id is not None:
            return RunLink(self._speaker.trace_id, None, own.parent_runtime_id, own.parent_type, "")
        return None

    def _link(self, id_: str) -> RunLink:
        executable = self._tree.executables[id_]
        span_id = id_ if executable.is_arrived else None
        step_id = id_ if id_ in self._depths else None
        trace_id = self._speaker.trace_id
        return RunLink(trace_id, span_id, executable.runtime_id, executable.type, executable.name, step_id)

    def _agent(self) -> AgentRun | None:
        executable = self._tree.executables[self._top]
        if executable.type is not ExecutableType.AGENT:
            return None
        return read_agent(self._tree.spans.get(self._top), self._spans, executable.runtime_id)


def _dropped(spans: list[Span]) -> DroppedCounts:
    return DroppedCounts(
        attributes=sum(span.dropped_attributes_count for span in spans),
        events=sum(span.dropped_events_count for span in spans),
        links=sum(span.dropped_links_count for span in spans),
    )
