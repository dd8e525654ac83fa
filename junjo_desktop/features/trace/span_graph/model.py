"""The spans of a trace as a call graph: merged by service and name, or each for itself. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.features.trace.tree import SpanTree

MOST_NODES = 240
MOST_EDGES = 500
"""Of more nodes or edges, those that took most time, and those that failed: nobody finds anything in a larger drawing,
and more lines take more than a frame to be made.
"""


class GraphForm(StrEnum):
    """What a node stands for."""

    NAMES = "names"
    """All spans of a service with the same name."""
    SPANS = "spans"
    """One span."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """Spans of one service and name. Times in nanoseconds; what ran at the same time counts each time."""

    key: str
    service_name: str
    name: str
    span_type: str
    count: int
    error_count: int
    total_ns: int
    self_ns: int
    positions: array[int]
    """Its spans, in the order of the waterfall."""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """Calls from spans of one node to spans of another, or of the same."""

    key: str
    tail: str
    head: str
    count: int
    error_count: int
    total_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class SpanGraph:
    """What is drawn. `hidden` nodes were left out, and `hidden_edges` between those that were not."""

    tree: SpanTree
    form: GraphForm
    nodes: dict[str, GraphNode]
    edges: dict[str, GraphEdge]
    node_of: dict[int, str]
    """By position, the drawn node of a span; of a span that is not drawn, nothing."""
    hidden: int
    hidden_edges: int
    service_count: int
    self_ns: int
    """Of all spans."""

    def node_around(self, span_id: str) -> str | None:
        """Return the node of a span, else of the innermost span around it that is drawn."""
        place = self.tree.position_of(span_id)
        while place is not None and place >= 0:
            if place in self.node_of:
                return self.node_of[place]
            place = self.tree.parents[place]
        return None


@dataclass(slots=True)
class _Sums:
    positions: array[int]
    errors: int = 0
    total_ns: int = 0
    self_ns: int = 0


def span_graph(tree: SpanTree, self_ns: Sequence[int], form: GraphForm) -> SpanGraph:
    """Return the graph of a trace: half a second for 500,000 spans."""
    columns = tree.columns
    groups = _groups(tree, form)
    sums: dict[int, _Sums] = {}
    for position in tree.order:
        group = groups[position]
        of = sums.get(group)
        if of is None:
            of = sums[group] = _Sums(array("i"))
        of.positions.append(position)
        of.errors += columns.failed[position]
        of.self_ns += self_ns[position]
        start, end = columns.starts[position], columns.ends[position]
        if 0 < start <= end:
            of.total_ns += end - start
    shown = _shown(sums, form)
    nodes = {group: _node(tree, form, of) for group, of in sums.items() if group in shown}
    node_of = {position: node.key for node in nodes.values() for position in node.positions}
    edges = _edges(tree, groups, nodes)
    kept = sorted(edges.values(), key=lambda edge: (-bool(edge.error_count), -edge.total_ns, edge.key))[:MOST_EDGES]
    return SpanGraph(
        tree=tree,
        form=form,
        nodes={node.key: node for node in nodes.values()},
        edges=edges if len(kept) == len(edges) else {edge.key: edge for edge in kept},
        node_of=node_of,
        hidden=len(sums) - len(nodes),
        hidden_edges=len(edges) - len(kept),
        service_count=len({label.service_name for label in columns.labels}),
        self_ns=sum(of.self_ns for of in sums.values()),
    )


def _groups(tree: SpanTree, form: GraphForm) -> Sequence[int]:
    """Return, by position, the number of the node that a span belongs to."""
    columns = tree.columns
    if form is GraphForm.SPANS:
        return range(len(columns))
    # Labels differ in more than what is shown here: in the host, say.
    numbers: dict[tuple[str, str], int] = {}
    group_of = [numbers.setdefault((label.service_name, label.name), len(numbers)) for label in columns.labels]
    return array("i", (group_of[label] for label in columns.label_of))


def _shown(sums: dict[int, _Sums], form: GraphForm) -> set[int]:
    if len(sums) <= MOST_NODES:
        return set(sums)
    if form is GraphForm.SPANS:
        # From the top: what is left out then hangs together, too.
        return set(list(sums)[:MOST_NODES])
    ranked = sorted(sums, key=lambda group: (-bool(sums[group].errors), -sums[group].total_ns, group))
    return set(ranked[:MOST_NODES])


def _node(tree: SpanTree, form: GraphForm, of: _Sums) -> GraphNode:
    columns, first = tree.columns, of.positions[0]
    label = columns.labels[columns.label_of[first]]
    key = f"{label.service_name}\n{label.name}" if form is GraphForm.NAMES else columns.ids.one(first) + f"\n{first}"
    return GraphNode(
        key=key,
        service_name=label.service_name,
        name=label.name,
        span_type=label.span_type,
        count=len(of.positions),
        error_count=of.errors,
        total_ns=of.total_ns,
        self_ns=of.self_ns,
        positions=of.positions,
    )


def _edges(tree: SpanTree, groups: Sequence[int], nodes: dict[int, GraphNode]) -> dict[str, GraphEdge]:
    columns = tree.columns
    counts: dict[tuple[int, int], list[int]] = {}
    for position in tree.order:
        parent = tree.parents[position]
        if parent < 0:
            continue
        pair = groups[parent], groups[position]
        if pair[0] not in nodes or pair[1] not in nodes:
            continue
        of = counts.setdefault(pair, [0, 0, 0])
        of[0] += 1
        of[1] += columns.failed[position]
        start, end = columns.starts[position], columns.ends[position]
        if 0 < start <= end:
            of[2] += end - start
    edges = {}
    for (tail, head), (count, errors, total_ns) in counts.items():
        ends = nodes[tail].key, nodes[head].key
        key = "\n\n".join(ends)
        edges[key] = GraphEdge(key, *ends, count, errors, total_ns)
    return edges
