"""The scatter strip puts traces where they belong, and says how many it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.scatter import ScatterStrip
from junjo_desktop.widgets.scatter_sample import Scatter, ScatterPoint
from junjo_desktop.widgets.scatter_scale import ScatterScale

SECOND = 10**9
START = 1_795_000_000 * SECOND


def scatter_of(*times: tuple[int, int], total: int = 0) -> Scatter:
    points = tuple(
        ScatterPoint(f"{number:032x}", f"trace {number}", START + start, duration, "failed" if number % 2 else "done")
        for number, (start, duration) in enumerate(times)
    )
    starts = [point.start_ns for point in points]
    longest = max(point.duration_ns for point in points)
    return Scatter(points, total or len(points), min(starts), max(starts), 1, 2, longest)


@given(st.lists(st.tuples(st.integers(0, 10**16), st.integers(-(10**18), 9 * 10**18)), min_size=1, max_size=20))
def test_every_trace_stands_within_the_strip(times: list[tuple[int, int]]) -> None:
    scatter = scatter_of(*times)
    scale = ScatterScale.of(scatter)
    for point in scatter.points:
        x, y = scale.place(point)
        assert 0 <= x <= 1
        assert 0 <= y <= 1


@given(st.floats(0, 1), st.integers(1_000_000, 10**12), st.integers(1, 10**15))
def test_a_place_tells_the_duration_and_moment_that_stand_there(share: float, longest: int, span: int) -> None:
    scale = ScatterScale.of(scatter_of((0, 1_000_000), (span, longest)))
    assert scale.y(scale.duration(share)) == pytest.approx(share, abs=1e-3)
    assert scale.x(scale.moment(share)) == pytest.approx(share, abs=1 / span + 1e-6)


def test_a_longer_duration_stands_higher() -> None:
    scale = ScatterScale.of(scatter_of((0, SECOND), (1, 20 * SECOND)))
    assert scale.y(SECOND) < scale.y(5 * SECOND) < scale.y(20 * SECOND)
    assert scale.lines() == (SECOND, 10 * SECOND)


def test_the_caption_is_honest_about_the_sample(qtbot: QtBot) -> None:
    strip = ScatterStrip("trace")
    qtbot.addWidget(strip)
    strip.show_scatter(scatter_of((0, SECOND), total=1))
    assert strip.caption.startswith("1 trace · p50")
    strip.show_scatter(scatter_of((0, SECOND), total=41_233))
    assert strip.caption.startswith("1 of 41,233 traces · ")


def test_one_trace_and_none_can_be_painted(qtbot: QtBot) -> None:
    strip = ScatterStrip("trace")
    qtbot.addWidget(strip)
    strip.resize(600, strip.height())
    empty = strip.grab().toImage()
    strip.show_scatter(scatter_of((0, SECOND)))
    assert strip.grab().toImage() != empty


def test_a_trace_without_a_start_does_not_press_the_others_flat(qtbot: QtBot) -> None:
    timed = scatter_of((0, SECOND), (60 * SECOND, 2 * SECOND))
    untimed = ScatterPoint("f" * 32, "untimed", 0, START)
    strip = ScatterStrip("trace")
    qtbot.addWidget(strip)
    strip.show_scatter(replace(timed, points=(*timed.points, untimed), total=3, first_start_ns=0, max_ns=START))
    assert strip.points == timed.points
    assert strip.position_of(timed.points[1]).x() - strip.position_of(timed.points[0]).x() > strip.width() / 2
    assert "1 without a start time" in strip.caption


def test_only_traces_without_a_start_are_told_in_words(qtbot: QtBot) -> None:
    strip = ScatterStrip("trace")
    qtbot.addWidget(strip)
    strip.show_scatter(Scatter((ScatterPoint("f" * 32, "untimed", 0, START),), 1, 0, 0, START, START, START))
    assert (strip.points, strip.caption) == ((), "1 trace · no start time")
