"""What a reader of a run should know about how it was put together, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from junjo_desktop.telemetry.junjo.events import SpanEvents
from junjo_desktop.telemetry.junjo.graph_execution import GraphExecution
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree


def run_notes(
    tree: TraceTree,
    ids: Iterable[str],
    events: Mapping[str, SpanEvents],
    graphs: Mapping[str, GraphExecution],
    namesakes: int,
) -> tuple[str, ...]:
    """Return the notes of a run; `ids` are its spans, the owner first."""
    top, *inside = ids
    own = [id_ for id_ in (top, *inside) if id_ in tree.spans]
    notes = []
    if namesakes > 1:
        notes.append(f"{namesakes} runs of this trace have the same id; this is the newest.")
    if top not in tree.spans:
        notes.append("The span of the run itself has not arrived: what it tells only at its end is not known yet.")
    notes.extend(
        _counted(
            (
                sum(id_ not in tree.spans for id_ in inside),
                "execution is known by its children only: its own span has not arrived.",
                "executions are known by their children only: their own spans have not arrived.",
            ),
            (
                sum(id_ in tree.assumed for id_ in inside),
                "span, whose parent has not arrived, is counted to this run, the only one that was running then.",
                "spans, whose parents have not arrived, are counted to this run, the only one that was running then.",
            ),
            (
                len(tree.unplaced),
                "span of this trace belongs to no run that is known: its parent has not arrived.",
                "spans of this trace belong to no run that is known: their parents have not arrived.",
            ),
            (
                sum(graph.unmatched for graph in graphs.values()),
                "execution is no node of the graph of its run.",
                "executions are no nodes of the graphs of their runs.",
            ),
            (
                sum(events[id_].without_store for id_ in own),
                "update does not say of which store it is, and is left out.",
                "updates do not say of which store they are, and are left out.",
            ),
        )
    )
    if tree.is_cyclic:
        notes.append("Some spans of this trace are their own ancestors; the first of them to start stands at the top.")
    return tuple(notes)


def _counted(*facts: tuple[int, str, str]) -> Iterable[str]:
    for count, one, several in facts:
        if count:
            yield f"{count:,} {one if count == 1 else several}"
