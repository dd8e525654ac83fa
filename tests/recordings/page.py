"""What the app says of a recording, in the form of its expected page: executions by number, no ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from junjo_desktop.telemetry.junjo.executable import Executable, ExecutionState, executable_of
from junjo_desktop.telemetry.junjo.graph import Graph
from junjo_desktop.telemetry.junjo.run import GraphExecution, Run, Step, build_run
from junjo_desktop.telemetry.junjo.state import Certainty, StoreHistory, reconstruct
from junjo_desktop.telemetry.span import Span
from tests.recordings.load import Recording

OUTCOMES = {
    ExecutionState.DONE: "completed",
    ExecutionState.FAILED: "failed",
    ExecutionState.CANCELLED: "cancelled",
    ExecutionState.RUNNING: "running",
    ExecutionState.LOST: "running",
}


@dataclass(frozen=True)
class NumberedRun:
    """A run of a recording, with the numbers of its executions."""

    run: Run
    numbers: dict[str, int]
    """By span id."""

    def executions(self) -> dict[int, dict[str, Any]]:
        """Return what is said of each execution that arrived."""
        return {
            self.numbers[step.span_id]: {
                "name": step.name,
                "type": str(step.executable.type),
                "parent": self._parent(step),
                "outcome": OUTCOMES[step.state],
                "reason": step.executable.cancelled_reason,
            }
            for step in self.run.steps
            if step.executable is not None and step.span_id in self.numbers
        }

    def iterations(self) -> dict[int, tuple[int, int]]:
        """Return which iteration of how many each execution is."""
        return {
            self.numbers[step.span_id]: (step.iteration, step.iterations)
            for step in self.run.steps
            if step.span_id in self.numbers
        }

    def graphs(self) -> dict[int, dict[str, Any]]:
        """Return what is said of the graph of each owner."""
        return {
            self.numbers[span_id]: self._graph(executed, executed.graph)
            for span_id, executed in self.run.graphs.items()
            if executed.graph is not None
        }

    def histories(self) -> dict[int, StoreHistory]:
        """Return the history of each store whose owner arrived."""
        return {
            self.numbers[record.owner_span_id]: reconstruct(record)
            for record in self.run.stores
            if record.owner_span_id is not None and not record.is_outside
        }

    def span_name(self, span_id: str) -> str:
        """Return the name of a span of the run."""
        return next(step.name for step in self.run.steps if step.span_id == span_id)

    def execution_around(self, span_id: str) -> int | None:
        """Return the execution that a span is, or is in."""
        above: str | None = span_id
        while above is not None and above not in self.numbers:
            above = self._step(above).parent_span_id
        return None if above is None else self.numbers[above]

    def _parent(self, step: Step) -> int | None:
        return None if step.parent_span_id is None else self.execution_around(step.parent_span_id)

    def _step(self, span_id: str) -> Step:
        return next(step for step in self.run.steps if step.span_id == span_id)

    def _graph(self, executed: GraphExecution, graph: Graph) -> dict[str, Any]:
        places = {node.id: at for at, node in enumerate(graph.nodes)}
        nodes = [
            {
                "label": node.label,
                "type": node.type,
                "kind": str(node.kind),
                "executions": [self.numbers[span_id] for span_id in executed.executions.get(node.id, ())],
                "children": [places[child] for child in node.children],
            }
            for node in graph.nodes
        ]
        edges = [
            {
                "tail": places[edge.tail],
                "head": places[edge.head],
                "condition": edge.label,
                "taken": executed.edges[edge.id].count if edge.id in executed.edges else 0,
            }
            for edge in graph.edges
        ]
        return {"nodes": nodes, "edges": edges}


def runs_of(one: Recording) -> list[NumberedRun]:
    """Build every topmost run of a recording."""
    spans = one.spans()
    numbers = _numbers(one, spans)
    tops = [number for number, told in enumerate(one.expected["executions"]) if told["parent"] is None]
    found = [span_id for span_id, number in numbers.items() if number in tops]
    return [NumberedRun(build_run(spans, span_id), numbers) for span_id in (found or (None,))]


def run_under(one: Recording, number: int) -> NumberedRun:
    """Build the run of one execution."""
    spans = one.spans()
    numbers = _numbers(one, spans)
    (span_id,) = (span_id for span_id, known in numbers.items() if known == number)
    return NumberedRun(build_run(spans, span_id), numbers)


def drawn(graph: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Bring a graph into a form that does not depend on the order of its nodes and edges."""
    names = [(node["label"], node["type"], node["kind"], node["executions"]) for node in graph["nodes"]]
    nodes = [(names[at], sorted(names[child] for child in node["children"])) for at, node in enumerate(graph["nodes"])]
    edges = [
        (names[edge["tail"]], names[edge["head"]], edge["condition"] or "", edge["taken"]) for edge in graph["edges"]
    ]
    return sorted(nodes), sorted(edges)


def arrived(one: Recording) -> list[int]:
    """Return the executions whose spans were sent: those that ended."""
    return [number for number, told in enumerate(one.expected["executions"]) if told["outcome"] != "running"]


def is_exact(certainties: Iterable[Certainty]) -> bool:
    """Say whether every one is exact."""
    return all(certainty is Certainty.EXACT for certainty in certainties)


def _numbers(one: Recording, spans: list[Span]) -> dict[str, int]:
    executables: list[Executable] = [found for span in spans if (found := executable_of(span)) is not None]
    executables.sort(key=lambda found: found.start_ns)
    return {found.span_id: number for found, number in zip(executables, arrived(one), strict=True)}
