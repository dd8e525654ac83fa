"""The lists of nodes and edges of a snapshot, of both versions, with whatever is malformed left out and noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from junjo_desktop.telemetry.junjo.attributes import text_of
from junjo_desktop.telemetry.junjo.graph_model import GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

V1, V2 = 1, 2


@dataclass
class Snapshot:
    """Nodes by id, in the order of the snapshot; edges with ids that are unique and ends that exist."""

    version: int
    structural_id: str | None
    nodes: dict[str, GraphNode] = field(default_factory=dict)
    edges: list[GraphEdge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_snapshot(parsed: Attributes) -> Snapshot:
    """Read the keys of either version, whichever is there: v2 has `nodeRuntimeId` where v1 has `id`, and so on."""
    snapshot = Snapshot(_version(parsed), text_of(parsed, "graphStructuralId"))
    if snapshot.version not in (V1, V2):
        snapshot.notes.append(
            f"Version {snapshot.version} of the graph is not known here; it is read as far as it goes."
        )
    if "error" in parsed and "nodes" not in parsed:
        snapshot.notes.append("The program could not write the graph.")
        return snapshot
    _read_nodes(snapshot, parsed.get("nodes"))
    _keep_groups_sound(snapshot)
    _read_edges(snapshot, parsed.get("edges"))
    return snapshot


def _version(parsed: Attributes) -> int:
    version = parsed.get("v")
    if isinstance(version, int) and not isinstance(version, bool):
        return version
    return V2 if text_of(parsed, "graphStructuralId") else V1


def _read_nodes(snapshot: Snapshot, items: Plain) -> None:
    for item in _objects(snapshot, items, "nodes"):
        node_id = text_of(item, "nodeRuntimeId", "id")
        if node_id is None:
            snapshot.notes.append("A node without an id is left out.")
        elif node_id in snapshot.nodes:
            snapshot.notes.append(f"Node {node_id} comes twice; the first one counts.")
        else:
            snapshot.nodes[node_id] = _node(node_id, item)


def _node(node_id: str, item: Attributes) -> GraphNode:
    type_ = text_of(item, "nodeType", "type") or ""
    kind = NodeKind.NODE
    if item.get("isConcurrentSubgraph") is True or item.get("isSubgraph") is True:
        kind = NodeKind.CONCURRENT
    elif item.get("isSubflow") is True:
        kind = NodeKind.SUBFLOW
    sink = text_of(item, "subflowSinkId")
    return GraphNode(
        id=node_id,
        structural_id=text_of(item, "nodeStructuralId"),
        type=type_,
        label=text_of(item, "nodeLabel", "label") or type_ or node_id,
        kind=kind,
        children=_texts(item.get("childNodeRuntimeIds", item.get("children"))),
        subflow_graph_id=text_of(item, "subflowGraphStructuralId"),
        subflow_source=text_of(item, "subflowSourceNodeRuntimeId", "subflowSourceId"),
        subflow_sinks=_texts(item.get("subflowSinkNodeRuntimeIds")) or ((sink,) if sink else ()),
    )


def _keep_groups_sound(snapshot: Snapshot) -> None:
    """Let each child exist and be in one group only, and no group be within itself."""
    group_of: dict[str, str] = {}
    for node in list(snapshot.nodes.values()):
        if not node.children:
            continue
        kept = []
        for child in dict.fromkeys(node.children) if node.kind is NodeKind.CONCURRENT else ():
            if child in snapshot.nodes and child not in group_of and not _is_within(node.id, child, group_of):
                group_of[child] = node.id
                kept.append(child)
        if tuple(kept) != node.children:
            snapshot.notes.append(f"Some children of node {node.id} cannot be; they are left out.")
            snapshot.nodes[node.id] = replace(node, children=tuple(kept))


def _is_within(node_id: str, group: str, group_of: dict[str, str]) -> bool:
    walk: str | None = node_id
    while walk is not None and walk != group:
        walk = group_of.get(walk)
    return walk is not None


def _read_edges(snapshot: Snapshot, items: Plain) -> None:
    taken: set[str] = set()
    for item in _objects(snapshot, items, "edges"):
        tail = text_of(item, "tailNodeRuntimeId", "source")
        head = text_of(item, "headNodeRuntimeId", "target")
        if tail not in snapshot.nodes or head not in snapshot.nodes:
            snapshot.notes.append("An edge without both of its nodes is left out.")
            continue
        edge_id = _free_id(text_of(item, "edgeStructuralId", "id") or f"{tail}→{head}", taken)
        label = text_of(item, "edgeConditionLabel", "condition")
        subflow_id = text_of(item, "parentSubflowRuntimeId", "subflowId")
        snapshot.edges.append(GraphEdge(edge_id, tail, head, label, subflow_id))


def _free_id(wanted: str, taken: set[str]) -> str:
    free, count = wanted, 1
    while free in taken:
        count += 1
        free = f"{wanted}#{count}"
    taken.add(free)
    return free


def _objects(snapshot: Snapshot, items: Plain, what: str) -> Iterable[Attributes]:
    if not isinstance(items, list):
        snapshot.notes.append(f"The graph has no list of {what}.")
        return
    for item in items:
        if isinstance(item, dict):
            yield item
        else:
            snapshot.notes.append(f"Something among the {what} is no object and is left out.")


def _texts(items: Plain) -> tuple[str, ...]:
    return tuple(item for item in items if item and isinstance(item, str)) if isinstance(items, list) else ()
