"""Durations, times and counts are written as people read them, and never as what they are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.widgets.figures import (
    bytes_text,
    cost_phrase,
    cost_text,
    counted,
    duration_text,
    iso_text,
    moment_text,
    offset_text,
)

MOMENT = 1_795_183_378_480_123_456
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_000, "1 µs"),
        (12_400, "12 µs"),
        (999_500, "1.0 ms"),
        (4_200_000, "4.2 ms"),
        (38_000_000, "38 ms"),
        (999_499_999, "999 ms"),
        (999_500_000, "1.00 s"),
        (1_420_000_000, "1.42 s"),
        (18_200_000_000, "18.2 s"),
        (59_950_000_000, "1 min"),
        (192_000_000_000, "3 min 12 s"),
        (7_500_000_000_000, "2 h 5 min"),
        (90_000_000_000_000, "1 d 1 h"),
        (-1_420_000_000, "−1.42 s"),
    ],
)
def test_a_duration_is_written_in_its_own_unit(duration_ns: int, text: str) -> None:
    assert duration_text(duration_ns) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_64_bit_time_and_duration_can_be_written(value: int) -> None:
    assert duration_text(value)
    assert moment_text(value, NOW, UTC)
    assert iso_text(value, UTC)


def test_a_moment_of_today_is_a_clock_and_another_day_has_its_date() -> None:
    assert moment_text(MOMENT, NOW, UTC) == "14:02:58.480"
    assert moment_text(MOMENT - 86_400 * 10**9, NOW, UTC) == "19 Nov 14:02:58.480"
    assert moment_text(MOMENT - 366 * 86_400 * 10**9, NOW, UTC) == "2025-11-19 14:02:58.480"


def test_iso_keeps_every_nanosecond_and_the_offset() -> None:
    assert iso_text(MOMENT, timezone(timedelta(hours=5, minutes=30))) == "2026-11-20T19:32:58.480123456+05:30"


def test_offsets_counts_and_sizes() -> None:
    assert [offset_text(value) for value in (0, 1_420_000_000, -38_000_000)] == ["+0", "+1.42 s", "−38 ms"]
    assert [counted(count, "failure") for count in (1, 2, 1_204)] == ["1 failure", "2 failures", "1,204 failures"]
    assert [bytes_text(size) for size in (812, 1_234, 34_000_000, 999_600)] == ["812 B", "1.2 KB", "34 MB", "1.0 MB"]


@pytest.mark.parametrize(
    ("dollars", "text"),
    [
        (None, "unpriced"),
        (0.0, "$0"),
        (0.0412, "$0.0412"),
        (0.00021, "$0.00021"),
        (0.000012, "$0.000012"),
        (0.0000063, "< $0.00001"),
        (12.4, "$12.40"),
        (1204.4, "$1,204"),
    ],
)
def test_costs_are_never_rounded_to_nothing(dollars: float | None, text: str) -> None:
    assert cost_text(dollars) == text


def test_a_cost_in_a_sentence_is_less_than_another_in_words() -> None:
    assert [cost_phrase(dollars) for dollars in (0.0000063, 0.0412)] == ["less than $0.00001", "$0.0412"]
