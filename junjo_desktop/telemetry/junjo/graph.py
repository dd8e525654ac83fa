"""Execution graph snapshots, v1 (G0) and v2 (G1 and newer), as one model."""

from __future__ import annotations

from dataclasses import replace

import orjson

from junjo_desktop.telemetry.junjo.attributes import text_of
from junjo_desktop.telemetry.junjo.graph_model import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.graph_nesting import drawing_of
from junjo_desktop.telemetry.junjo.graph_snapshot import read_snapshot
from junjo_desktop.telemetry.otlp_json import Attributes

__all__ = ["Graph", "GraphEdge", "GraphNode", "NodeKind", "read_graph"]

SNAPSHOT = "junjo.workflow.execution_graph_snapshot"
STRUCTURE = "junjo.workflow.graph_structure"  # G0


def read_graph(attributes: Attributes) -> Graph | None:
    """Read the snapshot of a workflow or subflow; None when it has none. One that cannot be read has notes only."""
    text = text_of(attributes, SNAPSHOT, STRUCTURE)
    if text is None:
        return None
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _unreadable(f"The graph is no JSON: {error}.")
    if not isinstance(parsed, dict):
        return _unreadable("The graph is no JSON object.")
    snapshot = read_snapshot(parsed)
    graph = drawing_of(snapshot)
    return replace(graph, notes=(*snapshot.notes, *graph.notes))


def _unreadable(note: str) -> Graph:
    return Graph(version=0, structural_id=None, nodes=(), edges=(), notes=(note,))
