"""Filters as saved views keep them: whole, and nothing odd is read back."""

from __future__ import annotations

import pytest

from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.store.run_filters import RunOutcome
from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.saved_filter import filter_of, filter_text
from junjo_desktop.widgets.time_range import TimeRange

EVERYTHING = (
    TraceFilter(),
    TraceFilter(
        service='"shop"\n',
        errors_only=True,
        starred_only=True,
        time_range=TimeRange(since_ns=1_795_183_378_480_123_456, until_ns=2**62),
        min_duration_ns=0,
        max_duration_ns=10**18,
    ),
    RunsFilter(
        name="",
        outcomes=frozenset({RunOutcome.FAILED, RunOutcome.LOST}),
        with_subflows=True,
        time_range=TimeRange(last_ns=900),
    ),
)


@pytest.mark.parametrize("shown", EVERYTHING, ids=("open", "trace", "run"))
def test_a_filter_is_read_back_as_it_was_but_for_its_text(shown: ListFilter) -> None:
    assert filter_of(type(shown), shown.text, filter_text(shown)) == shown


def test_what_lets_everything_through_is_not_written() -> None:
    assert filter_text(TraceFilter(text="tea")) == "{}"


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "null",
        "[1]",
        "{",
        '{"service": 7, "errors_only": "yes", "time_range": "x", "min_duration_ns": true, "nothing": 1}',
        '{"time_range": {"last_ns": "1", "since_ns": 1.5}, "max_duration_ns": 2.0, "text": "other"}',
    ],
)
def test_what_is_odd_is_left_out(kept: str) -> None:
    assert filter_of(TraceFilter, "tea", kept) == TraceFilter(text="tea")


def test_outcomes_that_are_not_known_are_left_out() -> None:
    kept = '{"outcomes": ["failed", "eaten", 7]}'
    assert filter_of(RunsFilter, "", kept) == RunsFilter(outcomes=frozenset({RunOutcome.FAILED}))
