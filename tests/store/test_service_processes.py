"""Runs of a service cut by its restarts: by what its resource says, and by pauses where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_identity import Sign, identity_of
from junjo_desktop.store.service_processes import PAUSE_NS, Processes, processes_of
from tests.support.otlp import Value
from tests.support.service_worlds import MINUTE, MS, SECOND, SERVER, Program, World, run_of
from tests.support.stored import StoredTelemetry

NOW = 1_790_000_000_000_000_000
FIRST_ID, SECOND_ID = "8f14e45f-ceea-467f-a0e6-1c1ee5bbd0b3", "c9f0f895-fb98-4b91-8e1a-53dd0b3a1c0f"


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


def runs(telemetry: StoredTelemetry, stretch: Stretch | None = None, most: int = 100) -> Processes:
    return telemetry.read(partial(processes_of, stretch=stretch or Stretch(), most=most))


def begin(world: World, after_ns: int, resource: Mapping[str, Value] | None = None, service: str = "shop") -> None:
    world.add(service, "work", NOW + after_ns, MS, kind=SERVER, resource=resource)


def test_an_instance_id_tells_processes_however_short_or_long_the_pause(telemetry: StoredTelemetry) -> None:
    world = World()
    for after in (0, 5 * MINUTE):
        begin(world, after, {"service.instance.id": FIRST_ID, "service.version": "1"})
    begin(world, 5 * MINUTE + SECOND, {"service.instance.id": SECOND_ID, "service.version": "2"})
    world.store(telemetry)
    newest, oldest = runs(telemetry).processes
    assert [run.figures.spans for run in (newest, oldest)] == [1, 2]
    assert (newest.identity.version, newest.new_version, newest.sign) == ("2", True, Sign.PROCESS)
    assert (newest.pause_ns, oldest.pause_ns) == (SECOND - MS, None)
    assert runs(telemetry).untold == frozenset()
    assert runs(telemetry).before(newest) == oldest


def test_a_process_may_describe_itself_anew(telemetry: StoredTelemetry) -> None:
    world = World()
    begin(world, 0, {"service.instance.id": FIRST_ID})
    begin(world, SECOND, {"service.instance.id": FIRST_ID, "host.name": "found out later"})
    world.store(telemetry)
    (only,) = runs(telemetry).processes
    assert (only.figures.spans, len(only.resource_ids)) == (2, 2)


def test_what_says_nothing_is_cut_by_pauses(telemetry: StoredTelemetry) -> None:
    world = World()
    for after in (0, PAUSE_NS - MS, 2 * PAUSE_NS - MS - 1, 4 * PAUSE_NS):
        begin(world, after)
    world.store(telemetry)
    newest, oldest = runs(telemetry).processes
    assert (newest.figures.spans, oldest.figures.spans) == (1, 3)
    assert (newest.sign, oldest.sign) == (Sign.PAUSE, Sign.PAUSE)
    assert newest.pause_ns == 2 * PAUSE_NS + 1
    assert runs(telemetry).untold == {"shop"}


def test_a_span_that_lasts_is_no_pause(telemetry: StoredTelemetry) -> None:
    world = World()
    world.add("shop", "long", NOW, 10 * MINUTE, kind=SERVER)
    begin(world, 10 * MINUTE)
    world.store(telemetry)
    assert len(runs(telemetry).processes) == 1


def test_another_version_is_another_run_even_without_a_pause(telemetry: StoredTelemetry) -> None:
    world = World()
    begin(world, 0, {"service.version": "1"})
    begin(world, SECOND, {"service.version": "2"})
    world.store(telemetry)
    newest, oldest = runs(telemetry).processes
    assert (newest.sign, newest.new_version, oldest.sign) == (Sign.RESOURCE, True, Sign.PAUSE)


def test_services_are_cut_each_by_itself(telemetry: StoredTelemetry) -> None:
    world = World()
    for after in (0, 5 * MINUTE):
        begin(world, after, service="shop")
    for after in range(0, 300, 50):
        begin(world, after * SECOND, service="mail")
    world.store(telemetry)
    assert sorted(run.service_name for run in runs(telemetry).processes) == ["mail", "shop", "shop"]
    assert len(runs(telemetry, Stretch(service="mail")).processes) == 1


def test_figures_are_of_the_run_alone(telemetry: StoredTelemetry) -> None:
    world = World()
    run_of(world, "shop", NOW, 10, Program(failed=2), {"service.instance.id": FIRST_ID})
    run_of(world, "shop", NOW + 5 * SECOND, 6, Program(model_ms=500), {"service.instance.id": SECOND_ID})
    world.store(telemetry)
    newest, oldest = (run.figures for run in runs(telemetry).processes)
    assert (newest.spans, newest.requests, newest.failed_requests, newest.traces) == (18, 6, 0, 6)
    assert (oldest.spans, oldest.requests, oldest.failed_requests, oldest.traces, oldest.errors) == (30, 10, 2, 10, 4)
    assert newest.p50_ns is not None
    assert oldest.p50_ns is not None
    assert newest.p50_ns > 2 * oldest.p50_ns
    assert newest.tokens is not None
    assert 6 * 900 < newest.tokens < 6 * 1300
    first, second = runs(telemetry).processes
    assert first.pause_ns is not None
    assert first.pause_ns < 0 < second.end_ns


def test_of_many_the_newest_are_told(telemetry: StoredTelemetry) -> None:
    world = World()
    for number in range(7):
        begin(world, number * 10 * MINUTE)
    world.store(telemetry)
    found = runs(telemetry, most=3)
    assert [run.first_ns for run in found.processes] == [NOW + number * 10 * MINUTE for number in (6, 5, 4)]
    assert found.hidden == 4


@pytest.mark.parametrize(
    ("told", "is_process"),
    [
        ({"service.instance.id": FIRST_ID}, True),
        ({"service.instance.id": "a1b2c3d4e5f60718"}, True),
        ({"service.instance.id": "web-1"}, False),
        ({"service.instance.id": "production-cluster"}, False),
        ({"process.pid": 4711, "host.name": "desk"}, True),
        ({"process.pid": 1, "host.name": "desk"}, False),
        ({"process.pid": 1, "process.creation.time": "2026-11-20T18:00:00Z"}, True),
        ({"process.pid": 1, "container.id": "4f2a"}, True),
        ({"k8s.pod.uid": "4f2a"}, True),
        ({"service.instance.id": ["odd"], "process.pid": True}, False),
        ({}, False),
    ],
)
def test_a_resource_tells_its_process_only_where_it_is_another_at_every_start(
    told: dict[str, object], is_process: bool
) -> None:
    assert bool(identity_of(told).process) is is_process
