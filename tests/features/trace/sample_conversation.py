"""A trace in which an agent asks a model three times, and two tools; each call repeats what was said before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.features.trace.sample_trace import TRACE, part
from tests.support import otlp
from tests.support.stored import StoredTelemetry

WORKFLOW, AGENT, FIRST, SECOND, THIRD, ORDER, POLICY = (otlp.span_id(0x5000 + number) for number in range(7))

Json = Mapping[str, object]

SYSTEM = "You are a **checkout** assistant. Call `get_order` before you promise a date."
QUESTION = "Where is my order 1042?"
ANSWER = "Your order 1042 is with DHL and should arrive on **22 November**.\n\n* carrier: DHL\n* paid: yes"


def said(role: str, *parts: Json, finish: str | None = None) -> Json:
    """A message of OpenTelemetry's GenAI conventions."""
    return {"role": role, "parts": list(parts), **({"finish_reason": finish} if finish else {})}


def text(words: str) -> Json:
    """A part of text."""
    return {"type": "text", "content": words}


def call(id: str, name: str, arguments: Json) -> Json:  # noqa: A002 - reads as the field it fills
    """A tool call."""
    return {"type": "tool_call", "id": id, "name": name, "arguments": arguments}


def result(id: str, response: object) -> Json:  # noqa: A002 - reads as the field it fills
    """What a tool gave back."""
    return {"type": "tool_call_response", "id": id, "response": response}


def model(
    own_id: bytes,
    start_ms: int,
    asked: Sequence[Json],
    answered: Sequence[Json],
    *,
    parent: bytes = AGENT,
    system: str = SYSTEM,
    error: str | None = None,
    more: Mapping[str, otlp.Value] | None = None,
) -> Span:
    """A call of a model."""
    attributes: dict[str, otlp.Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 100 + start_ms,
        "gen_ai.usage.output_tokens": 20,
        **(more or {}),
    }
    if system:
        attributes["gen_ai.system_instructions"] = json.dumps([text(system)])
    if asked:
        attributes["gen_ai.input.messages"] = json.dumps(list(asked))
    if answered:
        attributes["gen_ai.output.messages"] = json.dumps(list(answered))
    return part("chat gpt-4o-mini", own_id, parent, start_ms, 80, attributes, error)


def tool(own_id: bytes, start_ms: int, name: str, id: str = "", error: str | None = None) -> Span:  # noqa: A002 - reads as the field it fills
    """A tool that ran."""
    attributes: dict[str, otlp.Value] = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name}
    if id:
        attributes["gen_ai.tool.call.id"] = id
    return part(f"execute_tool {name}", own_id, AGENT, start_ms, 38, attributes, error)


def conversation_spans() -> list[Span]:
    """The spans, in another order than that of time."""
    question = said("user", text(QUESTION))
    asks = said("assistant", call("call_8f2", "get_order", {"order_id": 1042}), finish="tool_calls")
    order = said("tool", result("call_8f2", {"status": "in_transit", "carrier": "DHL"}))
    checks = said(
        "assistant", text("Let me check the policy."), call("call_9a1", "check_policy", {}), finish="tool_calls"
    )
    refused = said("tool", result("call_9a1", "quota exceeded"))
    agent: dict[str, otlp.Value] = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}
    return [
        model(THIRD, 700, [question, asks, order, checks, refused], [said("assistant", text(ANSWER), finish="stop")]),
        part("handle_message", WORKFLOW, b"", 0, 1000, {"junjo.span_type": "workflow"}),
        part("planner", AGENT, WORKFLOW, 50, 900, agent),
        model(FIRST, 100, [question], [asks]),
        tool(ORDER, 200, "get_order", "call_8f2"),
        model(SECOND, 300, [question, asks, order], [checks]),
        tool(POLICY, 500, "check_policy", "call_9a1", error="quota exceeded"),
    ]


def add_conversation(telemetry: StoredTelemetry) -> str:
    """Store it; return the id of the trace."""
    telemetry.add(otlp.trace_request(*conversation_spans()))
    return TRACE.hex()
