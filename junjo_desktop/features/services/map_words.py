"""What is written on the map, and what a screen reader says about it. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.services.words import share_text
from junjo_desktop.store.service_map import Edge, EdgeKind, Node, NodeKind, Tally
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import count_text, counted, duration_text
from junjo_desktop.widgets.layered.labels import shown_text

_THOUSAND, _MILLION = 1_000, 1_000_000
WIDEST_LABEL = "888.8k · < 0.1 % · 888 ms"
"""As wide as what stands beside a line: the drawing does not change while its figures do."""

_LOOKS: dict[NodeKind, tuple[Role, str]] = {
    NodeKind.SERVICE: ("workflow", "services"),
    NodeKind.MODEL: ("llm", "llm"),
    NodeKind.DATABASE: ("database", "sql"),
    NodeKind.MESSAGES: ("retrieval", "logs"),
    NodeKind.HOST: ("node", "external"),
}


def node_role(kind: NodeKind) -> Role:
    """Return the colour of a kind of node; its icon and its tooltip say it as well."""
    return _LOOKS[kind][0]


def node_icon(kind: NodeKind) -> str:
    """Return the name of the icon of a kind of node."""
    return _LOOKS[kind][1]


def short_count(count: int) -> str:
    """Return `812`, `12.4k`, `1.2M`."""
    if count < 10 * _THOUSAND:
        return count_text(count)
    if count < _MILLION:
        return f"{count / _THOUSAND:.1f}k"
    return f"{count / _MILLION:.1f}M"


def tally_text(tally: Tally) -> str:
    """Return `160 · 4.4 % · 448 ms`: how many, how many of a hundred failed, and the p95."""
    parts = [short_count(tally.calls)]
    if tally.errors:
        parts.append(share_text(tally.error_share, tally.errors))
    p95_ns = tally.quantile_ns(0.95)
    if p95_ns is not None:
        parts.append(duration_text(p95_ns))
    return " · ".join(parts)


def node_title(node: Node) -> str:
    """Return the name of a node as it is drawn."""
    return shown_text(node.key.name)


def node_detail(node: Node) -> str:
    """Return the second line of a node."""
    if node.requests.calls:
        return tally_text(node.requests)
    return f"{short_count(node.spans)} spans" if node.spans else node.key.kind.value


def node_words(node: Node) -> str:
    """Return everything about a node in one sentence."""
    kind = node.key.kind
    parts = [f"{kind.value.capitalize()} {shown_text(node.key.name)}"]
    parts.append(_tally_words(node.requests, "request" if kind is NodeKind.SERVICE else "call"))
    if node.spans:
        parts.append(f"{counted(node.spans, 'span')}, {node.errors:,} failed")
    return ": ".join((parts[0], "; ".join(part for part in parts[1:] if part)))


def edge_words(edge: Edge) -> str:
    """Return everything about an edge in one sentence."""
    ends = f"{shown_text(edge.tail.name)} → {shown_text(edge.head.name)}"
    return f"{ends}: {_tally_words(edge.tally, 'message' if edge.kind is EdgeKind.LINK else 'call')}"


def _tally_words(tally: Tally, noun: str) -> str:
    if not tally.calls:
        return f"no {noun}"
    words = f"{counted(tally.calls, noun)}, {tally.errors:,} failed ({share_text(tally.error_share, tally.errors)})"
    p50_ns, p95_ns = tally.quantile_ns(0.5), tally.quantile_ns(0.95)
    if p50_ns is None or p95_ns is None:
        return words
    return f"{words}, p50 {duration_text(p50_ns)}, p95 {duration_text(p95_ns)}"
