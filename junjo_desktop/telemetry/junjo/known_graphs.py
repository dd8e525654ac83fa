"""Graphs for executions that have not told theirs: it is sent at the end, with the span of the workflow or subflow.

Another execution of the same structure may have told it before, in this trace or, where the caller knows of one, in
another. Its nodes have ids of their own there; their structural ids are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from junjo_desktop.telemetry.junjo.attributes import attributes_of
from junjo_desktop.telemetry.junjo.executable import Executable
from junjo_desktop.telemetry.junjo.graph import Graph, read_graph
from junjo_desktop.telemetry.span import Span


class KnownGraphs:
    """The graphs of a trace; `others` are those of other traces, by structural id."""

    def __init__(
        self, spans: Mapping[str, Span], arrived: Mapping[str, Executable], others: Mapping[str, Graph]
    ) -> None:
        self._spans = spans
        self._arrived = arrived
        self._others = others
        self._own: dict[str, Graph | None] = {}
        self._by_structure: dict[str, Graph] | None = None

    def own(self, span_id: str) -> Graph | None:
        """The graph that this span itself tells."""
        if span_id not in self._own:
            span = self._spans.get(span_id)
            self._own[span_id] = read_graph(attributes_of(span)) if span is not None else None
        return self._own[span_id]

    def of(self, owner: Executable) -> Graph | None:
        """The graph of an owner: its own, or one of the same structure."""
        own = self.own(owner.span_id)
        if own is not None or owner.structural_id is None:
            return own
        if self._by_structure is None:
            self._by_structure = dict(self._structures())
        return self._by_structure.get(owner.structural_id)

    def _structures(self) -> Iterator[tuple[str, Graph]]:
        own = (graph for span_id in self._arrived if (graph := self.own(span_id)) is not None)
        yield from _with_inner((*self._others.values(), *own))


def _with_inner(graphs: Iterable[Graph]) -> Iterator[tuple[str, Graph]]:
    """Yield graphs and all within them by structural id, inner ones first: what ran itself tells more."""
    for graph in graphs:
        yield from _with_inner(graph.inner.values())
    for graph in graphs:
        if graph.structural_id is not None and graph.nodes:
            yield graph.structural_id, graph
