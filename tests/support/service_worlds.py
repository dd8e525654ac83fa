"""Telemetry of a small shop: services that call each other, models, a database; and restarts with their changes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

MS = 1_000_000
SECOND = 1_000 * MS
MINUTE = 60 * SECOND
_ids = itertools.count(1)


@dataclass
class World:
    """Collects spans by service and resource, and stores them as one batch."""

    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - the same world each time
    requests: dict[tuple[str, tuple[tuple[str, Value], ...]], list[Span]] = field(default_factory=dict)

    def add(
        self,
        service: str,
        name: str,
        start_ns: int,
        duration_ns: int,
        *,
        parent: Span | None = None,
        kind: Span.SpanKind.ValueType = Span.SpanKind.SPAN_KIND_INTERNAL,
        error: str | None = None,
        attributes: Mapping[str, Value] | None = None,
        to: str = "",
        resource: Mapping[str, Value] | None = None,
        links: tuple[Span, ...] = (),
    ) -> Span:
        """Add a span below `parent`, or the root of another trace; `to` is the address that it calls."""
        made = span(
            name,
            trace=trace_id() if parent is None else parent.trace_id,
            id=span_id(),
            parent=b"" if parent is None else parent.span_id,
            start_ns=start_ns,
            duration_ns=duration_ns,
            attributes={**(attributes or {}), **({"server.address": to} if to else {})},
            error=error,
        )
        made.kind = kind
        made.links.extend(Span.Link(trace_id=to.trace_id, span_id=to.span_id) for to in links)
        self.requests.setdefault((service, tuple((resource or {}).items())), []).append(made)
        return made

    def around(self, duration_ns: int, spread: float = 0.25) -> int:
        """Return a duration near this one."""
        return max(1, round(duration_ns * self.random.lognormvariate(0, spread)))

    def store(self, telemetry: StoredTelemetry) -> None:
        """Store everything that was added since the last time."""
        batch = [
            trace_request(*spans, service=service, resource=dict(resource))
            for (service, resource), spans in self.requests.items()
        ]
        self.requests.clear()
        telemetry.add(*batch)


CLIENT, SERVER = Span.SpanKind.SPAN_KIND_CLIENT, Span.SpanKind.SPAN_KIND_SERVER
PRODUCER, CONSUMER = Span.SpanKind.SPAN_KIND_PRODUCER, Span.SpanKind.SPAN_KIND_CONSUMER


def order(world: World, at_ns: int, *, fails: bool = False) -> Span:
    """Add one order: the front calls the shop, which asks a model and a database, and sends a message to the mailer."""
    add, around = world.add, world.around
    took = around(320 * MS)
    failed = "out of stock" if fails else None
    root = add("web-front", "POST /orders", at_ns, took, kind=SERVER, error=failed)
    call = add("web-front", "POST", at_ns + MS, took - 2 * MS, parent=root, kind=CLIENT, error=failed, to="checkout")
    shop = add("checkout", "create_order", at_ns + 2 * MS, took - 5 * MS, parent=call, kind=SERVER, error=failed)
    model = llm_call("openai", "gpt-4o-mini", 900 + world.random.randrange(200), 120)
    add("checkout", "chat gpt-4o-mini", at_ns + 4 * MS, around(180 * MS), parent=shop, kind=CLIENT, attributes=model)
    add(
        "checkout",
        "SELECT orders",
        at_ns + 200 * MS,
        around(4 * MS),
        parent=shop,
        kind=CLIENT,
        error="deadlock" if fails else None,
        to="orders-db",
        attributes={"db.system.name": "postgresql"},
    )
    stock = add("checkout", "GET /stock", at_ns + 210 * MS, around(30 * MS), parent=shop, kind=CLIENT, to="inventory")
    add("inventory", "GET /stock", at_ns + 211 * MS, around(25 * MS), parent=stock, kind=SERVER)
    queue: dict[str, Value] = {"messaging.system": "rabbitmq", "messaging.destination.name": "orders"}
    sent = add("checkout", "orders send", at_ns + 250 * MS, MS, parent=shop, kind=PRODUCER, attributes=queue)
    add("mailer", "orders process", at_ns + 400 * MS, around(60 * MS), kind=CONSUMER, links=(sent,))
    return root


def llm_call(provider: str, model: str, input_tokens: int, output_tokens: int) -> dict[str, Value]:
    """Return the attributes of a model call."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": input_tokens,
        "gen_ai.usage.output_tokens": output_tokens,
    }


@dataclass(frozen=True)
class Program:
    """How one version of a program behaves: its steps and their durations, tokens of a model call, failures."""

    step_ms: int = 40
    model_ms: int = 120
    tokens: int = 1_000
    failed: int = 0
    more: tuple[str, ...] = ()


def run_of(
    world: World,
    service: str,
    at_ns: int,
    requests: int,
    program: Program = Program(),
    resource: Mapping[str, Value] | None = None,
) -> None:
    """Add one process of a service: so many answers, each with a step, a model call, and the other steps."""
    for number in range(requests):
        at = at_ns + number * 700 * MS
        error = "timeout" if number < program.failed else None
        took = world.around((program.step_ms + program.model_ms + 20) * MS, 0.08)
        kind: dict[str, Value] = {"junjo.span_type": "workflow"}
        root = world.add(service, "answer", at, took, error=error, resource=resource, attributes=kind)
        step = world.around(program.step_ms * MS, 0.1)
        world.add(service, "load context", at + MS, step, parent=root, resource=resource)
        world.add(
            service,
            "chat claude-sonnet-4-5",
            at + program.step_ms * MS,
            world.around(program.model_ms * MS, 0.1),
            parent=root,
            kind=CLIENT,
            error=error,
            attributes=llm_call("anthropic", "claude-sonnet-4-5", world.around(program.tokens, 0.03), 80),
            resource=resource,
        )
        for name in program.more:
            world.add(service, name, at + 2 * MS, world.around(5 * MS), parent=root, resource=resource)
