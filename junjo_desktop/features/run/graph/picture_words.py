"""What is written on nodes and edges, and what a screen reader says about them. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junjo_desktop.features.run.graph.picture_model import DrawnEdge, DrawnNode
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.graph import NodeKind
from junjo_desktop.telemetry.junjo.run import Step
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.layered.labels import shown_text

# The worst comes first: one failed run among many is what has to be seen.
_BY_WEIGHT = (
    ExecutionState.FAILED,
    ExecutionState.LOST,
    ExecutionState.CANCELLED,
    ExecutionState.RUNNING,
    ExecutionState.DONE,
)
_WORDS = {
    ExecutionState.NOT_RUN: "not run",
    ExecutionState.RUNNING: "running",
    ExecutionState.DONE: "done",
    ExecutionState.FAILED: "failed",
    ExecutionState.CANCELLED: "cancelled",
    ExecutionState.LOST: "lost",
}
_KINDS = {NodeKind.NODE: "Node", NodeKind.CONCURRENT: "Concurrent group", NodeKind.SUBFLOW: "Subflow"}


def overall_state(steps: Sequence[Step]) -> ExecutionState:
    """Return the state of a node with these runs: the one that has to be seen first."""
    states = {step.state for step in steps}
    return next((state for state in _BY_WEIGHT if state in states), ExecutionState.NOT_RUN)


def detail_text(steps: Sequence[Step], state: ExecutionState, failures: Mapping[str, str]) -> str:
    """Return the second line of a node: what went wrong, how long it took in all, how often it ran.

    `failures` are the types of failures by span id.
    """
    if not steps:
        return _WORDS[state]
    parts = [] if state is ExecutionState.DONE else [_trouble(steps, state, failures)]
    ended = [step.end_ns - step.start_ns for step in steps if step.end_ns is not None]
    if ended:
        parts.append(duration_text(sum(ended)))
    if len(steps) > 1:
        parts.append(counted(len(steps), "run"))
    return " · ".join(parts) or _WORDS[state]


def open_detail_text(steps: Sequence[Step], chosen: int, failures: Mapping[str, str]) -> str:
    """Return what stands in the header of an opened subflow: what is seen inside is one run of it."""
    if len(steps) < 2:
        return detail_text(steps, overall_state(steps), failures)
    one = steps[chosen : chosen + 1]
    return f"run {chosen + 1} of {len(steps)} · {detail_text(one, overall_state(one), failures)}"


def _trouble(steps: Sequence[Step], state: ExecutionState, failures: Mapping[str, str]) -> str:
    if state is ExecutionState.FAILED:
        types = (failures.get(step.span_id) for step in steps)
        return shown_text(next((name for name in types if name), ""), "failed")
    return _WORDS[state]


def edge_text(condition: str | None, count: int, *, is_inferred: bool) -> str:
    """Return what stands beside an edge: its condition, how often it was taken, and whether that is a guess."""
    parts = [] if condition is None else [shown_text(condition, "(condition)")]
    if count > 1:
        parts.append(f"taken {count:,}×")
    if count and is_inferred:
        parts.append("inferred")
    return " · ".join(parts)


def edge_tooltip(edge: DrawnEdge) -> str:
    """Return everything that is known about an edge."""
    lines = [] if edge.condition is None else [f"Condition: {shown_text(edge.condition, '(condition)')}"]
    if not edge.is_taken:
        lines.append("Not taken")
    else:
        lines.append("Taken once" if edge.count == 1 else f"Taken {edge.count:,} times")
    if edge.is_taken and edge.is_inferred:
        lines.append("Inferred from the order of the nodes: the telemetry does not tell which edge was taken.")
    return "\n".join(lines)


def node_tooltip(node: DrawnNode) -> str:
    """Return everything that is known about a node."""
    lines = [node.label]
    if node.type and node.type != node.label:
        lines.append(node.type)
    lines.append(f"{_KINDS[node.kind]}: {_WORDS[node.state]}" + (f" ({node.detail})" if node.runs else ""))
    if node.can_open:
        lines.append("Enter closes it" if node.is_open else "Enter opens it in place")
    return "\n".join(lines)


def spoken_node(node: DrawnNode) -> str:
    """Return what a screen reader says: kind, name, state, figures, and which run is looked at."""
    parts = [f"{_KINDS[node.kind]} {node.label}", _WORDS[node.state]]
    if node.runs:
        parts.append(node.detail)
    if len(node.runs) > 1:
        parts.append(f"run {node.chosen + 1} of {len(node.runs)}")
    if node.can_open:
        parts.append("open" if node.is_open else "closed")
    return ", ".join(parts)


def strip_text(node: DrawnNode, step: Step | None) -> str:
    """Return what the strip says about the selected node: which run, its time, its state."""
    if step is None:
        return f"{node.label}: {_WORDS[node.state]}"
    which = f"run {node.chosen + 1} of {len(node.runs)}" if len(node.runs) > 1 else _WORDS[step.state]
    parts = [f"{node.label}: {which}"]
    if step.end_ns is not None:
        parts.append(duration_text(step.end_ns - step.start_ns))
    if len(node.runs) > 1:
        parts.append(_WORDS[step.state])
    return " · ".join(parts)
