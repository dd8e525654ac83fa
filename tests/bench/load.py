"""Spans as a Junjo program with model calls sends them: 14 attributes, about 1.5 KB each, no two alike."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.otlp import Value, key_values

_PROMPT = "Where is my order? It should have come yesterday, and the carrier's page says nothing. " * 7
_COMMON: dict[str, Value] = {
    "openinference.span.kind": "LLM",
    "llm.provider": "openai",
    "llm.model_name": "gpt-4o",
    "llm.invocation_parameters": '{"temperature": 0.2, "max_tokens": 1024}',
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.content": _PROMPT,
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "It is with the carrier and arrives tomorrow.",
    "llm.token_count.prompt": 1888,
    "llm.token_count.completion": 214,
    "llm.token_count.total": 2102,
    "session.id": "session-3f1c",
    "server.address": "api.openai.com",
}
_ATTRIBUTES = key_values(_COMMON)
_SERVICES = ("checkout-agent", "support-bot", "logistics", "batch", "evals")


def trace_spans(spans: int, start_ns: int) -> Iterator[Span]:
    """Yield the spans of one trace: a root and `spans - 1` children after each other."""
    trace, root = os.urandom(16), os.urandom(8)
    step = 200_000_000
    for number in range(spans):
        start = start_ns + number * step
        yield Span(
            trace_id=trace,
            span_id=os.urandom(8) if number else root,
            parent_span_id=root if number else b"",
            name=f"ChatCompletion {number}" if number else "handle_message",
            kind=Span.SpanKind.SPAN_KIND_INTERNAL,
            start_time_unix_nano=start,
            end_time_unix_nano=start + step if number else start_ns + spans * step,
            attributes=[*_ATTRIBUTES, KeyValue(key="output.value", value=AnyValue(string_value=os.urandom(200).hex()))],
            flags=256,
        )


def request(traces: int, spans_a_trace: int, service: str, start_ns: int) -> ExportTraceServiceRequest:
    """Return one export request of several traces that start a little after each other."""
    made = ExportTraceServiceRequest()
    resource = made.resource_spans.add()
    resource.resource.attributes.extend(key_values({"service.name": service, "service.instance.id": "bench"}))
    scope = resource.scope_spans.add()
    scope.scope.name = "junjo"
    for number in range(traces):
        scope.spans.extend(trace_spans(spans_a_trace, start_ns + number * 1_000_000))
    return made


def day_of_requests(spans: int, spans_a_trace: int = 10) -> Iterator[ExportTraceServiceRequest]:
    """Yield requests with `spans` spans in all, spread over the 24 hours before now."""
    traces_a_request = 50
    requests = max(1, spans // (traces_a_request * spans_a_trace))
    now = time.time_ns()
    for number in range(requests):
        start = now - 86_400_000_000_000 * (requests - number) // requests
        yield request(traces_a_request, spans_a_trace, _SERVICES[number % len(_SERVICES)], start)
