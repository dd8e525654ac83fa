"""What one execution of a workflow or subflow did in its graph: which nodes ran when, and which edges were taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from junjo_desktop.telemetry.junjo.attributes import attributes_of, int_of
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, NodeKind
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree

NODE_COUNT = "junjo.workflow.node.count"


@dataclass(frozen=True)
class EdgeCount:
    """How often an edge was taken; if `is_inferred`, how often it may have been."""

    count: int
    is_inferred: bool


@dataclass(frozen=True)
class GraphExecution:
    """What one execution of a workflow or subflow did in its graph. Nodes and edges that did nothing are not in it."""

    owner_span_id: str
    graph: Graph | None
    executions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By graph node id: span ids in order of start. Also of children of concurrent groups."""
    edges: Mapping[str, EdgeCount] = field(default_factory=dict)
    """By edge id."""
    subflows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By graph node id of a subflow: span ids of its owners, each with a GraphExecution of its own in `Run.graphs`."""
    unmatched: int = 0
    """How many executions right within it are no node of the graph."""
    is_borrowed: bool = False
    """The graph is that of another execution of the same structure: this one has not told its own yet."""
    expected: tuple[str, ...] = ()
    """While it runs: graph nodes that may be running now, unseen, or be next. Their spans are sent when they end."""


def graph_execution(tree: TraceTree, owner_id: str, inside: Sequence[str]) -> GraphExecution:
    """Read what an owner did; `inside` are the executables right within it (not those of nested owners), by start.

    A step of a graph is a node, a subflow or a concurrent group. Each step that started is followed by the next one to
    start. An edge between the two counts as taken:

    * for certain, when it is the only one, or declared before all others between them and without a condition (Junjo
      takes the first that holds);
    * inferred, when several edges lead from the one to the other (each of them then counts: it may have been taken);
      when the two overlap in time; when the group of a concurrent child is missing; when the owner says that more
      steps ended than have arrived, or one of the two has not arrived itself.

    Steps without an edge between them had others in between that are lost; no edge counts for these. A step that
    failed or was cancelled is the last of its execution, so the path ends there.
    """
    graph = tree.graphs.of(tree.executables[owner_id])
    matching = _Matching(graph, [tree.executables[id_] for id_ in inside])
    subflows = {
        node_id: own
        for node_id, ids in matching.executions.items()
        if (own := tuple(id_ for id_ in ids if tree.executables[id_].type is ExecutableType.SUBFLOW))
    }
    path = matching.path(tree, owner_id)
    is_short = owner_id in tree.spans and _is_short(tree, owner_id, inside)
    return GraphExecution(
        owner_span_id=owner_id,
        graph=graph,
        executions={node_id: tuple(ids) for node_id, ids in matching.executions.items()},
        edges=_edge_counts(graph, path, is_short=is_short) if graph is not None else {},
        subflows=subflows,
        unmatched=len(inside) - len(matching.node_of),
        is_borrowed=graph is not None and tree.graphs.own(owner_id) is None,
        expected=_expected(graph, path) if graph is not None and tree.executables[owner_id].end_ns is None else (),
    )


class _Matching:
    """Finds the graph node of each executable; without a graph its id stands for the node."""

    def __init__(self, graph: Graph | None, inside: Sequence[Executable]) -> None:
        self._nodes = {node.id: node for node in graph.nodes} if graph is not None else {}
        self._inside = inside
        self._group_of = {child: node.id for node in self._nodes.values() for child in node.children}
        self.node_of: dict[str, str] = {}
        for executable in inside:
            node_id = executable.definition_id if executable.type is ExecutableType.SUBFLOW else executable.runtime_id
            node_id = node_id or executable.definition_id
            if node_id is not None and (graph is None or node_id in self._nodes):
                self.node_of[executable.span_id] = node_id
        if graph is not None:
            self._match_structures()
        self.executions: dict[str, list[str]] = {}
        for executable in inside:
            if executable.span_id in self.node_of:
                self.executions.setdefault(self.node_of[executable.span_id], []).append(executable.span_id)

    def _match_structures(self) -> None:
        """Match what has no known id by structure, where just one node that nothing else claims has the same."""
        unmatched = [executable for executable in self._inside if executable.span_id not in self.node_of]
        claimed = set(self.node_of.values())
        free: dict[tuple[bool, str], list[str]] = {}
        for node in self._nodes.values() if unmatched else ():
            is_subflow = node.kind is NodeKind.SUBFLOW
            structural_id = node.subflow_graph_id if is_subflow else node.structural_id
            if structural_id is not None and node.id not in claimed:
                free.setdefault((is_subflow, structural_id), []).append(node.id)
        for executable in unmatched:
            is_subflow = executable.type is ExecutableType.SUBFLOW
            alike = free.get((is_subflow, executable.structural_id or ""), ())
            if len(alike) == 1:
                self.node_of[executable.span_id] = alike[0]

    def path(self, tree: TraceTree, owner_id: str) -> list[_PathStep]:
        """The steps of the graph that ran, by start: children count as their group, once where it is there itself."""
        path: list[_PathStep] = []
        for executable in self._inside:
            node_id = self.node_of.get(executable.span_id)
            if node_id is None:
                continue
            group = self._group_of.get(node_id)
            if group is None:
                is_over = executable.is_arrived and executable.state is ExecutionState.DONE
                times = executable.start_ns, executable.end_ns
                path.append(_PathStep(node_id, *times, is_inferred=not executable.is_arrived, is_over=is_over))
            elif not self._is_in_group(tree, owner_id, executable, group):
                self._add_group(path, group, executable)
        return path

    def _is_in_group(self, tree: TraceTree, owner_id: str, child: Executable, group: str) -> bool:
        within = takewhile(lambda above: above != owner_id, tree.above(child.span_id))
        return any(self.node_of.get(above) == group for above in within)

    def _add_group(self, path: list[_PathStep], group: str, child: Executable) -> None:
        while group in self._group_of:
            group = self._group_of[group]
        if not path or path[-1].node_id != group:
            path.append(_PathStep(group, child.start_ns, child.end_ns, is_inferred=True, is_over=False))


@dataclass(frozen=True)
class _PathStep:
    node_id: str
    start_ns: int
    end_ns: int | None
    is_inferred: bool
    is_over: bool


def _is_short(tree: TraceTree, owner_id: str, inside: Sequence[str]) -> bool:
    """Whether the owner counts more steps than have arrived. G0 adds up several runs, which tells nothing."""
    span, owner = tree.spans[owner_id], tree.executables[owner_id]
    counted = int_of(attributes_of(span), NODE_COUNT)
    if counted is None or owner.structural_id is None:
        return False
    executables = [tree.executables[id_] for id_ in inside]
    ended = [one for one in executables if one.type is not ExecutableType.RUN_CONCURRENT]
    return counted > sum(one.state is ExecutionState.DONE and one.is_arrived for one in ended)


def _edge_counts(graph: Graph, path: Sequence[_PathStep], *, is_short: bool) -> dict[str, EdgeCount]:
    between: dict[tuple[str, str], list[GraphEdge]] = {}
    for edge in graph.edges:
        between.setdefault((edge.tail, edge.head), []).append(edge)
    counts: dict[str, EdgeCount] = {}
    for tail, head in pairwise(path):
        edges = between.get((tail.node_id, head.node_id), [])
        if edges and edges[0].label is None:
            edges = edges[:1]
        overlap = tail.end_ns is None or head.start_ns < tail.end_ns
        is_inferred = is_short or len(edges) > 1 or overlap or tail.is_inferred or head.is_inferred
        for edge in edges:
            known = counts.get(edge.id, EdgeCount(0, is_inferred=False))
            counts[edge.id] = EdgeCount(known.count + 1, known.is_inferred or is_inferred)
    return counts


def _expected(graph: Graph, path: Sequence[_PathStep]) -> tuple[str, ...]:
    if path:
        last = path[-1]
        heads = (edge.head for edge in graph.edges if last.is_over and edge.tail == last.node_id)
        return tuple(dict.fromkeys(heads))
    reached = {edge.head for edge in graph.edges}
    children = {child for node in graph.nodes for child in node.children}
    return tuple(node.id for node in graph.nodes if node.id not in reached | children)
