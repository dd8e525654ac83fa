"""A workflow run of any size, as the SDK's contract 2 sends it: a graph of nodes in a loop, and a store that grows."""

from __future__ import annotations

import json
from collections.abc import Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.otlp import Value, key_values, span, span_id, trace_request

START_NS = 1_795_183_378_480_123_456
_SPAN_NS = 2_000_000
_NODES = 40
_CONTRACT: dict[str, Value] = {"junjo.telemetry.contract_version": 2}
_STORE = "store-of-the-large-run"


def large_run(trace: bytes, spans: int, updates: int) -> list[ExportTraceServiceRequest]:
    """Return the requests of a run of `spans` spans, its owner last; every fifth node holds a call of a model."""
    # Every run says something else, so that a page has to show it anew.
    mark = trace.hex()[-6:]
    owner = span_id()
    made = list(_nodes(trace, owner, spans - 1, updates, mark))
    made.append(_owner(trace, owner, spans, updates, mark))
    return [trace_request(*made[first : first + 500], service="bench") for first in range(0, len(made), 500)]


def _nodes(trace: bytes, owner: bytes, count: int, updates: int, mark: str) -> Iterator[Span]:
    made, number, calls = 0, 0, 0
    executions = count - count // 6
    while made + calls < count:
        start = START_NS + number * _SPAN_NS
        node = number % _NODES
        one = span(
            f"Node {node} of {mark}",
            trace=trace,
            parent=owner,
            start_ns=start,
            duration_ns=_SPAN_NS - 100_000,
            attributes=_CONTRACT
            | {
                "junjo.span_type": "node",
                "junjo.executable_definition_id": f"node-{node}",
                "junjo.executable_runtime_id": f"node-{node}",
                "junjo.executable_structural_id": f"node_{node:032}",
                "junjo.enclosing_graph_structural_id": "graph_of_the_large_run",
                "junjo.parent_executable_runtime_id": "the-large-run",
            },
        )
        share = updates * (made + 1) // executions - updates * made // executions
        first = updates * made // executions
        for place in range(share):
            _update(one, start + (place + 1) * 100_000, first + place, mark)
        made += 1
        number += 1
        yield one
        if made % 5 == 0 and made + calls < count:
            calls += 1
            yield _model_call(trace, one.span_id, start)


def _model_call(trace: bytes, parent: bytes, start: int) -> Span:
    messages = json.dumps([{"role": "user", "content": "What is next? " * 20}])
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.input.messages": messages,
    }
    return span("chat gpt-4o", trace=trace, parent=parent, start_ns=start + 50_000, attributes=attributes)


def _update(on: Span, moment: int, number: int, mark: str) -> None:
    patch = [
        {"op": "replace", "path": "/count", "value": number + 1},
        {"op": "add", "path": f"/items/{number % 50}", "value": {"number": number, "text": f"item {number} of {mark}"}},
    ]
    event = on.events.add(name="set_state", time_unix_nano=moment)
    event.attributes.extend(
        key_values(
            {
                "id": f"event-{number}",
                "junjo.store.name": "LargeStore",
                "junjo.store.id": f"{_STORE}-{mark}",
                "junjo.store.action": f"add_item_{number % 7}",
                "junjo.store.transition.sequence": number + 1,
                "junjo.store.revision.before": number,
                "junjo.store.revision.after": number + 1,
                "junjo.state_json_patch": json.dumps(patch, separators=(",", ":")),
                "junjo.state_json_patch.mode": "full",
                "junjo.state_json_patch.policy": "junjo.full.v1",
            }
        )
    )


def _state(updates: int, mark: str) -> str:
    items: list[object] = []
    for number in range(updates):
        items.insert(number % 50, {"number": number, "text": f"item {number} of {mark}"})
    return json.dumps({"count": updates, "items": items, "note": mark * 40}, separators=(",", ":"))


def _owner(trace: bytes, own_id: bytes, spans: int, updates: int, mark: str) -> Span:
    nodes = [
        {"nodeRuntimeId": f"node-{number}", "nodeStructuralId": f"node_{number:032}", "nodeType": "Node"}
        | {"nodeLabel": f"Node {number} of {mark}"}
        for number in range(_NODES)
    ]
    edges = [
        {
            "edgeStructuralId": f"edge_{number}",
            "tailNodeRuntimeId": f"node-{number}",
            "headNodeRuntimeId": f"node-{(number + 1) % _NODES}",
            "edgeConditionLabel": "Again" if number == _NODES - 1 else None,
            "edgeScope": "explicit",
            "parentSubflowRuntimeId": None,
        }
        for number in range(_NODES)
    ]
    graph = {"v": 2, "graphStructuralId": "graph_of_the_large_run", "nodes": nodes, "edges": edges}
    attributes: dict[str, Value] = _CONTRACT | {
        "junjo.span_type": "workflow",
        "junjo.executable_definition_id": "the-large-workflow",
        "junjo.executable_runtime_id": "the-large-run",
        "junjo.executable_structural_id": "graph_of_the_large_run",
        "junjo.enclosing_graph_structural_id": "graph_of_the_large_run",
        "junjo.workflow.execution_graph_snapshot": json.dumps(graph),
        "junjo.workflow.store.id": f"{_STORE}-{mark}",
        "junjo.workflow.state.start": _state(0, mark),
        "junjo.workflow.state.start.mode": "full",
        "junjo.workflow.state.end": _state(updates, mark),
        "junjo.workflow.state.end.mode": "full",
        "junjo.store.revision.start": 0,
        "junjo.store.revision.end": updates,
        "junjo.store.transition.count": updates,
        "junjo.store.reconstructable": True,
        "junjo.workflow.node.count": spans - 1,
    }
    duration = spans * _SPAN_NS
    return span(
        "large run", trace=trace, id=own_id, start_ns=START_NS - 1000, duration_ns=duration, attributes=attributes
    )
