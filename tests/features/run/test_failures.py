"""Failures of recorded runs as rows, what is said to be missing, and what the header says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from junjo_desktop.features.run.failures_rows import FailureItem, HeadingItem, HookItem, failure_rows
from junjo_desktop.features.run.head_words import head_tags
from junjo_desktop.features.run.missing import what_is_missing
from junjo_desktop.telemetry.junjo.breaking import first_origin
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.junjo.state import reconstruct
from tests.recordings.load import Recording, recordings

EVERY = [pytest.param(one, id=str(one)) for one in recordings()]


def run_of(scenario: str, version: str = "0.68.0", now_ns: int | None = None) -> Run:
    return build_run(Recording(version, scenario).spans(), now_ns=now_ns)


def rows_of(run: Run) -> list[str]:
    return [
        "  " * node.depth + node.item.cells().sentence.rpartition(", ")[0] for node in failure_rows(run).outline.nodes
    ]


def test_a_failure_stands_where_it_arose_and_what_passed_it_on_below() -> None:
    assert rows_of(run_of("fails_in_concurrent")) == [
        "node BreakLater → RuntimeError, the scales are broken",
        "  concurrent Checks → RuntimeError, passed on",
        "  workflow break in one of three → RuntimeError, passed on",
    ]


def test_the_doubled_exceptions_of_old_sdks_are_one_failure() -> None:
    assert rows_of(run_of("fails_in_node", "0.50.1")) == [
        "node Break → KeyError, 'no carrier'",
        "  workflow break in a node → KeyError, passed on",
    ]


def test_the_cause_of_a_failed_tool_stands_beside_it() -> None:
    run = run_of("agent_tool_fails")
    first = failure_rows(run).outline.nodes[0].item
    assert isinstance(first, FailureItem)
    assert first.failure.cause
    assert first.cells().reason == f"caused by {first.failure.cause}"
    assert first.cells().strong == "AgentToolError"


@pytest.mark.parametrize("recording", EVERY)
def test_every_failure_and_every_error_of_a_hook_has_one_row(recording: Recording) -> None:
    run = build_run(recording.spans())
    rows = failure_rows(run)
    items = [node.item for node in rows.outline.nodes]
    shown = [item.failure for item in items if isinstance(item, FailureItem)]
    assert sorted(shown, key=lambda one: one.span_id) == sorted(run.failures, key=lambda one: one.span_id)
    hooks = [item.error for item in items if isinstance(item, HookItem)]
    assert hooks == sorted(run.hook_errors, key=lambda error: error.time_ns)
    assert sum(isinstance(item, HeadingItem) for item in items) == bool(run.hook_errors)
    tops = [node.item for node in rows.outline.nodes if node.depth == 0]
    assert all(item.failure.is_origin for item in tops if isinstance(item, FailureItem))


def test_of_two_failures_the_span_around_both_stands_below_the_first() -> None:
    run = run_of("fails_in_concurrent")
    (origin,) = (failure for failure in run.failures if failure.is_origin)
    beside = next(step for step in run.steps if step.name != origin.name and step.depth == 2)
    second = replace(origin, span_id=beside.span_id, name=beside.name, time_ns=origin.time_ns + 5)
    rows = failure_rows(replace(run, failures=(second, *run.failures)))
    assert [(node.depth, named(node.item)) for node in rows.outline.nodes] == [
        (0, origin.name),
        (1, "Checks"),
        (1, run.name),
        (0, beside.name),
    ]


def named(item: object) -> str:
    assert isinstance(item, FailureItem)
    return item.failure.name


# What is missing


def missing(run: Run) -> tuple[tuple[str, ...], bool]:
    said = what_is_missing(run, {record.store_id: reconstruct(record) for record in run.stores})
    return said.sentences, said.is_loss


def test_a_whole_run_misses_nothing() -> None:
    assert missing(run_of("subflow_nested")) == ((), False)


def test_lost_updates_are_counted_with_the_reason() -> None:
    sentences, is_loss = missing(run_of("many_updates"))
    assert is_loss
    assert sentences[0].startswith("72 state updates of TallyStore missing. ")
    assert sentences[1].startswith("72 events dropped by OpenTelemetry before they were sent: ")


def test_a_run_that_goes_on_has_lost_nothing_yet() -> None:
    sentences, is_loss = missing(run_of("killed"))
    assert not is_loss
    assert "has not arrived" in sentences[0]
    late = run_of("killed", now_ns=4_000_000_000 * 10**9)
    assert missing(late)[1]


# The header


@pytest.mark.parametrize(
    ("scenario", "tags"),
    [
        ("linear", ["completed"]),
        ("fails_in_subflow", ["failed in Refuse"]),
        ("agent_limit", ["failed"]),
        ("cancelled", ["cancelled"]),
        ("killed", ["running"]),
    ],
)
def test_the_outcome_is_told_with_where_it_failed(scenario: str, tags: list[str]) -> None:
    assert [tag.text for tag in head_tags(run_of(scenario))] == tags


def test_a_run_that_nothing_is_heard_of_is_not_called_running() -> None:
    (tag,) = head_tags(run_of("killed", now_ns=4_000_000_000 * 10**9))
    assert (tag.text, tag.role) == ("no end arrived", "warning")


def test_a_long_name_of_the_failed_step_is_cut() -> None:
    run = run_of("fails_in_node")
    renamed = tuple(replace(step, name="N" * 500) for step in run.steps)
    assert head_tags(replace(run, steps=renamed))[0].text == f"failed in {'N' * 40}…"


def test_a_failure_that_was_caught_is_not_what_broke_the_run() -> None:
    run = run_of("fails_in_node")
    [broken] = [failure for failure in run.failures if failure.is_origin]
    healthy = next(step for step in run.steps[1:] if step.state is ExecutionState.DONE)
    caught = replace(broken, span_id=healthy.span_id, time_ns=broken.time_ns - 1)
    assert first_origin(replace(run, failures=(caught, *run.failures))) == broken


def test_a_span_whose_place_is_assumed_is_not_what_broke_the_run_where_another_failed() -> None:
    run = run_of("fails_in_node")
    [broken] = [failure for failure in run.failures if failure.is_origin]
    stray = replace(run.steps[1], span_id="f" * 16, executable=None, is_assumed=True, parent_span_id=run.span_id)
    earlier = replace(broken, span_id=stray.span_id, time_ns=broken.time_ns - 1)
    run = replace(run, steps=(*run.steps, stray), failures=(earlier, *run.failures))
    assert first_origin(run) == broken
    assert head_tags(run)[0].text == "failed in Break"


def test_of_what_failed_in_one_step_that_with_a_stack_is_looked_at_first() -> None:
    run = run_of("fails_in_node")
    [broken] = [failure for failure in run.failures if failure.is_origin]
    earlier = replace(broken, stacktrace="", time_ns=broken.time_ns - 1)
    assert first_origin(replace(run, failures=(earlier, *run.failures))) == broken
