"""Model requests of Junjo's agents are calls like all others."""

from __future__ import annotations

import orjson
import pytest

from junjo_desktop.telemetry.llm.call import DataPart, Message, TextPart, ToolCallPart, ToolResultPart, Usage
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.span import Span
from tests.recordings.load import Recording, recordings
from tests.telemetry.llm.spans import span_with

WITH_AGENTS = tuple(one for one in recordings() if one.expected.get("agents"))


@pytest.mark.parametrize("recorded", WITH_AGENTS, ids=str)
def test_every_model_request_is_read_as_its_agent_made_it(recorded: Recording) -> None:
    calls = [call for span in recorded.spans() if (call := read_call(span)) is not None]
    requests = [
        operation
        for agent in recorded.expected["agents"]
        for operation in agent["operations"]
        if "message_count" in operation
    ]
    assert [len(call.input_messages) for call in calls] == [request["message_count"] for request in requests]
    for call, request in zip(calls, requests, strict=True):
        asks = any(isinstance(part, ToolCallPart) for message in call.output_messages for part in message.parts)
        assert asks == (request["response_type"] == "tool_calls")
        assert (call.error is not None) == (request["error"] is not None)
        assert call.system_instructions
        assert call.provider == "openai"


def test_messages_of_every_kind_are_read() -> None:
    request = {
        "instructions": "Plan.",
        "messages": [
            {"type": "agent_input", "input": "Two vans"},
            {
                "type": "assistant_tool_calls",
                "assistantText": "Yes.",
                "calls": [{"id": "c", "name": "stow", "arguments": {"a": 1}}],
            },
            {"type": "tool_result", "callId": "c", "toolName": "stow", "result": {"crates": 4}},
            {"type": "assistant_output", "output": {"done": True}},
        ],
        "tools": [{"name": "stow", "description": "To stow.", "inputSchema": {"type": "object"}}],
    }
    call = read_call(_span(request, {"type": "final_output", "output": "Four crates."}))
    assert call is not None
    assert call.system_instructions == (TextPart("Plan."),)
    assert call.input_messages == (
        Message("user", (TextPart("Two vans"),)),
        Message("assistant", (TextPart("Yes."), ToolCallPart("c", "stow", '{"a":1}'))),
        Message("tool", (ToolResultPart("c", "stow", (DataPart('{"crates":4}'),)),)),
        Message("assistant", (DataPart('{"done":true}'),)),
    )
    assert call.output_messages == (Message("assistant", (TextPart("Four crates."),)),)
    assert [(tool.name, tool.parameters) for tool in call.tool_definitions] == [("stow", {"type": "object"})]
    assert call.usage == Usage(10, 2, cache_read_tokens=4)


def test_a_payload_that_is_withheld_is_told() -> None:
    call = read_call(_span({"messages": []}, {}, mode="excluded"))
    assert call is not None
    assert not call.captured.input
    assert call.captured.switch is not None
    assert any("left it out" in note for note in call.notes)


def _span(request: object, response: object, mode: str = "full") -> Span:
    return span_with(
        {
            "junjo.agent.operation_type": "model_request",
            "junjo.agent.model.request": orjson.dumps(request).decode(),
            "junjo.agent.model.request.mode": mode,
            "junjo.agent.model.response": orjson.dumps(response).decode(),
            "junjo.agent.model.response.mode": mode,
            "junjo.agent.model.usage": '{"inputTokens": 10, "outputTokens": 2, "cachedInputTokens": 4}',
        },
        scope="junjo",
    )
