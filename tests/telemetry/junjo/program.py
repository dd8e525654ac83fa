"""Writes the spans of a made-up Junjo program, in the words of either generation, and reads them as stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry.span import Span
from tests.recordings.load import spans_of
from tests.support import otlp

START_NS = 1_795_000_000_000_000_000
TRACE_ID = f"{7:032x}"

Event = tuple[str, Mapping[str, otlp.Value]]


def id_of(key: str) -> str:
    """The span id of a span that tests call by `key`."""
    return f"{int.from_bytes(key.encode()[:8].rjust(8, b'.'), 'big'):016x}"


def set_state(store: str = "st", **more: otlp.Value) -> Event:
    """An update of a store."""
    told = {"id": "e", "junjo.store.id": store, "junjo.store.name": "Store", "junjo.store.action": "act"}
    return "set_state", {**told, "junjo.state_json_patch": "[]", **more}


def exception(type_: str, message: str, stacktrace: str = "") -> Event:
    """An exception as OpenTelemetry records it."""
    told = {"exception.type": type_, "exception.message": message, "exception.stacktrace": stacktrace}
    return "exception", {**told, "exception.escaped": "False"}


@dataclass
class Program:
    """The spans of one trace, by key, in order of arrival. Times are in ms after the start of the trace."""

    sent: dict[str, OtlpSpan] = field(default_factory=dict)

    def span(
        self,
        key: str,
        parent: str | None = None,
        at: tuple[float, float] = (0, 100),
        events: Iterable[Event] = (),
        error: str | None = None,
        name: str | None = None,
        **attributes: otlp.Value,
    ) -> None:
        """Any span; attributes are written with `__` for a dot."""
        start_ns, end_ns = (START_NS + round(ms * 1_000_000) for ms in at)
        sent = otlp.span(
            name or key,
            trace=bytes.fromhex(TRACE_ID),
            id=bytes.fromhex(id_of(key)),
            parent=bytes.fromhex(id_of(parent)) if parent else b"",
            start_ns=start_ns,
            duration_ns=end_ns - start_ns,
            attributes={name.replace("__", "."): value for name, value in attributes.items()},
            error=error,
        )
        for event, told in events:
            sent.events.add(name=event, time_unix_nano=end_ns, attributes=otlp.key_values(told))
        self.sent[key] = sent

    def execute(
        self,
        key: str,
        parent: str | None = None,
        at: tuple[float, float] = (0, 100),
        *,
        type: str = "node",  # noqa: A002 - reads as the field it fills
        runtime: str | None = None,
        definition: str | None = None,
        structure: str | None = None,
        within: tuple[str, str] | None = None,
        graph: Mapping[str, Any] | None = None,
        store: str | None = None,
        **more: Any,
    ) -> None:
        """An executable of G2; `within` is the (runtime id, structural id) of the one that it names as its parent."""
        attributes: dict[str, otlp.Value] = {
            "junjo__telemetry__contract_version": 2,
            "junjo__span_type": type,
            "junjo__executable_runtime_id": runtime or key,
            "junjo__executable_definition_id": definition or runtime or key,
        }
        if structure:
            attributes["junjo__executable_structural_id"] = structure
        if within:
            attributes["junjo__parent_executable_runtime_id"] = within[0]
            attributes["junjo__parent_executable_definition_id"] = f"{within[0]}-definition"
            attributes["junjo__parent_executable_structural_id"] = within[1]
        if graph:
            attributes["junjo__workflow__execution_graph_snapshot"] = json.dumps(graph)
        if store:
            attributes["junjo__workflow__store__id"] = store
            attributes["junjo__workflow__state__start"] = attributes["junjo__workflow__state__end"] = "{}"
        self.span(key, parent, at, **{**attributes, **more})

    def old_execute(
        self,
        key: str,
        parent: str | None = None,
        at: tuple[float, float] = (0, 100),
        *,
        type: str = "node",  # noqa: A002 - reads as the field it fills
        own: str | None = None,
        within: str | None = None,
        graph: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """An executable of G0."""
        attributes: dict[str, otlp.Value] = {"junjo__span_type": type, "junjo__id": own or key}
        if within:
            attributes["junjo__parent_id"] = within
        if graph:
            attributes["junjo__workflow__graph_structure"] = json.dumps(graph)
        self.span(key, parent, at, **{**attributes, **more})

    def spans(self, *without: str) -> list[Span]:
        """The spans as the store gives them back, but for those that did not arrive."""
        arrived = [sent for key, sent in self.sent.items() if key not in without]
        return spans_of(otlp.trace_request(*arrived, resource={"service.version": "1.2"})) if arrived else []


def graph_v2(*nodes: str | Mapping[str, Any], edges: Sequence[Sequence[Any]] = (), structure: str = "graph_1") -> Any:
    """A snapshot; a node is its id (and label), an edge is (tail, head, condition or None, subflow or None)."""
    return {
        "v": 2,
        "graphStructuralId": structure,
        "nodes": [
            {"nodeRuntimeId": node, "nodeStructuralId": f"node_{node}", "nodeType": "Node", "nodeLabel": node}
            if isinstance(node, str)
            else {"nodeStructuralId": f"node_{node['nodeRuntimeId']}", "nodeLabel": node["nodeRuntimeId"], **node}
            for node in nodes
        ],
        "edges": [
            {
                "edgeStructuralId": f"edge_{place}",
                "tailNodeRuntimeId": edge[0],
                "headNodeRuntimeId": edge[1],
                "edgeConditionLabel": edge[2] if len(edge) > 2 else None,
                "parentSubflowRuntimeId": edge[3] if len(edge) > 3 else None,
            }
            for place, edge in enumerate(edges)
        ],
    }


def group(id_: str, *children: str) -> dict[str, Any]:
    """A RunConcurrent for `graph_v2`."""
    return {"nodeRuntimeId": id_, "isConcurrentSubgraph": True, "childNodeRuntimeIds": list(children)}


def subflow(id_: str, structure: str, source: str, *sinks: str) -> dict[str, Any]:
    """A subflow for `graph_v2`."""
    return {
        "nodeRuntimeId": id_,
        "isSubflow": True,
        "subflowGraphStructuralId": structure,
        "subflowSourceNodeRuntimeId": source,
        "subflowSinkNodeRuntimeIds": list(sinks),
    }
