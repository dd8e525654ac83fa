"""Spans as Junjo's SDKs send them, of all three generations, in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support import otlp

START_NS = 1_790_000_000_000_000_000


class Generation(Enum):
    """The generations of the telemetry contract."""

    G0 = "0.62 and older"
    G1 = "0.63 and 0.64"
    G2 = "0.65 and newer"


@dataclass(frozen=True)
class Place:
    """Where a span stands: its trace, its parent span, and the executable that it runs within."""

    trace: int
    parent: int = 0
    """The number of the parent span; 0: none."""
    runtime: str | None = None
    definition: str | None = None
    structure: str | None = None
    type: str | None = None


def executable(
    kind: str,
    number: int,
    place: Place,
    *,
    generation: Generation = Generation.G2,
    name: str = "",
    runtime: str = "",
    definition: str = "",
    structure: str = "",
    graph: str = "",
    start_ns: int | None = None,
    error: str | None = None,
    more: Mapping[str, otlp.Value] | None = None,
) -> Span:
    """The span of an executable; `number` gives its span id, and its ids where none are given."""
    definition = definition or f"definition-{number}"
    is_owner = kind in {"workflow", "subflow", "agent"}
    runtime = runtime or (f"runtime-{number}" if is_owner else definition)
    said: dict[str, otlp.Value] = {"junjo.span_type": kind}
    if generation is Generation.G0:
        said["junjo.id"] = definition
        said["junjo.parent_id"] = place.definition or ""
    else:
        said |= {
            "junjo.executable_definition_id": definition,
            "junjo.executable_runtime_id": runtime,
            "junjo.executable_structural_id": structure or (graph if is_owner else f"node_{name or number}"),
            "junjo.enclosing_graph_structural_id": graph,
            "junjo.parent_executable_definition_id": place.definition or "",
            "junjo.parent_executable_runtime_id": place.runtime or "",
            "junjo.parent_executable_structural_id": place.structure or "",
        }
    if generation is Generation.G2:
        said["junjo.telemetry.contract_version"] = 2
        if is_owner and place.type:
            said["junjo.parent_executable_type"] = place.type
    said |= more or {}
    return otlp.span(
        name or f"{kind} {number}",
        trace=otlp.trace_id(place.trace),
        id=otlp.span_id(number),
        parent=otlp.span_id(place.parent) if place.parent else b"",
        start_ns=START_NS + number if start_ns is None else start_ns,
        attributes={key: value for key, value in said.items() if value != ""},
        error=error,
    )


def operation(
    number: int,
    place: Place,
    *,
    type: str = "model_request",  # noqa: A002 - reads as the attribute it fills
    agent_key: str = "planner",
    tokens: tuple[int, int] | None = None,
) -> Span:
    """The span of an agent's model request or tool call."""
    said: dict[str, otlp.Value] = {
        "junjo.telemetry.contract_version": 2,
        "junjo.agent.operation_type": type,
        "junjo.agent.key": agent_key,
        "junjo.agent.runtime_id": place.runtime,
    }
    if tokens:
        said["junjo.agent.model.usage"] = f'{{"v":1,"inputTokens":{tokens[0]},"outputTokens":{tokens[1]}}}'
    return otlp.span(
        f"{type} {number}",
        trace=otlp.trace_id(place.trace),
        id=otlp.span_id(number),
        parent=otlp.span_id(place.parent) if place.parent else b"",
        start_ns=START_NS + number,
        attributes=said,
    )
