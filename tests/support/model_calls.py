"""Sends calls of models as OpenTelemetry's GenAI conventions tell them, and has them read."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.call_indexing import CallIndexing
from tests.support.otlp import Value, span, span_id, trace_id
from tests.support.stored import StoredTelemetry

SECOND = 10**9


def hour_ago() -> int:
    """Return a moment that is today, or nearly."""
    return time.time_ns() // SECOND * SECOND - 3600 * SECOND


def said(role: str, text: str) -> dict[str, object]:
    """A message."""
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def chat(
    number: int,
    asked: str = "Where is my order?",
    answer: str = "On its way.",
    *,
    model: str = "gpt-4o",
    trace: bytes | None = None,
    parent: bytes = b"",
    conversation: str | None = None,
    tokens: tuple[int, int] | None = (1_000, 100),
    history: Sequence[Mapping[str, object]] = (),
    finish: str = "stop",
    error: str | None = None,
    duration_ms: int = 1_000,
    start_ns: int | None = None,
    attributes: Mapping[str, Value] | None = None,
) -> Span:
    """A call of a model; it starts `number` seconds after `hour_ago`, in a trace of its own."""
    told: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic" if model.startswith("claude") else "openai",
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        "gen_ai.response.finish_reasons": [finish],
        "gen_ai.input.messages": json.dumps([*history, said("user", asked)]),
        "gen_ai.output.messages": json.dumps([{**said("assistant", answer), "finish_reason": finish}]),
    }
    if tokens is not None:
        told |= {"gen_ai.usage.input_tokens": tokens[0], "gen_ai.usage.output_tokens": tokens[1]}
    if conversation is not None:
        told["gen_ai.conversation.id"] = conversation
    return span(
        f"chat {model}",
        trace=trace or trace_id(number),
        id=span_id(number),
        parent=parent,
        start_ns=hour_ago() + number * SECOND if start_ns is None else start_ns,
        duration_ns=duration_ms * 10**6,
        attributes={**told, **(attributes or {})},
        error=error,
    )


def read_all_calls(telemetry: StoredTelemetry) -> None:
    """Read all calls there are to read."""
    assert CallIndexing(telemetry.store).catch_up(60)
