"""A graph as its objects tell it: nodes, edges, and how often each was run or taken."""

from __future__ import annotations

from collections import Counter
from typing import Any

from junjo import RunConcurrent

from tests.recordings.programs import sdk


class Drawing:
    """One graph of one execution."""

    def __init__(self, graph: Any) -> None:
        self._nodes: list[Any] = []
        self._edges: list[Any] = list(graph.edges)
        self._taken: Counter[int] = Counter()
        self._executions: dict[int, list[int]] = {}
        self._add(graph.source)
        for edge in self._edges:
            self._add(edge.tail)
            self._add(edge.head)

    def took(self, edge: Any) -> None:
        """Note that an edge was taken."""
        self._taken[next(at for at, known in enumerate(self._edges) if known is edge)] += 1

    def executed(self, executable: Any, execution: int) -> None:
        """Note that a node was run, if it is one of this graph."""
        place = self._place(executable)
        if place is not None:
            self._executions.setdefault(place, []).append(execution)

    def page(self) -> dict[str, Any]:
        """Return nodes and edges as data."""
        return {
            "nodes": [self._node(at, node) for at, node in enumerate(self._nodes)],
            "edges": [
                {
                    "tail": self._place(edge.tail),
                    "head": self._place(edge.head),
                    "condition": str(edge.condition) if edge.condition else None,
                    "taken": self._taken[at],
                }
                for at, edge in enumerate(self._edges)
            ],
        }

    def _node(self, place: int, node: Any) -> dict[str, Any]:
        kinds = {"run_concurrent": "concurrent", "subflow": "subflow"}
        children = node.items if isinstance(node, RunConcurrent) else ()
        return {
            "label": node.name,
            "type": type(node).__name__,
            "kind": kinds.get(sdk.type_of(node), "node"),
            "executions": self._executions.get(place, []),
            "children": [self._place(child) for child in children],
        }

    def _add(self, node: Any) -> None:
        if self._place(node) is None:
            self._nodes.append(node)
            for child in node.items if isinstance(node, RunConcurrent) else ():
                self._add(child)

    def _place(self, node: Any) -> int | None:
        return next((at for at, known in enumerate(self._nodes) if known is node), None)
