"""What the command line asks about services: figures, the map, restarts, and what the last one changed; as JSON."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store.service_calls import parts_of, read_part
from junjo_desktop.store.service_comparison import ProcessComparison, compare_processes
from junjo_desktop.store.service_figures import Figures, Stretch, service_figures
from junjo_desktop.store.service_map import NodeKey, Tally, merged
from junjo_desktop.store.service_processes import Process, processes_of
from junjo_desktop.store.service_verdicts import OperationDifference, Side

_MOST_OUTSIDE = 1_000
_PAIR = 2


def service_figures_answer(
    cursor: DuckDBPyConnection, service: str | None = None, since_ns: int | None = None, until_ns: int | None = None
) -> dict[str, Any]:
    """Return the figures of services and operations that began between two moments (nanoseconds; None: open)."""
    told = service_figures(cursor, Stretch(since_ns, until_ns, service), time.time_ns())
    return {
        "since_ns": since_ns,
        "until_ns": until_ns,
        "span_ns": told.span_ns,
        "spans": told.spans,
        "hidden_operations": told.hidden_operations,
        "services": [
            {
                "service_name": found.service_name,
                "spans": found.spans,
                "errors": found.errors,
                "has_requests": found.has_requests,
                "requests": _figures(found.figures, told.per_minute(found.figures.spans)),
                "operations": [
                    {
                        "name": operation.name,
                        "span_type": operation.span_type,
                        **_figures(operation.figures, told.per_minute(operation.figures.spans)),
                    }
                    for operation in found.operations
                ],
            }
            for found in told.services
        ],
    }


def service_map_answer(
    cursor: DuckDBPyConnection, service: str | None = None, since_ns: int | None = None, until_ns: int | None = None
) -> dict[str, Any]:
    """Return who called whom between two moments; with a service, what it called and was called by."""
    parts = parts_of(cursor, Stretch(since_ns, until_ns))
    found = merged(read_part(cursor, part, with_outside=True) for part in parts.parts)
    drawn = found.shown(with_outside=True, most_outside=_MOST_OUTSIDE)
    edges = [edge for edge in drawn.edges.values() if service is None or service in (edge.tail.name, edge.head.name)]
    ends = {key for edge in edges for key in (edge.tail, edge.head)}
    nodes = [node for node in drawn.nodes.values() if service is None or node.key in ends or node.key.name == service]
    return {
        "since_ns": since_ns,
        "until_ns": until_ns,
        "spans": drawn.spans,
        "calls_without_target": drawn.untold,
        "nodes": [
            {**_node(node.key), "spans": node.spans, "span_errors": node.errors, **_tally(node.requests)}
            for node in sorted(nodes, key=lambda node: node.key)
        ],
        "edges": [
            {"from": _node(edge.tail), "to": _node(edge.head), "kind": edge.kind.value, **_tally(edge.tally)}
            for edge in sorted(edges, key=lambda edge: (edge.tail, edge.head, edge.kind))
        ],
    }


def restarts_answer(
    cursor: DuckDBPyConnection,
    service: str,
    since_ns: int | None = None,
    until_ns: int | None = None,
    compare: bool = False,
    limit: int = 100,
) -> dict[str, Any]:
    """Return the runs of a service, newest first; `compare`: with what the newest does differently from the one before.

    Raises `NotFoundError` when the service has none, or only one to compare.
    """
    told = processes_of(cursor, Stretch(since_ns, until_ns, service), max(limit, _PAIR))
    if not told.processes:
        raise NotFoundError(f"No span of {service} began then.", "`junjo-desktop services` lists which there are.")
    document: dict[str, Any] = {
        "service_name": service,
        "runs": [_process(process) for process in told.processes[:limit]],
        "older_runs": told.hidden + max(0, len(told.processes) - limit),
        "tells_processes": service not in told.untold,
    }
    if compare:
        newest, before = told.processes[0], told.before(told.processes[0])
        if before is None:
            raise NotFoundError(f"{service} ran only once then.", "Restart it, or name an earlier time with --since.")
        document["comparison"] = _comparison(compare_processes(cursor, before, newest))
    return document


def _figures(figures: Figures, per_minute: float) -> dict[str, Any]:
    return {
        "spans": figures.spans,
        "per_minute": round(per_minute, 6),
        "errors": figures.errors,
        "error_rate": round(figures.error_share, 6),
        "p50_ns": figures.p50_ns,
        "p95_ns": figures.p95_ns,
        "p99_ns": figures.p99_ns,
        "input_tokens": figures.input_tokens,
        "output_tokens": figures.output_tokens,
        "first_ns": figures.first_ns,
        "last_ns": figures.last_ns,
    }


def _node(key: NodeKey) -> dict[str, str]:
    return {"kind": key.kind.value, "name": key.name}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "calls": tally.calls,
        "errors": tally.errors,
        "error_rate": round(tally.error_share, 6),
        "p50_ns_about": tally.quantile_ns(0.5),
        "p95_ns_about": tally.quantile_ns(0.95),
    }


def _process(process: Process) -> dict[str, Any]:
    identity = process.identity
    return {
        "first_ns": process.first_ns,
        "last_ns": process.last_ns,
        "end_ns": process.end_ns,
        "service_version": identity.version or None,
        "revision": identity.revision or None,
        "process": identity.words or None,
        "seen_by": process.sign.value,
        "pause_ns": process.pause_ns,
        "new_version": process.new_version,
        **asdict(process.figures),
    }


def _comparison(found: ProcessComparison) -> dict[str, Any]:
    return {
        "left": _process(found.left),
        "right": _process(found.right),
        "counts": {verdict.value: count for verdict, count in found.counts.items()},
        "requests": _difference(found.requests),
        "operations": [
            {"name": key.name, "span_type": key.span_type, **_difference(difference)}
            for key, difference in found.operations
        ],
        "hidden_operations": found.hidden_operations,
    }


def _difference(difference: OperationDifference) -> dict[str, Any]:
    change = difference.duration_change
    return {
        "verdicts": [verdict.value for verdict in difference.verdicts],
        "notes": list(difference.notes),
        "duration_change": None if change is None else round(change, 6),
        "left": _side(difference.left),
        "right": _side(difference.right),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    each = side.tokens_each
    return {
        "spans": side.spans,
        "errors": side.errors,
        "error_rate": round(side.error_share, 6),
        "measured": side.measured,
        "p50_ns": side.p50_ns,
        "p95_ns": side.p95_ns,
        "tokens": side.tokens,
        "tokens_each": None if each is None else round(each, 3),
    }
