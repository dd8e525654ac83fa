"""Makes the picture of a run: what is to be seen, what it did, and the plan of its layout. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.features.run.failures_rows import last_name
from junjo_desktop.features.run.graph.picture_chain import chain_of
from junjo_desktop.features.run.graph.picture_model import Choices, DrawnEdge, DrawnNode, Picture, TextMeasure
from junjo_desktop.features.run.graph.picture_words import (
    detail_text,
    edge_text,
    open_detail_text,
    overall_state,
)
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.run import EdgeCount, GraphExecution, Run, Step
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.layered.labels import shown_text
from junjo_desktop.widgets.layered.model import Box, Link, Plan

SO_FAR = "The graph arrives with the end of the workflow. These nodes have run so far."
NEVER_CAME = "The graph never arrived: it comes with the end of the workflow. These nodes have run."
BORROWED = "The graph is that of another run of the same workflow: this one's own arrives with its end."
NOTHING_YET = "No node of this run has arrived yet."
NO_NODES = "The graph of this run has no nodes."
AGENT = "An agent has no graph: what it did is in its operations."

NODE_HEIGHT = 42.0
HEADER_HEIGHT = 30.0
_LABEL_HEIGHT = 14.0
_LEAST_WIDTH = 156.0
_MOST_WIDTH = 216.0
_MOST_LABEL_WIDTH = 190.0
_PADDING = 24.0
_CHEVRON = 18.0
_HEADER_DETAIL = 104.0
_NOTES = 2
_NOTE_CHARACTERS = 160

_DEEPEST_GROUP = 12
"""Groups in groups beyond this stand beside one another in the last one."""
_NEVER = EdgeCount(0, is_inferred=False)


def picture_of(run: Run, choices: Choices, measure: TextMeasure) -> Picture:
    """Return the picture of `run` with these subflows opened and these runs chosen."""
    # The first step is the owner of the run, arrived or not.
    owner = run.steps[0].span_id if run.steps else ""
    execution = run.graphs.get(owner)
    is_known = execution is not None and execution.graph is not None
    shown = execution if is_known and execution is not None else chain_of(owner, run.steps)
    builder = _Builder(run, choices, measure)
    plan = builder.level(shown, "", None)
    return Picture(builder.nodes, builder.edges, plan, builder.node_of_span, _sentence(run, builder, is_known=is_known))


def _sentence(run: Run, builder: _Builder, *, is_known: bool) -> str:
    if run.agent is not None and not builder.nodes:
        return AGENT
    if is_known:
        return _left_out(run) if builder.nodes else NO_NODES
    if not builder.nodes:
        return NOTHING_YET
    return SO_FAR if run.state is ExecutionState.RUNNING else NEVER_CAME


def _left_out(run: Run) -> str:
    """Say what of the graph was malformed, and what ran that is not in it."""
    execution = run.graphs[run.steps[0].span_id]
    notes = (
        [] if execution.graph is None else [one_line(note, _NOTE_CHARACTERS) for note in execution.graph.notes[:_NOTES]]
    )
    if execution.is_borrowed:
        notes.insert(0, BORROWED)
    if execution.unmatched:
        notes.append(f"{counted(execution.unmatched, 'execution')} that ran have no node in this graph.")
    return " ".join(notes)


@dataclass(frozen=True, slots=True)
class _Scope:
    """One graph that is drawn: where, what it did, and which of its nodes stand in groups."""

    execution: GraphExecution
    graph: Graph
    prefix: str
    nodes: dict[str, GraphNode]
    position: dict[str, int]

    def key(self, node_id: str) -> str:
        """Return the key of a node of this graph."""
        return f"{self.prefix}{self.position[node_id]}"


class _Builder:
    def __init__(self, run: Run, choices: Choices, measure: TextMeasure) -> None:
        self._run = run
        self._choices = choices
        self._measure = measure
        self._steps = {step.span_id: step for step in run.steps}
        self._failures = {failure.span_id: last_name(failure.type) for failure in reversed(run.failures)}
        self.nodes: dict[str, DrawnNode] = {}
        self.edges: dict[str, DrawnEdge] = {}
        self.node_of_span: dict[str, str] = {}

    def level(self, execution: GraphExecution, prefix: str, parent: str | None) -> Plan:
        """Add the nodes and edges of a graph; return its plan."""
        graph = execution.graph
        if graph is None:
            return Plan()
        nodes = {node.id: node for node in graph.nodes}
        position = {node.id: number for number, node in enumerate(graph.nodes)}
        scope = _Scope(execution, graph, prefix, nodes, position)
        in_groups = _grouped(graph, nodes)
        boxes = tuple(self._box(scope, in_groups, node, parent) for node in graph.nodes if node.id not in in_groups.all)
        links = tuple(self._link(scope, number, edge) for number, edge in enumerate(graph.edges))
        return Plan(boxes, links)

    def _box(self, scope: _Scope, groups: _Groups, node: GraphNode, parent: str | None) -> Box:
        key = scope.key(node.id)
        runs = scope.execution.executions.get(node.id) or scope.execution.subflows.get(node.id, ())
        steps = [self._steps[span_id] for span_id in runs if span_id in self._steps]
        chosen = self._chosen(key, steps)
        inner = self._inner(scope, node, [step.span_id for step in steps], chosen)
        state = overall_state(steps) if steps else self._state_without_span(scope, groups, node)
        is_open = inner is not None and key in self._choices.opened
        detail = (
            open_detail_text(steps, chosen, self._failures) if is_open else detail_text(steps, state, self._failures)
        )
        drawn = DrawnNode(
            key,
            shown_text(node.label),
            shown_text(node.type, ""),
            node.kind,
            state,
            detail,
            tuple(step.span_id for step in steps),
            chosen,
            parent,
            can_open=inner is not None,
            is_open=is_open,
        )
        self.nodes[key] = drawn
        self.node_of_span.update((step.span_id, key) for step in steps)
        if is_open and inner is not None:
            return Box(key, self._header_width(drawn), HEADER_HEIGHT, self.level(inner, f"{key}/", key))
        if node.kind is NodeKind.CONCURRENT:
            children = tuple(self._box(scope, groups, child, key) for child in groups.of(node.id, scope.nodes))
            return Box(key, self._header_width(drawn), HEADER_HEIGHT, Plan(children, is_stack=True))
        wanted = self._measure.label(drawn.label) + _PADDING + (_CHEVRON if drawn.can_open else 0)
        return Box(key, max(_LEAST_WIDTH, min(wanted, _MOST_WIDTH)), NODE_HEIGHT)

    def _state_without_span(self, scope: _Scope, groups: _Groups, node: GraphNode) -> ExecutionState:
        """Return the state of a node with no span: a group of which a child ran has run, its span has not arrived."""
        inside = groups.of(node.id, scope.nodes)
        if not any(scope.execution.executions.get(child.id) for child in inside):
            return ExecutionState.NOT_RUN
        return ExecutionState.RUNNING if self._run.state is ExecutionState.RUNNING else ExecutionState.LOST

    def _header_width(self, drawn: DrawnNode) -> float:
        # Room for the figures that come later: a run that goes on moves nothing.
        wanted = self._measure.header(drawn.label) + _PADDING + _HEADER_DETAIL
        return max(_LEAST_WIDTH, min(wanted, 1.4 * _MOST_WIDTH))

    def _chosen(self, key: str, steps: list[Step]) -> int:
        """Return the run that is looked at: the user's choice, else the first that failed, else the last."""
        chosen = self._choices.runs.get(key)
        if chosen is not None and chosen < len(steps):
            return chosen
        failed = (number for number, step in enumerate(steps) if step.state is ExecutionState.FAILED)
        return next(failed, max(len(steps) - 1, 0))

    def _inner(self, scope: _Scope, node: GraphNode, runs: list[str], chosen: int) -> GraphExecution | None:
        """Return what a subflow did in the chosen run; what it would do if it never ran; None if nobody knows."""
        if node.kind is not NodeKind.SUBFLOW:
            return None
        told = scope.graph.inner.get(node.id)
        if not runs:
            return None if told is None else GraphExecution("", told)
        own = self._run.graphs.get(runs[chosen])
        if own is not None and own.graph is not None:
            return own
        chain = chain_of(runs[chosen], self._run.steps)
        return chain if chain.graph is not None and chain.graph.nodes else None

    def _link(self, scope: _Scope, number: int, edge: GraphEdge) -> Link:
        key = f"{scope.prefix}edge {number}"
        taken = scope.execution.edges.get(edge.id, _NEVER)
        text = edge_text(edge.label, taken.count, is_inferred=taken.is_inferred)
        drawn = DrawnEdge(
            key, scope.key(edge.tail), scope.key(edge.head), text, edge.label, taken.count, taken.is_inferred
        )
        self.edges[key] = drawn
        if not text or not self._choices.has_edge_labels:
            return Link(key, drawn.tail, drawn.head)
        width = min(self._measure.edge(text), _MOST_LABEL_WIDTH)
        return Link(key, drawn.tail, drawn.head, width, _LABEL_HEIGHT)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which nodes stand in which group: each once, and none inside itself."""

    children: dict[str, list[str]]
    all: frozenset[str]

    def of(self, group_id: str, nodes: dict[str, GraphNode]) -> list[GraphNode]:
        """Return the nodes inside a group."""
        return [nodes[child] for child in self.children.get(group_id, ())]


def _grouped(graph: Graph, nodes: dict[str, GraphNode]) -> _Groups:
    group_of: dict[str, str] = {}
    for node in graph.nodes:
        for child in node.children if node.kind is NodeKind.CONCURRENT else ():
            if child in nodes and child not in group_of and child not in _around(node.id, group_of):
                group_of[child] = node.id
    children: dict[str, list[str]] = {}
    for child, group in group_of.items():
        children.setdefault(_shallow(group, group_of), []).append(child)
    return _Groups(children, frozenset(group_of))


def _around(node_id: str, group_of: dict[str, str]) -> list[str]:
    """Return a node and the groups around it, inside out."""
    found = [node_id]
    while found[-1] in group_of:
        found.append(group_of[found[-1]])
    return found


def _shallow(group_id: str, group_of: dict[str, str]) -> str:
    around = _around(group_id, group_of)
    return around[max(len(around) - _DEEPEST_GROUP, 0)]
