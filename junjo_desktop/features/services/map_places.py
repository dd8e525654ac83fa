"""Where the nodes and edges of the map lead. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.services.filters import calls_query, messages_query, outside_query, spans_query
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.store.service_map import Edge, EdgeKind, Node, NodeKind
from junjo_desktop.widgets.time_range import TimeRange


def node_place(node: Node, time_range: TimeRange, *, failed: bool) -> OpenTraces | None:
    """Return the traces in which a node has part; None for several outside that were put together."""
    if node.key.kind is NodeKind.SERVICE:
        return OpenTraces(text=spans_query(time_range, node.key.name, failed=failed))
    query = outside_query(time_range, None, node.key, failed=failed)
    return None if query is None else OpenTraces(text=query)


def edge_place(edge: Edge, time_range: TimeRange, *, failed: bool) -> OpenTraces | None:
    """Return the traces in which one node called another."""
    if edge.kind is EdgeKind.LINK:
        return OpenTraces(text=messages_query(time_range, edge.head.name, failed=failed))
    if edge.head.kind is NodeKind.SERVICE:
        return OpenTraces(text=calls_query(time_range, edge.tail.name, edge.head.name, failed=failed))
    query = outside_query(time_range, edge.tail.name, edge.head, failed=failed)
    return None if query is None else OpenTraces(text=query)
