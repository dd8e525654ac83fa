"""The recordings are complete, small, and can be made again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.recordings.load import DATA, Recording, missing, recording, recordings, spans_of
from tests.recordings.programs.scenarios import scenarios
from tests.recordings.record import VERSIONS, Environment, record

NEWEST = VERSIONS[-1]
AGAIN = (
    "linear",
    "concurrent_subflows",
    "foreign_span",
    "many_updates",
    "fails_in_concurrent",
    "cancelled",
    "killed",
    "hook_error",
    "agent_tool_fails",
    "agent_calls_workflow",
)
"""One scenario of each kind: a process for each of all would take half a minute."""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_scenario_is_recorded_or_has_a_reason_why_not(version: str) -> None:
    recorded = {one.scenario for one in recordings(version)}
    assert recorded | set(missing(version)) == set(scenarios())
    assert not recorded & set(missing(version))
    assert all(missing(version).values())


def test_the_newest_version_runs_every_scenario() -> None:
    assert missing(NEWEST) == {}


def test_the_recordings_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*.*")) < 3_000_000


@pytest.mark.parametrize("one", recordings(), ids=str)
def test_a_recording_is_one_trace_of_one_service(one: Recording) -> None:
    ((trace_id, service),) = {(span.trace_id, span.service_name) for span in one.spans()}
    assert len(trace_id) == 32
    assert service == one.expected["service"]


@pytest.mark.parametrize("scenario", AGAIN)
def test_recording_again_gives_the_same_page(scenario: str) -> None:
    known = recording(NEWEST, scenario)
    sent, done = record(Environment(Path(sys.executable)), scenario)
    assert done == known.expected
    names = [span.name for span in spans_of(*(body for _, body in sent))]
    assert sorted(names) == sorted(span.name for span in known.spans())
