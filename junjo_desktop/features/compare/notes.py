"""Short lists beside the steps: failures of both runs, what changed in the graph, what is not known. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.breaking import failed_step
from junjo_desktop.telemetry.junjo.comparison_graph import GraphDifference, NamedEdge
from junjo_desktop.telemetry.junjo.comparison_model import Comparison
from junjo_desktop.telemetry.junjo.run import Run


@dataclass(frozen=True, slots=True)
class Note:
    """A line: which run it is about, what, and the span it leads to in that run."""

    side: str
    what: str
    told: str
    tip: str = ""
    span_id: str | None = None

    @property
    def is_left(self) -> bool:
        """Whether it is about the left run."""
        return self.side == "left"


def failure_notes(comparison: Comparison) -> tuple[Note, ...]:
    """Return where failures arose, and hooks that failed."""
    return (*_failures("left", comparison.left.run), *_failures("right", comparison.right.run))


def _failures(side: str, run: Run) -> Iterator[Note]:
    for failure in run.failures:
        if failure.is_origin:
            step = failed_step(run, failure)
            place, name = (run.name if step is None else step.name).strip(), failure.name.strip()
            where = name if place == name else f"{place} › {name}"
            told = f"{failure.type}: {failure.message}".strip(": ")
            yield Note(side, where, told, f"{told}\n{failure.cause}".strip(), failure.span_id)
    for error in run.hook_errors:
        told = f"{error.type}: {error.message}".strip(": ")
        words = f"{told}\nAn error of a hook fails no run."
        yield Note(side, f"hook {error.callback} on {error.hook_event}", told, words, error.span_id)


def graph_notes(comparison: Comparison) -> tuple[Note, ...]:
    """Return the nodes and edges that only one of both graphs has."""
    return tuple(note for graph in comparison.graphs for note in _graph(graph))


def _graph(graph: GraphDifference) -> Iterator[Note]:
    if graph.is_order_only:
        yield Note("both", graph.name, "the same nodes and edges, declared in another order")
        return
    for side, word, nodes, edges in (
        ("right", "new", graph.new_nodes, graph.new_edges),
        ("left", "gone", graph.gone_nodes, graph.gone_edges),
    ):
        sign = "+" if side == "right" else "−"
        for node in nodes:
            yield Note(side, f"{sign} {word} {node.kind.value}", node.label, f"in {graph.name}")
        for edge in edges:
            yield Note(side, f"{sign} {word} edge", edge_words(edge), f"in {graph.name}")


def edge_words(edge: NamedEdge) -> str:
    """Return `Draft → Critic if too_short`."""
    return f"{edge.tail} → {edge.head}{f' if {edge.condition}' if edge.condition else ''}"
