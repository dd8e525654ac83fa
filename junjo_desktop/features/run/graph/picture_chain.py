"""The drawing of a run whose graph has not arrived: the nodes that have run, in the order in which they first did.

Also Junjo sends the graph with the end of the workflow; a process that was killed never sends it. Qt-free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.run import EdgeCount, GraphExecution, Step

_KINDS = {
    ExecutableType.NODE: NodeKind.NODE,
    ExecutableType.AGENT: NodeKind.NODE,
    ExecutableType.RUN_CONCURRENT: NodeKind.CONCURRENT,
    ExecutableType.SUBFLOW: NodeKind.SUBFLOW,
    ExecutableType.WORKFLOW: NodeKind.SUBFLOW,
}
NOT_ARRIVED = "Not arrived yet"


def chain_of(owner_span_id: str | None, steps: Sequence[Step]) -> GraphExecution:
    """Return what the owner's executed nodes tell, as the execution of a graph made of them.

    Without an owner (None) these are the topmost executables. Nodes whose group or subflow has not arrived stand
    together in a group that says so.
    """
    nodes: dict[str, GraphNode] = {}
    runs: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    order: list[str] = []
    for step, above in sorted(_with_executable_above(steps), key=_start):
        group = _group_of(step, above, owner_span_id, steps)
        if group is None:
            continue
        node_id = _node_id(step)
        nodes.setdefault(node_id, _node(node_id, step))
        runs.setdefault(node_id, []).append(step.span_id)
        if not group:
            order.append(node_id)
        elif node_id not in children.setdefault(group, []):
            children[group].append(node_id)
            if group not in nodes:
                nodes[group] = GraphNode(group, None, "", NOT_ARRIVED, NodeKind.CONCURRENT)
                order.append(group)
    with_children = tuple(
        node if node.id not in children else _with_children(node, children[node.id]) for node in nodes.values()
    )
    edges = _edges(order)
    return GraphExecution(
        owner_span_id or "",
        Graph(0, None, with_children, tuple(edges)),
        {node_id: tuple(spans) for node_id, spans in runs.items()},
        {edge.id: EdgeCount(count, is_inferred=False) for edge, count in edges.items()},
        {node_id: tuple(runs[node_id]) for node_id, node in nodes.items() if node.kind is NodeKind.SUBFLOW},
    )


def _start(pair: tuple[Step, Step | None]) -> tuple[int, int]:
    # What encloses others starts with them or before, and comes first.
    return pair[0].start_ns, pair[0].depth


def _with_executable_above(steps: Sequence[Step]) -> list[tuple[Step, Step | None]]:
    """Return the steps that are executables, each with the nearest executable around it."""
    by_id = {step.span_id: step for step in steps}
    nearest: dict[str, Step | None] = {}
    found = []
    for step in steps:  # in order of the tree: what is above comes first
        parent = by_id.get(step.parent_span_id or "")
        above = None if parent is None else parent if parent.executable is not None else nearest.get(parent.span_id)
        nearest[step.span_id] = above
        if step.executable is not None:
            found.append((step, above))
    return found


def _group_of(step: Step, above: Step | None, owner_span_id: str | None, steps: Sequence[Step]) -> str | None:
    """Return the id of the group a step stands in, "" for the chain itself, None if it is no part of this drawing."""
    executable = step.executable
    if executable is None or step.span_id == owner_span_id:
        return None
    if above is not None and above.executable is not None and above.executable.type is ExecutableType.RUN_CONCURRENT:
        return _node_id(above)
    if (above.span_id if above is not None else None) != owner_span_id:
        return None
    if owner_span_id is None and executable.parent_runtime_id is not None:
        return _missing_group(executable, steps)
    return ""


def _missing_group(executable: Executable, steps: Sequence[Step]) -> str:
    """Return the id of the group or subflow that has not arrived; "" if it is the run's own owner that has not.

    The owner is taken to be the parent of whatever started first.
    """
    first = min((step for step in steps if step.executable is not None), key=lambda step: step.start_ns)
    owner = None if first.executable is None else first.executable.parent_runtime_id
    return "" if executable.parent_runtime_id == owner else f"missing {executable.parent_runtime_id}"


def _node_id(step: Step) -> str:
    executable = step.executable
    if executable is None:
        return step.span_id
    is_owner = executable.type in (ExecutableType.SUBFLOW, ExecutableType.WORKFLOW)
    wanted = executable.definition_id if is_owner else executable.runtime_id
    return wanted or step.span_id


def _node(node_id: str, step: Step) -> GraphNode:
    kind = NodeKind.NODE if step.executable is None else _KINDS[step.executable.type]
    return GraphNode(node_id, None, "", step.name, kind)


def _with_children(node: GraphNode, children: Sequence[str]) -> GraphNode:
    return GraphNode(node.id, None, node.type, node.label, NodeKind.CONCURRENT, tuple(children))


def _edges(order: Sequence[str]) -> Mapping[GraphEdge, int]:
    counts: dict[tuple[str, str], int] = {}
    for pair in pairwise(order):
        counts[pair] = counts.get(pair, 0) + 1
    return {GraphEdge(f"{number}", *pair): count for number, (pair, count) in enumerate(counts.items())}
