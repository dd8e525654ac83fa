"""Zoom and pan never leave the trace, and ticks are readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.trace.time_axis import MIN_SPAN_NS, TimeWindow, offset_text, tick_step, ticks

START = 1_795_000_000_000_000_000
MS, SECOND = 10**6, 10**9


@given(
    st.integers(0, 10**16),
    st.lists(st.tuples(st.floats(0.01, 20), st.floats(-1, 2), st.integers(-(10**13), 10**13)), max_size=8),
)
def test_no_zoom_or_pan_leaves_the_trace(duration: int, moves: list[tuple[float, float, int]]) -> None:
    window = TimeWindow.over(START, START + duration)
    for factor, at, by in moves:
        window = window.zoomed(factor, window.start_ns + round(window.span_ns * at)).panned(by)
        assert window.whole_start_ns <= window.start_ns < window.end_ns <= window.whole_end_ns
        assert window.span_ns >= MIN_SPAN_NS


@given(st.integers(10**4, 10**12), st.floats(0.05, 0.95), st.floats(0, 1))
def test_zooming_keeps_the_moment_under_the_cursor(duration: int, factor: float, at: float) -> None:
    window = TimeWindow.over(START, START + duration)
    moment = window.moment(at * 800, 800)
    zoomed = window.zoomed(factor, moment)
    assert zoomed.x(moment, 800) == pytest.approx(window.x(moment, 800), abs=2)


@given(st.integers(1, 10**17), st.integers(2, 20))
def test_there_are_never_more_ticks_than_asked_for(span: int, most: int) -> None:
    assert span // tick_step(span, most) <= most


def test_ticks_count_from_the_start_of_the_trace() -> None:
    window = TimeWindow.over(START, START + 6_740 * MS)
    texts = [offset_text(offset, tick_step(window.span_ns, 8)) for _, offset in ticks(window, START, 8)]
    assert texts == ["0", "1 s", "2 s", "3 s", "4 s", "5 s", "6 s"]


@pytest.mark.parametrize(
    ("offset", "step", "text"),
    [
        (0, SECOND, "0"),
        (250_000, 50_000, "250 µs"),
        (1_500 * MS, 500 * MS, "1.5 s"),
        (2_000 * MS, 500_000, "2.0000 s"),
        (150 * SECOND, 30 * SECOND, "2 min 30 s"),
        (3_900 * SECOND, 300 * SECOND, "1 h 5 min"),
        (90_000 * SECOND, 3_600 * SECOND, "1 d 1 h"),
        (-20 * MS, 10 * MS, "−20 ms"),
    ],
)
def test_a_tick_is_written_in_the_unit_of_its_step(offset: int, step: int, text: str) -> None:
    assert offset_text(offset, step) == text


def test_a_growing_trace_keeps_a_zoom_where_it_is() -> None:
    zoomed = TimeWindow.over(START, START + SECOND).shown(START + 200 * MS, START + 300 * MS)
    grown = zoomed.grown(START - SECOND, START + 9 * SECOND)
    assert (grown.start_ns, grown.end_ns) == (zoomed.start_ns, zoomed.end_ns)


def test_a_growing_trace_stays_whole_when_it_was_whole() -> None:
    grown = TimeWindow.over(START, START + SECOND).grown(START, START + 9 * SECOND)
    assert grown == TimeWindow.over(START, START + 9 * SECOND)
