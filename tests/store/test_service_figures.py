"""Rate, failures and durations of services and operations: exact, and of what the time says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from junjo_desktop.store.service_figures import (
    MOST_OPERATIONS,
    STEPS_IN_DOUBLING,
    Figures,
    ServiceFigures,
    Stretch,
    service_figures,
)
from tests.support.otlp import span, trace_request
from tests.support.service_worlds import MINUTE, MS, SECOND, SERVER, World, order
from tests.support.stored import StoredTelemetry

NOW = 1_790_000_000_000_000_000


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


def told(telemetry: StoredTelemetry, stretch: Stretch | None = None) -> ServiceFigures:
    return telemetry.read(partial(service_figures, stretch=stretch or Stretch(), now_ns=NOW))


def operations(found: ServiceFigures) -> dict[tuple[str, str], Figures]:
    return {
        (service.service_name, operation.name): operation.figures
        for service in found.services
        for operation in service.operations
    }


def nearest_rank(values: list[int], share: float) -> int:
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def test_every_figure_is_exact(telemetry: StoredTelemetry) -> None:
    random = Random(3)  # noqa: S311 - the same each time
    world = World()
    durations: dict[tuple[str, str], list[int]] = {}
    failures: dict[tuple[str, str], int] = {}
    for _ in range(400):
        key = random.choice(("shop", "mail")), random.choice(("a", "b", "c"))
        took = random.choice((0, 1, random.randrange(10**4), random.randrange(10**10)))
        error = "broke" if random.random() < 0.1 else None
        world.add(*key, NOW - random.randrange(MINUTE), took, error=error)
        durations.setdefault(key, []).append(took)
        failures[key] = failures.get(key, 0) + (error is not None)
    world.store(telemetry)
    found = operations(told(telemetry))
    assert found.keys() == durations.keys()
    for key, figures in found.items():
        values = durations[key]
        assert (figures.spans, figures.errors) == (len(values), failures[key])
        assert [figures.p50_ns, figures.p95_ns, figures.p99_ns] == [nearest_rank(values, n) for n in (0.5, 0.95, 0.99)]
        buckets: dict[int, int] = {}
        for value in values:
            place = math.floor(math.log2(max(value, 1)) * STEPS_IN_DOUBLING)
            buckets[place] = buckets.get(place, 0) + 1
        assert figures.buckets == buckets


def test_a_service_is_told_by_its_requests_and_counts_all_of_its_spans(telemetry: StoredTelemetry) -> None:
    world = World()
    for number in range(20):
        order(world, NOW - MINUTE + number * SECOND, fails=number < 2)
    world.store(telemetry)
    found = {service.service_name: service for service in told(telemetry).services}
    shop = found["checkout"]
    assert (shop.spans, shop.errors, shop.has_requests) == (100, 4, True)
    assert (shop.figures.spans, shop.figures.errors) == (20, 2)
    assert shop.figures.p50_ns == operations(told(telemetry))["checkout", "create_order"].p50_ns
    assert sum(shop.figures.buckets.values()) == 20
    assert [service.spans for service in told(telemetry).services] == [100, 40, 20, 20]


def test_a_service_without_requests_has_no_durations_of_its_own(telemetry: StoredTelemetry) -> None:
    world = World()
    root = world.add("front", "ask", NOW, 9 * MS)
    for number in range(4):
        world.add("worker", "step", NOW + number, (number + 1) * MS, parent=root, error="x" if number else None)
    world.store(telemetry)
    worker = next(service for service in told(telemetry).services if service.service_name == "worker")
    assert not worker.has_requests
    assert (worker.figures.spans, worker.figures.errors, worker.figures.p50_ns) == (4, 3, None)
    assert sum(worker.figures.buckets.values()) == 4


def test_only_spans_that_began_in_the_time_count(telemetry: StoredTelemetry) -> None:
    world = World()
    for number in range(10):
        world.add("shop", "work", NOW - number * MINUTE, MS)
    world.add("mail", "work", NOW, MS)
    world.store(telemetry)
    found = told(telemetry, Stretch(NOW - 4 * MINUTE, NOW - MINUTE, "shop"))
    assert [service.service_name for service in found.services] == ["shop"]
    figures = operations(found)["shop", "work"]
    assert (figures.spans, figures.first_ns, figures.last_ns) == (4, NOW - 4 * MINUTE, NOW - MINUTE)
    assert found.span_ns == 3 * MINUTE
    assert found.per_minute(figures.spans) == pytest.approx(4 / 3)
    assert told(telemetry).span_ns == 9 * MINUTE
    assert told(telemetry, Stretch(NOW + MINUTE)).services == ()


def test_odd_times_are_no_durations(telemetry: StoredTelemetry) -> None:
    world = World()
    world.add("shop", "clock went back", NOW, -5 * MS)
    world.add("shop", "no end", NOW, -NOW)
    world.add("shop", "no start", 0, MS)
    world.store(telemetry)
    found = operations(told(telemetry))
    assert found["shop", "clock went back"].p50_ns is None
    assert found["shop", "no end"].buckets == {}
    assert (found["shop", "no start"].first_ns, found["shop", "no start"].p50_ns) == (0, MS)
    assert told(telemetry).span_ns == 0


def test_of_a_flood_of_names_the_largest_are_told_and_all_are_counted(telemetry: StoredTelemetry) -> None:
    spans = [span(f"user {number}", start_ns=NOW, duration_ns=MS) for number in range(MOST_OPERATIONS + 50)]
    spans += [span("often", start_ns=NOW, duration_ns=MS) for _ in range(3)]
    telemetry.add(trace_request(*spans))
    found = told(telemetry)
    (shop,) = found.services
    assert (found.hidden_operations, found.hidden_spans) == (51, 51)
    assert len(shop.operations) == MOST_OPERATIONS
    assert shop.operations[0].name == "often"
    assert (shop.spans, shop.figures.spans) == (MOST_OPERATIONS + 53, MOST_OPERATIONS + 53)


def test_names_of_senders_never_reach_sql(telemetry: StoredTelemetry) -> None:
    hostile = ["'; DROP TABLE spans; --", "", "\x00\u202e", "%s {0} $1", "x" * 10_000]
    world = World()
    for name in hostile:
        world.add(name or "none", name, NOW, MS, kind=SERVER)
    world.store(telemetry)
    for name in hostile:
        found = told(telemetry, Stretch(service=name or "none"))
        assert [(one.service_name, operation.name) for one in found.services for operation in one.operations] == [
            (name or "none", name)
        ]
