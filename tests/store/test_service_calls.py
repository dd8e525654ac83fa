"""The map: who called whom, from parents across services, links, and what only the caller told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.service_calls import parts_of, read_part
from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_map import STEPS_IN_DOUBLING, EdgeKind, NodeKey, NodeKind, ServiceMap, Tally, merged
from tests.support.otlp import Value
from tests.support.service_worlds import CLIENT, CONSUMER, MINUTE, MS, PRODUCER, SECOND, SERVER, World, llm_call, order
from tests.support.stored import StoredTelemetry

NOW = 1_790_000_000_000_000_000
ALL = Stretch()
MOST = 100


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


def read(
    telemetry: StoredTelemetry, stretch: Stretch = ALL, *, part_spans: int = 1_000, with_outside: bool = True
) -> ServiceMap:
    parts = telemetry.read(partial(parts_of, stretch=stretch, part_spans=part_spans)).parts
    return merged(telemetry.read(partial(read_part, part=part, with_outside=with_outside)) for part in parts)


def edges(found: ServiceMap) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Calls and failures by caller, callee and kind."""
    return {
        (edge.tail.name, edge.head.name, edge.kind.value): (edge.tally.calls, edge.tally.errors)
        for edge in found.edges.values()
    }


def test_calls_messages_and_what_is_outside_are_edges(telemetry: StoredTelemetry) -> None:
    world = World()
    for number in range(10):
        order(world, NOW + number * SECOND, fails=number < 3)
    world.store(telemetry)
    found = read(telemetry)
    assert edges(found) == {
        ("web-front", "checkout", "call"): (10, 3),
        ("checkout", "inventory", "call"): (10, 0),
        ("checkout", "mailer", "message"): (10, 0),
        ("checkout", "openai", "outside call"): (10, 0),
        ("checkout", "postgresql · orders-db", "outside call"): (10, 3),
        ("checkout", "orders", "outside call"): (10, 0),
    }
    shop = found.nodes[NodeKey(NodeKind.SERVICE, "checkout")]
    assert (shop.spans, shop.errors, shop.requests.calls, shop.requests.errors) == (50, 6, 10, 3)
    assert (found.spans, found.untold) == (90, 0)
    assert read(telemetry, with_outside=False).edges.keys() == {
        key for key in found.edges if key[2] is not EdgeKind.OUTSIDE
    }


