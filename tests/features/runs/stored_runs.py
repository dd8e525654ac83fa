"""Runs in a store, in one line each. The run `n` is alone in the trace `n`; its own span has the number `100 n`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.junjo_spans import Place, executable, operation
from tests.support.otlp import Value, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

SECOND = 10**9


def first_ns() -> int:
    """The moment from which runs start a second apart: an hour ago."""
    return time.time_ns() // SECOND * SECOND - 3600 * SECOND


def key_of(number: int) -> str:
    """The id of a run in lists."""
    return trace_id(number).hex() + span_id(100 * number).hex()


def add_run(
    telemetry: StoredTelemetry,
    number: int,
    name: str = "order",
    *,
    kind: str = "workflow",
    lasted_ns: int = SECOND,
    service: str = "shop",
    version: str = "1.2",
    error: str | None = None,
    more: Mapping[str, Value] | None = None,
    parent: Place | None = None,
) -> str:
    """Store a run that has ended; return its id in lists."""
    owner = executable(
        kind,
        100 * number,
        parent or Place(number),
        name=name,
        graph=f"graph of {name}",
        start_ns=first_ns() + number * SECOND,
        error=error,
        more={"error.type": error, **(more or {})} if error else more,
    )
    owner.end_time_unix_nano = owner.start_time_unix_nano + lasted_ns
    _store(telemetry, owner, service, version)
    return key_of(number)


def add_open_run(
    telemetry: StoredTelemetry,
    number: int,
    name: str = "order",
    *,
    received_ns: int | None = None,
) -> str:
    """Store the first node of a run whose own span has not arrived; return its id in lists."""
    place = Place(number, 100 * number, f"runtime-{100 * number}", f"definition-{100 * number}", f"graph of {name}")
    node = executable(
        "node", 100 * number + 1, place, graph=f"graph of {name}", start_ns=first_ns() + number * SECOND + 1
    )
    _store(telemetry, node, "shop", "1.2", received_ns)
    return key_of(number)


def add_agent(
    telemetry: StoredTelemetry, number: int, name: str = "planner", *, reason: str = "final_output", tokens: int = 30
) -> str:
    """Store an agent with one model request of at most four, and one of at most six tool calls."""
    place = Place(number, 100 * number, f"runtime-{100 * number}", f"definition-{100 * number}", "", "agent")
    request = operation(100 * number + 1, place, agent_key=name, tokens=(tokens - 10, 10))
    usage = {
        name: {"sum": count, "observations": 1} for name, count in (("inputTokens", tokens - 10), ("outputTokens", 10))
    }
    told: dict[str, Value] = {
        "junjo.agent.key": name,
        "junjo.agent.outcome": "completed" if reason == "final_output" else "failed",
        "junjo.agent.termination_reason": reason,
        "junjo.agent.model_request.count": 1,
        "junjo.agent.tool_call.started_count": 1,
        "junjo.agent.limit.model_requests": 4,
        "junjo.agent.limit.tool_calls": 6,
        "junjo.agent.usage": json.dumps({"v": 1, "modelResponses": 1, "fields": usage}),
    }
    error = None if reason == "final_output" else "AgentError"
    telemetry.add(trace_request(request))
    return add_run(telemetry, number, name, kind="agent", error=error, more=told)


def _store(
    telemetry: StoredTelemetry, stored: Span, service: str, version: str, received_ns: int | None = None
) -> None:
    request = trace_request(stored, service=service, resource={"service.version": version})
    telemetry.add(request, received_ns=received_ns)
