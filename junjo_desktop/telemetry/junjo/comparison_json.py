"""A comparison as JSON, for the command line and for whoever reads it there; `cli/compare.py` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.comparison_graph import GraphDifference
from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep, Comparison, StorePair, TimeShare, lasted_ns
from junjo_desktop.telemetry.junjo.comparison_states import StateDifference, states_between
from junjo_desktop.telemetry.junjo.graph_model import GraphNode
from junjo_desktop.telemetry.junjo.json_value import written
from junjo_desktop.telemetry.junjo.run_model import Step
from junjo_desktop.telemetry.junjo.state import ABSENT


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the document, ready for orjson."""
    return {
        "facts": asdict(comparison.facts),
        "steps": [_row(row) for row in comparison.steps],
        "times": [_share(share) for share in comparison.times],
        "stores": [_store(pair) for pair in comparison.stores],
        "graphs": [_graph(graph) for graph in comparison.graphs],
    }


def _row(row: AlignedStep) -> dict[str, Any]:
    return {
        "name": row.name,
        "span_type": row.span_type,
        "depth": row.depth,
        "parent": row.parent,
        "is_path": row.is_path,
        "left": _step(row.left),
        "right": _step(row.right),
        "difference_ns": row.difference_ns,
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "span_id": step.span_id,
        "name": step.name,
        "state": step.state.value,
        "start_time_unix_nano": str(step.start_ns),
        "duration_ns": lasted_ns(step),
        "iteration": step.iteration,
        "iterations": step.iterations,
    }


def _share(share: TimeShare) -> dict[str, Any]:
    return {**asdict(share), "difference_ns": share.difference_ns}


def _store(pair: StorePair) -> dict[str, Any]:
    return {
        "name": pair.name,
        "position": pair.position,
        "left_store_id": None if pair.left is None else pair.left.record.store_id,
        "right_store_id": None if pair.right is None else pair.right.record.store_id,
        "start": _difference(states_between(pair, is_end=False)),
        "end": _difference(states_between(pair, is_end=True)),
    }


def _difference(found: StateDifference) -> dict[str, Any]:
    told: Sequence[Any] = () if found.changes is None else tuple(found.changes.leaves())
    return {
        "left_certainty": found.left.certainty.value,
        "right_certainty": found.right.certainty.value,
        "count": None if found.changes is None else found.changes.count,
        "reason": found.reason,
        "changes": [
            {"kind": one.kind.value, "pointer": one.pointer, "left": _value(one.before), "right": _value(one.after)}
            for one in told
        ],
    }


def _value(value: Any) -> orjson.Fragment | None:
    return None if value is ABSENT else written(value)


def _graph(graph: GraphDifference) -> dict[str, Any]:
    return {
        "name": graph.name,
        "position": graph.position,
        "new_nodes": [_node(node) for node in graph.new_nodes],
        "gone_nodes": [_node(node) for node in graph.gone_nodes],
        "new_edges": [asdict(edge) for edge in graph.new_edges],
        "gone_edges": [asdict(edge) for edge in graph.gone_edges],
        "is_order_only": graph.is_order_only,
    }


def _node(node: GraphNode) -> dict[str, Any]:
    return {"id": node.id, "label": node.label, "kind": node.kind.value, "structural_id": node.structural_id}
