"""One run: everything that a workflow, subflow or agent did in one execution, made of the spans of its trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junjo_desktop.errors import NotFoundError
from junjo_desktop.telemetry.junjo.events import NO_EVENTS, events_of
from junjo_desktop.telemetry.junjo.executable import Executable
from junjo_desktop.telemetry.junjo.graph import Graph
from junjo_desktop.telemetry.junjo.graph_execution import EdgeCount, GraphExecution
from junjo_desktop.telemetry.junjo.run_building import RunBuilding
from junjo_desktop.telemetry.junjo.run_model import DroppedCounts, Run, RunLink, Step
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree
from junjo_desktop.telemetry.span import Span

__all__ = ["DroppedCounts", "EdgeCount", "GraphExecution", "Run", "RunLink", "Step", "build_run"]


def build_run(
    spans: Sequence[Span],
    span_id: str | None = None,
    runtime_id: str | None = None,
    now_ns: int | None = None,
    graphs: Mapping[str, Graph] | None = None,
) -> Run:
    """Build a run from all spans of its trace, whichever of them have arrived.

    `span_id` is its owner's (also of one that has not arrived, as its children name it), or that of any span in it: the
    nearest workflow, subflow or agent around that is meant. `runtime_id` is asked where the span id leads to nothing;
    of several runs that share it (G0) the newest is meant. With neither, it is the first run of the trace.
    `now_ns` is the time at which it is asked: what has not ended and has not been heard of for 60 s is lost then.
    Without it, whatever may still be running counts as such.
    `graphs` are graphs that other traces have told, by structural id: a run that has not ended is drawn in them.

    Raises NotFoundError when there is no such run.
    """
    tree = TraceTree(spans, graphs)
    owner, namesakes = _owner(tree, span_id, runtime_id)
    events = {id_: events_of(span) if span.event_count else NO_EVENTS for id_, span in tree.spans.items()}
    return RunBuilding(tree, owner, events, now_ns).run(namesakes)


def _owner(tree: TraceTree, span_id: str | None, runtime_id: str | None) -> tuple[str, int]:
    """The span id of the owner that is meant, and how many owners share its runtime id where that was asked."""
    if span_id is not None:
        found = span_id if tree.is_owner(span_id) else tree.owner_above(span_id)
        if found is not None:
            return found, 1
    owners = tree.owners()
    if runtime_id is not None:
        known = [owner for owner in owners if owner.runtime_id == runtime_id]
        if known:
            return known[-1].span_id, len(known)
    elif span_id is None and owners:
        return _first(tree, owners).span_id, 1
    raise NotFoundError(
        "No such run is stored in this trace." if tree.spans else "No span of this trace is stored.",
        "It may not have arrived yet, or it was deleted.",
    )


def _first(tree: TraceTree, owners: Sequence[Executable]) -> Executable:
    return next((owner for owner in owners if tree.owner_above(owner.span_id) is None), owners[0])
