"""What of a snapshot belongs to the drawing itself, and what to the subflows in it.

A snapshot lists the nodes of its subflows, too, nested ones as well. In v2 a subflow names its source and its sinks; in
v1 it does so with ids that match nothing (its graph was made anew for each question), so that a node there without
any edge, behind a subflow that has no other nodes, is that subflow's only one.
"""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.telemetry.junjo.graph_model import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.graph_snapshot import V1, Snapshot

_DEEPEST = 32


def drawing_of(snapshot: Snapshot) -> Graph:
    """The graph of the snapshot's owner, with those of its subflows in `inner`."""
    notes: list[str] = []
    members = _members(snapshot, notes)
    explicit = [edge for edge in snapshot.edges if edge.subflow_id is None]
    touched = _with_children(snapshot, {end for edge in explicit for end in (edge.tail, edge.head)})
    within = set().union(*members.values()) - touched
    own = {node_id for node_id in snapshot.nodes if node_id not in within}
    if snapshot.nodes and not own:
        notes.append("Every node claims to be within a subflow; all are drawn.")
        own = set(snapshot.nodes)
    nesting = _Nesting(snapshot, members)
    graph = nesting.graph(own, explicit, snapshot.structural_id)
    return replace(graph, notes=tuple(notes))


class _Nesting:
    """Builds the graph of each subflow once, however often it is named."""

    def __init__(self, snapshot: Snapshot, members: dict[str, set[str]]) -> None:
        self._snapshot = snapshot
        self._members = members
        self._edges: dict[str, list[GraphEdge]] = {}
        for edge in snapshot.edges:
            if edge.subflow_id is not None:
                self._edges.setdefault(edge.subflow_id, []).append(edge)
        self._built: dict[str, Graph] = {}
        self._open: list[str] = []

    def graph(self, own: set[str], edges: list[GraphEdge], structural_id: str | None) -> Graph:
        """The graph of these nodes."""
        nodes = tuple(node for node in self._snapshot.nodes.values() if node.id in own)
        drawn = tuple(edge for edge in edges if edge.tail in own and edge.head in own)
        inner = {node.id: graph for node in nodes if (graph := self._inner(node)) is not None}
        return Graph(self._snapshot.version, structural_id, nodes, drawn, inner=inner)

    def _inner(self, node: GraphNode) -> Graph | None:
        if node.kind is not NodeKind.SUBFLOW or node.id in self._open or len(self._open) >= _DEEPEST:
            return None
        if node.id not in self._built:
            self._open.append(node.id)
            edges = self._edges.get(node.id, [])
            self._built[node.id] = self.graph(self._members[node.id], edges, node.subflow_graph_id)
            self._open.pop()
        return self._built[node.id]


def _members(snapshot: Snapshot, notes: list[str]) -> dict[str, set[str]]:
    """The nodes right within each subflow, by the id of its node; also those of subflows that are not there."""
    members: dict[str, set[str]] = {}
    for node in snapshot.nodes.values():
        if node.kind is NodeKind.SUBFLOW:
            ends = (node.subflow_source, *node.subflow_sinks)
            members[node.id] = {end for end in ends if end in snapshot.nodes and end != node.id}
    for edge in snapshot.edges:
        if edge.subflow_id is not None:
            if edge.subflow_id not in members:
                notes.append(f"Nodes of subflow {edge.subflow_id}, which is not there, are left out.")
            members.setdefault(edge.subflow_id, set()).update((edge.tail, edge.head))
    if snapshot.version == V1:
        _claim_lone_nodes(snapshot, members)
    return {subflow: _with_children(snapshot, ids) - {subflow} for subflow, ids in members.items()}


def _claim_lone_nodes(snapshot: Snapshot, members: dict[str, set[str]]) -> None:
    bound = {end for edge in snapshot.edges for end in (edge.tail, edge.head)}
    bound.update(child for node in snapshot.nodes.values() for child in node.children)
    childless: list[str] = []
    for place, node in enumerate(snapshot.nodes.values()):
        if place and childless and node.id not in bound:
            members[childless.pop()].add(node.id)
        if node.kind is NodeKind.SUBFLOW and not members[node.id]:
            childless.append(node.id)


def _with_children(snapshot: Snapshot, ids: set[str]) -> set[str]:
    found, open_ids = set(ids), list(ids)
    while open_ids:
        node: GraphNode | None = snapshot.nodes.get(open_ids.pop())
        fresh = set(node.children) - found if node is not None else set()
        found |= fresh
        open_ids.extend(fresh)
    return found
