"""One trace with everything in it that a page can show."""

from __future__ import annotations

import json

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.otlp import Value, key_values, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

START = 1_795_183_378_480_123_456
MS = 10**6
TRACE = trace_id(0xABC)
ROOT, MODEL, TOOL, ORPHAN = (span_id(0x1000 + number) for number in range(4))
MESSAGES = json.dumps([{"role": "user", "content": "Where is my order 1042?"}])


def event(on: Span, name: str, after_ms: int, attributes: dict[str, Value]) -> None:
    """Add an event."""
    added = on.events.add(name=name, time_unix_nano=START + after_ms * MS)
    added.attributes.extend(key_values(attributes))


def part(
    name: str,
    own_id: bytes,
    parent: bytes,
    start_ms: int,
    duration_ms: int,
    attributes: dict[str, Value] | None = None,
    error: str | None = None,
) -> Span:
    """Return a span of the trace; times in milliseconds after its start."""
    return span(
        name,
        trace=TRACE,
        id=own_id,
        parent=parent,
        start_ns=START + start_ms * MS,
        duration_ns=duration_ms * MS,
        attributes=attributes,
        error=error,
    )


def root() -> Span:
    """The workflow around everything."""
    return part("handle_message", ROOT, b"", 0, 1000, attributes={"junjo.span_type": "workflow"})


def children() -> list[Span]:
    """A model call, a tool that failed in another service, and a span whose parent never came."""
    model = part(
        "chat gpt-4o",
        MODEL,
        ROOT,
        100,
        300,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.usage.input_tokens": 1888,
            "gen_ai.usage.output_tokens": 214,
            "gen_ai.input.messages": MESSAGES,
            "temperature": 1.0,
        },
    )
    event(model, "first_token", 150, {"index": 0})
    link = model.links.add(trace_id=trace_id(0xDEF), span_id=span_id(0x2000))
    link.attributes.extend(key_values({"why": "follows"}))
    tool = part(
        "CheckPolicy", TOOL, ROOT, 500, 200, attributes={"gen_ai.operation.name": "execute_tool"}, error="refused"
    )
    event(
        tool,
        "exception",
        690,
        {"exception.type": "shop.PolicyError", "exception.message": "quota", "exception.stacktrace": "line 1\nline 2"},
    )
    orphan = part("late child", ORPHAN, span_id(0x9999), 800, 50)
    return [model, tool, orphan]


def add_sample(telemetry: StoredTelemetry) -> str:
    """Store the whole trace; return its id."""
    telemetry.add(trace_request(root(), *children(), resource={"service.version": "1.4.2"}))
    return TRACE.hex()
