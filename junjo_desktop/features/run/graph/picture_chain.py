"""The drawing of a run whose graph has not arrived: the nodes that have run, in the order in which they first did.

Also Junjo sends the graph with the end of the workflow; a process that was killed never sends it. Qt-free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.run import EdgeCount, GraphExecution, Step

_KINDS = {
    ExecutableType.NODE: NodeKind.NODE,
    ExecutableType.AGENT: NodeKind.NODE,
    ExecutableType.RUN_CONCURRENT: NodeKind.CONCURRENT,
    ExecutableType.SUBFLOW: NodeKind.SUBFLOW,
    ExecutableType.WORKFLOW: NodeKind.SUBFLOW,
}

_NOT_ARRIVED = "Not arrived yet"


def chain_of(owner_span_id: str, steps: Sequence[Step]) -> GraphExecution:
    """Return what ran right within the owner, as the execution of a graph made of it."""
    above = _executables_above(steps)
    nodes: dict[str, GraphNode] = {}
    runs: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    order: list[str] = []
    for step in sorted((one for one in steps if one.span_id in above), key=_start):
        group = _group_of(step, above, owner_span_id)
        if group is None:
            continue
        node_id = _node_id(step)
        nodes.setdefault(node_id, _node(node_id, step))
        runs.setdefault(node_id, []).append(step.span_id)
        if not group:
            order.append(node_id)
        elif node_id not in children.setdefault(group, []):
            children[group].append(node_id)
    with_children = tuple(
        node if node.id not in children else _with_children(node, children[node.id]) for node in nodes.values()
    )
    edges = _edges(order)
    return GraphExecution(
        owner_span_id,
        Graph(0, None, with_children, tuple(edges)),
        {node_id: tuple(spans) for node_id, spans in runs.items()},
        {edge.id: EdgeCount(count, is_inferred=False) for edge, count in edges.items()},
        {node_id: tuple(runs[node_id]) for node_id, node in nodes.items() if node.kind is NodeKind.SUBFLOW},
    )


def _start(step: Step) -> tuple[int, int]:
    # What encloses others starts with them or before, and comes first.
    return step.start_ns, step.depth


def _executables_above(steps: Sequence[Step]) -> dict[str, Step | None]:
    """Return the nearest executable around each step that is one, by span id."""
    by_id = {step.span_id: step for step in steps}
    nearest: dict[str, Step | None] = {}
    for step in steps:  # in order of the tree: what is above comes first
        parent = by_id.get(step.parent_span_id or "")
        above = None if parent is None else parent if parent.executable is not None else nearest.get(parent.span_id)
        nearest[step.span_id] = above
    return {step.span_id: nearest[step.span_id] for step in steps if step.executable is not None}


def _group_of(step: Step, above: Mapping[str, Step | None], owner_span_id: str) -> str | None:
    """Return the id of the group a step stands in, "" for none, None if it is no part of this drawing."""
    first = around = above[step.span_id]
    while around is not None and _is_group(around) and around.span_id != owner_span_id:
        around = above[around.span_id]
    if step.span_id == owner_span_id or (None if around is None else around.span_id) != owner_span_id:
        return None
    return _node_id(first) if first is not None and _is_group(first) else ""


def _is_group(step: Step) -> bool:
    return step.executable is not None and step.executable.type is ExecutableType.RUN_CONCURRENT


def _node_id(step: Step) -> str:
    executable = step.executable
    if executable is None:
        return step.span_id
    is_owner = executable.type in (ExecutableType.SUBFLOW, ExecutableType.WORKFLOW)
    wanted = executable.definition_id if is_owner else executable.runtime_id
    return wanted or step.span_id


def _node(node_id: str, step: Step) -> GraphNode:
    kind = NodeKind.NODE if step.executable is None else _KINDS[step.executable.type]
    return GraphNode(node_id, None, "", step.name or _NOT_ARRIVED, kind)


def _with_children(node: GraphNode, children: Sequence[str]) -> GraphNode:
    return GraphNode(node.id, None, node.type, node.label, NodeKind.CONCURRENT, tuple(children))


def _edges(order: Sequence[str]) -> Mapping[GraphEdge, int]:
    counts: dict[tuple[str, str], int] = {}
    for pair in pairwise(order):
        counts[pair] = counts.get(pair, 0) + 1
    return {GraphEdge(f"{number}", *pair): count for number, (pair, count) in enumerate(counts.items())}