def reference(spans: list[tuple[str, Span]]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The same calls, counted by following every parent."""
    by_id = {(made.trace_id, made.span_id): service for service, made in spans}
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for service, made in spans:
        caller = by_id.get((made.trace_id, made.parent_span_id))
        if caller is not None and caller != service:
            calls, errors = found.get((caller, service, "call"), (0, 0))
            found[caller, service, "call"] = (calls + 1, errors + (made.status.code == 2))
    return found


def test_parts_of_any_size_count_what_following_every_parent_counts(telemetry: StoredTelemetry) -> None:
    random = Random(11)  # noqa: S311 - the same each time
    world = World()
    spans: list[tuple[str, Span]] = []
    for number in range(60):
        trace: list[Span] = []
        for _ in range(random.randrange(1, 9)):
            service = f"s{random.randrange(6)}"
            parent = random.choice(trace) if trace else None
            error = "x" if random.random() < 0.2 else None
            made = world.add(service, "work", NOW + number * SECOND + len(trace), MS, parent=parent, error=error)
            trace.append(made)
            spans.append((service, made))
    world.store(telemetry)
    for part_spans in (10**6, 70, 13):
        found = read(telemetry, part_spans=part_spans, with_outside=False)
        assert edges(found) == reference(spans), part_spans
        assert found.spans == len(spans)


def bucket_of(duration_ns: int) -> int:
    return math.floor(math.log2(duration_ns) * STEPS_IN_DOUBLING)


def test_quantiles_are_told_within_two_percent() -> None:
    random = Random(5)  # noqa: S311 - the same each time
    values = sorted(round(10 ** random.uniform(3, 10)) for _ in range(999))
    tally = Tally()
    for value in values:
        tally.add(bucket_of(value), 1, 0)
    for share in (0.5, 0.95):
        exact = values[round(share * 999)]
        assert tally.quantile_ns(share) == pytest.approx(exact, rel=0.06)
    one = Tally()
    one.add(bucket_of(12_345_678), 5, 0)
    assert one.quantile_ns(0.95) == pytest.approx(12_345_678, rel=0.022)
    assert Tally().quantile_ns(0.5) is None


OUTSIDE: list[tuple[dict[str, Value], NodeKind | None, str]] = [
    (llm_call("mistral_ai", "m", 1, 1), NodeKind.MODEL, "mistral_ai"),
    ({"db.system": "redis"}, NodeKind.DATABASE, "redis"),
    ({"db.system.name": "mysql", "server.address": "db1"}, NodeKind.DATABASE, "mysql · db1"),
    ({"messaging.system": "kafka"}, NodeKind.MESSAGES, "kafka"),
    ({"peer.service": "billing", "server.address": "10.0.0.1"}, NodeKind.HOST, "billing"),
    ({"net.peer.name": "old.example"}, NodeKind.HOST, "old.example"),
    ({"url.full": "https://user:secret@api.example.com:8443/a?key=1"}, NodeKind.HOST, "api.example.com"),
    ({"http.url": "http://[::1]:80/x"}, NodeKind.HOST, "[::1]"),
    ({"url.full": "not an address"}, None, ""),
    ({"server.address": 17, "peer.service": ["x"]}, NodeKind.HOST, '["x"]'),
    ({"server.address": "'; DROP TABLE spans; --"}, NodeKind.HOST, "'; DROP TABLE spans; --"),
    ({}, None, ""),
]


def test_attributes_tell_what_is_outside(telemetry: StoredTelemetry) -> None:
    world = World()
    for number, (attributes, _, _) in enumerate(OUTSIDE):
        root = world.add(f"shop {number}", "work", NOW, 9 * MS)
        world.add(f"shop {number}", "call", NOW + 1, MS, parent=root, kind=CLIENT, attributes=attributes)
    world.store(telemetry)
    found = read(telemetry)
    assert {edge.tail.name: edge.head for edge in found.edges.values()} == {
        f"shop {number}": NodeKey(kind, name) for number, (_, kind, name) in enumerate(OUTSIDE) if kind is not None
    }
    assert found.untold == 2


def test_a_call_within_a_call_outside_counts_once(telemetry: StoredTelemetry) -> None:
    world = World()
    root = world.add("shop", "work", NOW, 9 * MS)
    chat = world.add("shop", "chat", NOW + 1, MS, parent=root, kind=CLIENT, attributes=llm_call("openai", "m", 1, 1))
    world.add("shop", "POST", NOW + 2, MS, parent=chat, kind=CLIENT, to="api.openai.com")
    world.store(telemetry)
    assert edges(read(telemetry)) == {("shop", "openai", "outside call"): (1, 0)}


def test_a_consumer_below_its_producer_is_a_call_and_no_message_besides(telemetry: StoredTelemetry) -> None:
    world = World()
    sent = world.add("shop", "send", NOW, MS, kind=PRODUCER)
    world.add("mail", "take", NOW + MS, MS, parent=sent, kind=CONSUMER, links=(sent,))
    world.store(telemetry)
    assert edges(read(telemetry)) == {("shop", "mail", "call"): (1, 0)}


def test_what_is_drawn_takes_known_services_for_themselves_and_gathers_the_rest(telemetry: StoredTelemetry) -> None:
    world = World()
    root = world.add("shop", "work", NOW, 9 * MS, kind=SERVER)
    world.add("billing", "work", NOW, 9 * MS, kind=SERVER)
    world.add("shop", "call", NOW + 1, MS, parent=root, kind=CLIENT, attributes={"peer.service": "billing"})
    for number in range(9):
        for _ in range(number + 1):
            world.add("shop", "GET", NOW + 2, MS, parent=root, kind=CLIENT, to=f"host{number}")
    world.store(telemetry)
    drawn = read(telemetry).shown(with_outside=True, most_outside=3)
    assert edges(drawn) == {
        ("shop", "billing", "call"): (1, 0),
        ("shop", "host8", "outside call"): (9, 0),
        ("shop", "host7", "outside call"): (8, 0),
        ("shop", "host6", "outside call"): (7, 0),
        ("shop", "6 others", "outside call"): (21, 0),
    }
    assert edges(read(telemetry).shown(with_outside=False, most_outside=3)) == {("shop", "billing", "call"): (1, 0)}


def test_only_calls_that_began_in_the_time_count_whenever_their_caller_began(telemetry: StoredTelemetry) -> None:
    world = World()
    for number in range(6):
        root = world.add("front", "ask", NOW + number * MINUTE, MINUTE, kind=SERVER)
        world.add("back", "answer", NOW + number * MINUTE + 30 * SECOND, MS, parent=root, kind=SERVER)
    world.store(telemetry)
    stretch = Stretch(NOW + 2 * MINUTE + SECOND, NOW + 4 * MINUTE + 40 * SECOND)
    assert edges(read(telemetry, stretch)) == {("front", "back", "call"): (3, 0)}
    assert telemetry.read(partial(parts_of, stretch=Stretch(NOW + 9 * MINUTE))).parts == ()
