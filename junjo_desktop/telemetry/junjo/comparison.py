"""Compares two runs: the way they took, the time, how they ended, and what they left behind."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.telemetry.junjo.comparison_alignment import align_steps
from junjo_desktop.telemetry.junjo.comparison_facts import comparison_facts
from junjo_desktop.telemetry.junjo.comparison_graph import GraphDifference, graph_difference
from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep, ComparedRun, Comparison, Tokens
from junjo_desktop.telemetry.junjo.comparison_path import time_shares
from junjo_desktop.telemetry.junjo.comparison_states import states_between, store_pairs
from junjo_desktop.telemetry.junjo.graph_model import Graph
from junjo_desktop.telemetry.junjo.run_model import Run, Step
from junjo_desktop.telemetry.junjo.state import reconstruct
from junjo_desktop.telemetry.span import Span


def compared(run: Run, spans: Sequence[Span], name: str = "") -> ComparedRun:
    """Make a run ready to be compared. `spans` are those of its trace; takes as long as its states are large."""
    within = {step.span_id for step in run.steps}
    tokens = {
        span.span_id: Tokens(span.input_tokens, span.output_tokens)
        for span in spans
        if span.span_id in within and (span.input_tokens is not None or span.output_tokens is not None)
    }
    return ComparedRun(run, {record.store_id: reconstruct(record) for record in run.stores}, tokens, name)


def compare_runs(left: ComparedRun, right: ComparedRun) -> Comparison:
    """Compare two runs, whatever they are of and however much of them has arrived."""
    rows = align_steps(left.run, right.run)
    times = time_shares(rows)
    stores = tuple(store_pairs(left, right, rows))
    graphs, is_same = _graphs(left.run, right.run, rows)
    own = stores[0] if stores and stores[0].position == 0 else None
    start, end = (None, None) if own is None else (states_between(own, is_end=False), states_between(own, is_end=True))
    facts = comparison_facts(left, right, rows, times, graphs, is_same, (start, end))
    return Comparison(left, right, rows, times, stores, graphs, facts)


def _graphs(left: Run, right: Run, rows: Sequence[AlignedStep]) -> tuple[tuple[GraphDifference, ...], bool | None]:
    """Return what differs in the graphs of the run and its subflows, and whether the run's own is the same."""
    found: list[GraphDifference] = []
    is_same: bool | None = None
    for position, row in enumerate(rows):
        graphs = _graph_of(left, row.left), _graph_of(right, row.right)
        if graphs[0] is None or graphs[1] is None:
            continue
        difference = graph_difference(row.name, position, graphs[0], graphs[1])
        if difference is not None and not _is_told(found, difference):
            found.append(difference)
        if position == 0:
            is_same = difference is None
    return tuple(found), is_same


def _is_told(found: Sequence[GraphDifference], difference: GraphDifference) -> bool:
    """Whether another run of the same subflow has shown the same."""
    return any(one.words == difference.words for one in found)


def _graph_of(run: Run, step: Step | None) -> Graph | None:
    execution = None if step is None else run.graphs.get(step.span_id)
    graph = None if execution is None else execution.graph
    return graph if graph is not None and graph.nodes else None
