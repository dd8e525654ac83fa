"""Numbers of the rail and the scatter strip: what they count, and what they leave out."""

from __future__ import annotations

import time

import pytest

from junjo_desktop.features.runs import queries
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.source import RunSource
from junjo_desktop.store.run_filters import RunKind, RunOutcome, RunSort, RunSortBy
from junjo_desktop.widgets.scatter_sample import Scatter
from tests.features.runs.stored_runs import SECOND, add_agent, add_open_run, add_run, key_of
from tests.support.junjo_spans import Place
from tests.support.stored import StoredTelemetry


def count(telemetry: StoredTelemetry, kind: RunKind) -> int:
    return telemetry.read(lambda cursor: queries.run_count(cursor, kind))


def scatter(telemetry: StoredTelemetry, chosen: RunsFilter) -> Scatter:
    source = RunSource(RunKind.WORKFLOWS, chosen, RunSort(), top_first=False)
    listing = telemetry.read(lambda cursor: source.list_ids(cursor, None))
    assert listing.totals is not None
    return listing.totals.scatter


def test_the_rail_counts_workflows_and_agents_also_running_ones_and_no_subflows(telemetry: StoredTelemetry) -> None:
    assert (count(telemetry, RunKind.WORKFLOWS), count(telemetry, RunKind.AGENTS)) == (0, 0)
    add_run(telemetry, 1, "outer")
    inside = Place(1, 100, "runtime-100", "definition-100", "graph of outer", "workflow")
    add_run(telemetry, 2, "inner", kind="subflow", parent=inside)
    add_agent(telemetry, 3)
    assert (count(telemetry, RunKind.WORKFLOWS), count(telemetry, RunKind.AGENTS)) == (1, 1)
    add_open_run(telemetry, 4)
    assert (count(telemetry, RunKind.WORKFLOWS), count(telemetry, RunKind.AGENTS)) == (2, 1)


def test_the_figures_are_those_of_ended_runs_and_every_run_has_its_point(telemetry: StoredTelemetry) -> None:
    for number in range(1, 5):
        add_run(telemetry, number, lasted_ns=number * SECOND)
    lost = add_open_run(telemetry, 5, received_ns=time.time_ns() - 600 * SECOND)
    found = scatter(telemetry, RunsFilter())
    assert (found.total, found.p50_ns, found.p95_ns) == (5, 2 * SECOND, 4 * SECOND)
    assert {point.row_id for point in found.points} == {*(key_of(number) for number in range(1, 5)), lost}


def test_the_scatter_strip_follows_the_filter(telemetry: StoredTelemetry) -> None:
    add_run(telemetry, 1, "order")
    add_run(telemetry, 2, "bill", error="ValueError")
    found = scatter(telemetry, RunsFilter(outcomes=frozenset({RunOutcome.FAILED})))
    assert [(point.name, point.mark) for point in found.points] == [("bill", "failed")]
    assert scatter(telemetry, RunsFilter(text="nothing")) == Scatter()


@pytest.mark.parametrize("by", list(RunSortBy))
def test_every_order_lists_every_run(telemetry: StoredTelemetry, by: RunSortBy) -> None:
    for number in range(1, 4):
        add_run(telemetry, number)
    add_open_run(telemetry, 4)
    source = RunSource(RunKind.WORKFLOWS, RunsFilter(), RunSort(by, False))
    top = telemetry.read(lambda cursor: source.list_ids(cursor, None))
    whole = telemetry.read(lambda cursor: source.list_ids(cursor, top))
    assert (top.is_partial, whole.is_partial) == (True, False)
    assert sorted(whole.ids.page(0, 9)) == [key_of(number) for number in range(1, 5)]
    assert whole.totals is not None
    assert whole.totals.facets.services == {"shop": 4}
