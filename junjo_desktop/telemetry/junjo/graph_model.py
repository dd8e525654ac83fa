"""Execution graph snapshots, v1 (G0) and v2 (G1 and newer), as one model. Ids and labels are hostile text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NodeKind(StrEnum):
    """How a node is drawn."""

    NODE = "node"
    CONCURRENT = "concurrent"
    SUBFLOW = "subflow"


@dataclass(frozen=True)
class GraphNode:
    """A node. `id` is what its spans carry: v1 `junjo.id`; v2 the runtime id, for subflows the definition id.

    `children` are ids of nodes of the same graph (of a concurrent group only). `subflow_source` and `subflow_sinks` are
    ids of the inner graph; in v1 they match no node.
    """

    id: str
    structural_id: str | None
    type: str
    label: str
    kind: NodeKind
    children: tuple[str, ...] = ()
    subflow_graph_id: str | None = None
    subflow_source: str | None = None
    subflow_sinks: tuple[str, ...] = ()


@dataclass(frozen=True)
class GraphEdge:
    """An edge from `tail` to `head` (node ids). `label` names its condition; `subflow_id` is None on explicit edges."""

    id: str
    tail: str
    head: str
    label: str | None = None
    subflow_id: str | None = None


@dataclass(frozen=True)
class Graph:
    """A snapshot: nodes and edges of the drawing itself, each id once, each edge between nodes that are here.

    `inner` has the graph of a subflow as the parent's snapshot tells it, by the subflow's node id: to be drawn when the
    subflow never ran. `notes` say in sentences what was malformed and left out.
    """

    version: int
    structural_id: str | None
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    notes: tuple[str, ...] = ()
    inner: Mapping[str, Graph] = field(default_factory=dict)
