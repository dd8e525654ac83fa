"""The document of a run is always one that can be written, and written again by whoever read it."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.errors import UserError
from junjo_desktop.telemetry.junjo import store_json
from junjo_desktop.telemetry.junjo.agent_json import agent_json
from junjo_desktop.telemetry.junjo.run import build_run
from junjo_desktop.telemetry.junjo.run_json import run_json
from junjo_desktop.telemetry.junjo.state import reconstruct
from tests.recordings.load import Recording, recording, recordings, spans_of
from tests.support import otlp

DEEP = "[" * 900 + "]" * 900


def document(*requests: ExportTraceServiceRequest) -> dict[str, Any]:
    """The document of the first run of a trace, written, read and written again."""
    spans = spans_of(*requests)
    run = build_run(spans)
    found = run_json(run, [reconstruct(record) for record in run.stores], with_states=True)
    read: dict[str, Any] = orjson.loads(orjson.dumps({**found, **agent_json(run)}))
    assert orjson.loads(orjson.dumps(read)) == read
    return read


@pytest.mark.parametrize("each", recordings("0.68.0"), ids=str)
def test_every_recording_has_a_document(each: Recording) -> None:
    found = document(*each.requests)
    assert found["trace_id"] == each.trace_id
    assert found["steps"]


def _changed(request: ExportTraceServiceRequest, key: str, value: str) -> ExportTraceServiceRequest:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                for attributes in (span.attributes, *(event.attributes for event in span.events)):
                    for attribute in attributes:
                        if attribute.key == key:
                            attribute.value.string_value = value
    return request


@pytest.mark.parametrize(
    "key",
    [
        "junjo.agent.state.start",
        "junjo.agent.state.end",
        "junjo.state_json_patch",
        "junjo.agent.definition_snapshot",
        "junjo.agent.model.response",
        "junjo.agent.model.usage",
        "junjo.agent.usage",
        "junjo.agent.tool.arguments",
        "junjo.agent.tool.result",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        DEEP,
        "",
        "null",
        "{",
        "[[]]",
        '{"calls": [null, {"id": {}, "name": [], "arguments": ' + DEEP + '}, {"id": 7}], "tools": [1, {}]}',
        '{"fields": {"inputTokens": {"sum": "many"}, "outputTokens": []}, "modelResponses": {}}',
        '[{"op": "add", "path": "/transcript/-", "value": ' + DEEP + "}]",
    ],
    ids=["deep", "empty", "null", "torn", "list", "calls", "usage", "deep patch"],
)
def test_any_payload_of_an_agent_can_be_written(key: str, value: str) -> None:
    requests = [_changed(request, key, value) for request in recording("0.68.0", "agent_tools").requests]
    found = document(*requests)
    assert len(found["operations"]) == 4


def test_what_is_nested_too_deeply_is_left_out_with_the_reason() -> None:
    (request,) = recording("0.68.0", "linear").requests[-1:]
    found = document(
        *recording("0.68.0", "linear").requests[:-1],
        _changed(request, "junjo.workflow.state.end", json.dumps({"items": 1})[:-1] + f', "deep": {DEEP}}}'),
    )
    (store,) = found["stores"]
    assert store["end"] is None
    assert "nested too deeply" in store["end_reason"]


def test_states_that_would_fill_the_memory_are_refused_and_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_json, "MOST_STATE_BYTES", 1_000)
    spans = recording("0.68.0", "loop").spans()
    run = build_run(spans)
    histories = [reconstruct(record) for record in run.stores]
    with pytest.raises(UserError, match="--no-states"):
        run_json(run, histories, with_states=True)
    assert run_json(run, histories, with_states=False)["stores"][0]["transitions"]


def test_a_call_without_any_evidence_is_unknown() -> None:
    requests = recording("0.68.0", "agent_limit").requests
    for request in requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                left = [span for span in scope.spans if span.name.startswith("model")]
                del scope.spans[:]
                scope.spans.extend(left)
    found = document(*requests)
    assert found["outcome"] is None
    assert {(call["admission"], call["reason"]) for call in found["tool_calls"]} == {
        ("unknown", "execution_interrupted")
    }


def test_a_trace_of_one_node_has_a_document() -> None:
    node = otlp.span(
        "alone", parent=otlp.span_id(9), attributes={"junjo.span_type": "node", "junjo.id": "x", "junjo.parent_id": "y"}
    )
    found = document(otlp.trace_request(node))
    assert (found["span_id"], found["graph"], found["failures"]) == (None, None, [])
