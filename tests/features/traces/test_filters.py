"""Filters, outcomes and their words."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from junjo_desktop.features.traces.filters import QUIET_AFTER_NS, Outcome, TraceFilter, outcome
from junjo_desktop.widgets.time_range import TimeRange

NOW = 1_795_183_378_000_000_000
SECOND = 10**9
EVERYTHING = TraceFilter(
    name="order",
    service="shop",
    errors_only=True,
    has_llm=True,
    starred_only=True,
    time_range=TimeRange(last_ns=900 * SECOND),
    min_duration_ns=SECOND,
    max_duration_ns=5 * SECOND,
    text=" hello ",
)


@pytest.mark.parametrize(
    ("root", "status", "received", "expected"),
    [
        ("root", 0, 0, Outcome.OK),
        ("root", 1, 0, Outcome.OK),
        ("root", 2, NOW, Outcome.FAILED),
        (None, 0, NOW - QUIET_AFTER_NS, Outcome.RUNNING),
        (None, 2, NOW - QUIET_AFTER_NS - 1, Outcome.ROOT_MISSING),
    ],
)
def test_the_outcome_follows_root_status_and_silence(
    root: str | None, status: int, received: int, expected: Outcome
) -> None:
    assert outcome(root, status, received, NOW) == expected


def test_every_part_in_force_has_words_and_can_be_taken_away() -> None:
    left = EVERYTHING
    for part in EVERYTHING.words():
        left = left.without(part)
    assert left == TraceFilter()
    named = {*EVERYTHING.words(), "min_duration_ns", "max_duration_ns"}
    assert {field.name for field in fields(TraceFilter)} | {"duration"} == named


def test_the_default_lets_everything_through_and_shows_nothing() -> None:
    assert TraceFilter().is_open
    assert TraceFilter().words() == {}
    assert not EVERYTHING.is_open


def test_words_tell_the_limits() -> None:
    words = EVERYTHING.words()
    assert words["duration"] == "took 1.00 s – 5.00 s"
    assert words["time_range"] == "started last 15 minutes"
    assert replace(EVERYTHING, max_duration_ns=None).words()["duration"] == "took at least 1.00 s"
    assert replace(EVERYTHING, min_duration_ns=None).words()["duration"] == "took at most 5.00 s"


def test_a_text_of_spaces_is_no_filter() -> None:
    assert TraceFilter(text="   ").words() == {}


def test_a_relative_range_moves_with_now() -> None:
    assert TimeRange(last_ns=SECOND).bounds(NOW) == (NOW - SECOND, None)
    assert TimeRange(since_ns=1, until_ns=2).bounds(NOW) == (1, 2)
    assert TimeRange().bounds(NOW) == (None, None)
