"""What the call graph says. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.trace.span_graph.model import GraphEdge, GraphForm, GraphNode, SpanGraph
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text, counted, duration_text
from junjo_desktop.widgets.layered.labels import shown_text


def node_title(node: GraphNode) -> str:
    """Return the name of a node."""
    return shown_text(node.name)


def node_figures(node: GraphNode) -> str:
    """Return how often, how long, and how long without its children."""
    often = f"×{count_text(node.count)} · " if node.count > 1 else ""
    return f"{often}{duration_text(node.total_ns)} · own {duration_text(node.self_ns)}"


def node_failures(node: GraphNode) -> str:
    """Return how many of its spans failed; empty for none."""
    if not node.error_count:
        return ""
    return "failed" if node.count == 1 else f"{count_text(node.error_count)} failed"


def edge_text(edge: GraphEdge) -> str:
    """Return what stands beside an edge."""
    return f"×{count_text(edge.count)}" if edge.count > 1 else ""


def node_sentence(node: GraphNode) -> str:
    """Return all of it, for the tooltip and for a screen reader."""
    failed = f", {count_text(node.error_count)} failed" if node.error_count else ""
    return (
        f"{kind_word(node.span_type)} {isolated(node.name)} of {isolated(node.service_name)}, "
        f"{counted(node.count, 'span')}{failed}, {duration_text(node.total_ns)} in all, "
        f"{duration_text(node.self_ns)} of its own"
    )


def edge_sentence(edge: GraphEdge, graph: SpanGraph) -> str:
    """Return the figures of an edge, for its tooltip."""
    tail, head = (one_line(graph.nodes[end].name, 80) for end in (edge.tail, edge.head))
    failed = f", {count_text(edge.error_count)} failed" if edge.error_count else ""
    return f"{tail} → {head}\n{counted(edge.count, 'call')}{failed}, {duration_text(edge.total_ns)} in all"


def hidden_words(graph: SpanGraph) -> str:
    """Say what is left out; empty for nothing."""
    said = []
    if graph.hidden and graph.form is GraphForm.SPANS:
        said.append(f"The first {counted(len(graph.nodes), 'span')} of {count_text(len(graph.nodes) + graph.hidden)}")
    elif graph.hidden:
        said.append(f"{counted(graph.hidden, 'name')} that took least left out")
    if graph.hidden_edges:
        said.append(f"{counted(graph.hidden_edges, 'line')} left out")
    return " · ".join(said)
