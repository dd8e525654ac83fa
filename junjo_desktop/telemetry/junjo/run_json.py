"""A run as JSON, for the command line and for whoever reads it there; `cli/runs.py` describes the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junjo_desktop.telemetry.junjo.events import Failure, HookError, StateEvent
from junjo_desktop.telemetry.junjo.executable import Executable
from junjo_desktop.telemetry.junjo.graph import Graph, GraphNode
from junjo_desktop.telemetry.junjo.run import GraphExecution, Run, RunLink, Step
from junjo_desktop.telemetry.junjo.state import StoreHistory
from junjo_desktop.telemetry.junjo.store_json import StateWriter
from junjo_desktop.telemetry.span import iso_time


def run_json(run: Run, histories: Sequence[StoreHistory], *, with_states: bool) -> dict[str, Any]:
    """Return the document, ready for orjson. Raises `UserError` when its states are too large to be written."""
    writer = StateWriter(with_states=with_states)
    stores = [writer.store(history) for history in histories]
    sequences = {
        (transition.event.span_id, transition.event.index): transition.sequence
        for history in histories
        for transition in history.transitions
    }
    events = {store.store_id: store.events for store in run.stores}
    own = run.graphs.get(run.span_id) if run.span_id is not None else None
    return {
        **_facts(run),
        "graph": _graph(own) if own is not None else None,
        "subflow_graphs": [_graph(each) for each in run.graphs.values() if each is not own],
        "steps": [_step(step, events, sequences) for step in run.steps],
        "stores": stores,
        "failures": [_failure(failure) for failure in run.failures],
        "hook_errors": [_hook_error(error) for error in run.hook_errors],
    }


def _facts(run: Run) -> dict[str, Any]:
    executable = run.executable
    return {
        "trace_id": run.trace_id,
        "span_id": run.span_id,
        "type": executable.type if executable is not None else None,
        "name": run.name,
        "runtime_id": run.runtime_id,
        "definition_id": executable.definition_id if executable is not None else None,
        "structural_id": executable.structural_id if executable is not None else None,
        "service_name": run.service_name,
        "service_version": run.service_version,
        "state": run.state.value,
        **times_json(run.start_ns, run.end_ns),
        "error": _error(executable),
        "cancelled_reason": executable.cancelled_reason if executable is not None else None,
        "correlation": _correlation(executable),
        "contract_version": executable.contract_version if executable is not None else None,
        "parent": _link(run.parent) if run.parent is not None else None,
        "nested": [_link(link) for link in run.nested],
        "dropped": {
            "attributes": run.dropped.attributes,
            "events": run.dropped.events,
            "links": run.dropped.links,
        },
        "notes": list(run.notes),
    }


def times_json(start_ns: int, end_ns: int | None) -> dict[str, Any]:
    """Return start and end, in UTC and exactly; null where it has not ended."""
    return {
        "start_time": iso_time(start_ns),
        "end_time": iso_time(end_ns) if end_ns is not None else None,
        "start_time_unix_nano": str(start_ns),
        "end_time_unix_nano": str(end_ns) if end_ns is not None else None,
        "duration_ns": end_ns - start_ns if end_ns is not None else None,
    }


def _error(executable: Executable | None) -> dict[str, Any] | None:
    if executable is None or (executable.error_type is None and executable.error_message is None):
        return None
    return {"type": executable.error_type, "message": executable.error_message}


def _correlation(executable: Executable | None) -> dict[str, Any] | None:
    if executable is None or executable.correlation_id is None:
        return None
    return {"type": executable.correlation_type, "id": executable.correlation_id}


def _link(link: RunLink) -> dict[str, Any]:
    return {
        "trace_id": link.trace_id,
        "span_id": link.span_id,
        "runtime_id": link.runtime_id,
        "type": link.type,
        "name": link.name,
    }


def _step(
    step: Step, events: Mapping[str, tuple[StateEvent, ...]], sequences: Mapping[tuple[str, int], int]
) -> dict[str, Any]:
    updates = [(store_id, events[store_id][index]) for store_id, index in step.events]
    return {
        "span_id": step.span_id,
        "parent_span_id": step.parent_span_id,
        "depth": step.depth,
        "name": step.name,
        "span_type": step.span_type,
        "state": step.state.value,
        **times_json(step.start_ns, step.end_ns),
        "iteration": step.iteration,
        "iterations": step.iterations,
        "updates": [
            {"store_id": store_id, "sequence": sequences.get((event.span_id, event.index))}
            for store_id, event in updates
        ],
    }


def _graph(execution: GraphExecution) -> dict[str, Any]:
    graph = execution.graph or Graph(0, None, (), ())
    return {
        "owner_span_id": execution.owner_span_id,
        "version": graph.version or None,
        "structural_id": graph.structural_id,
        "nodes": [_node(node, execution) for node in graph.nodes],
        "edges": [
            {
                "id": edge.id,
                "tail": edge.tail,
                "head": edge.head,
                "condition": edge.label,
                "count": execution.edges[edge.id].count if edge.id in execution.edges else 0,
                "inferred": execution.edges[edge.id].is_inferred if edge.id in execution.edges else False,
            }
            for edge in graph.edges
        ],
        "notes": list(graph.notes),
    }


def _node(node: GraphNode, execution: GraphExecution) -> dict[str, Any]:
    return {
        "id": node.id,
        "structural_id": node.structural_id,
        "type": node.type,
        "label": node.label,
        "kind": node.kind.value,
        "children": list(node.children),
        "executions": list(execution.executions.get(node.id, ())),
        "subflow_executions": list(execution.subflows.get(node.id, ())),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "span_id": failure.span_id,
        "name": failure.name,
        "type": failure.type,
        "message": failure.message,
        "cause": failure.cause,
        "is_origin": failure.is_origin,
        "escaped": failure.escaped,
        "time_unix_nano": str(failure.time_ns),
        "stacktrace": failure.stacktrace,
    }


def _hook_error(error: HookError) -> dict[str, Any]:
    return {
        "span_id": error.span_id,
        "hook_event": error.hook_event,
        "callback": error.callback,
        "type": error.type,
        "message": error.message,
        "time_unix_nano": str(error.time_ns),
        "stacktrace": error.stacktrace,
    }
