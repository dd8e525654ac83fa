"""The histogram strip: bars that lose nothing, and ranges chosen by mouse and keyboard."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.histogram import DurationRange, HistogramStrip
from junjo_desktop.widgets.histogram_scale import Bin, Histogram, HistogramScale, Line

MS = 10**6
NO = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton

BINS = st.dictionaries(st.integers(600, 3_400), st.tuples(st.integers(1, 1_000), st.integers(0, 5)), min_size=1)


def histogram_of(*durations_ms: float, failed: float | None = None) -> Histogram:
    """A histogram with 100 steps a decade."""
    steps: dict[int, list[int]] = {}
    for duration in durations_ms:
        counts = steps.setdefault(math.floor(math.log10(duration * MS) * 100 + 1e-9), [0, 0])
        counts[0] += 1
        counts[1] += duration == failed
    bins = tuple(Bin(step, *counts) for step, counts in sorted(steps.items()))
    return Histogram(bins, 100, (Line("p50", 10 * MS), Line("p95", 900 * MS)))


@pytest.fixture
def strip(qtbot: QtBot) -> HistogramStrip:
    strip = HistogramStrip("span")
    qtbot.addWidget(strip)
    strip.resize(700, strip.height())
    strip.show_histogram(histogram_of(1, 1, 1, 10, 100, 1000, failed=100))
    return strip


def foot_of(strip: HistogramStrip, place: int) -> QPoint:
    plot = strip.plot()
    return QPoint(round(plot.left() + (place + 0.5) * plot.width() / strip.bar_count), round(plot.bottom() - 2))


def filled(strip: HistogramStrip) -> list[int]:
    return [place for place in range(strip.bar_count) if strip.holds_any(place)]


@given(BINS, st.integers(1, 200))
def test_bars_hold_every_duration_once(counts: dict[int, tuple[int, int]], most: int) -> None:
    bins = tuple(Bin(step, *count) for step, count in sorted(counts.items()))
    scale = HistogramScale.of(Histogram(bins), most)
    bars = scale.bars(bins)
    assert len(bars) == scale.bar_count <= most
    assert sum(bar.count for bar in bars) == sum(count for count, _ in counts.values())
    assert sum(bar.failed for bar in bars) == sum(failed for _, failed in counts.values())
    assert all(before.to_ns == after.from_ns for before, after in itertools.pairwise(bars))
    for bar in bars:
        steps = [found for found in bins if bar.from_ns <= 10 ** ((found.step + 0.5) / 200) < bar.to_ns]
        assert bar.count == sum(found.count for found in steps)


@given(BINS, st.floats(0, 1))
def test_a_place_tells_the_duration_that_stands_there(counts: dict[int, tuple[int, int]], share: float) -> None:
    bins = tuple(Bin(step, *count) for step, count in sorted(counts.items()))
    scale = HistogramScale.of(Histogram(bins), 100)
    assert scale.x(scale.duration(share)) == pytest.approx(share, abs=0.01)
    assert len(scale.ticks()) >= 1


def test_one_duration_alone_is_no_wall(strip: HistogramStrip) -> None:
    strip.show_histogram(histogram_of(5))
    assert strip.bar_count > 9
    assert len(filled(strip)) == 1


def test_a_drag_chooses_from_the_first_bar_to_the_last(strip: HistogramStrip, qtbot: QtBot) -> None:
    first, last = filled(strip)[1], filled(strip)[2]
    with qtbot.waitSignal(strip.range_chosen) as chosen:
        QTest.mousePress(strip, LEFT, NO, foot_of(strip, last))
        QTest.mouseMove(strip, foot_of(strip, last) - QPoint(20, 0))
        QTest.mouseMove(strip, foot_of(strip, first))
        strip.grab()
        QTest.mouseRelease(strip, LEFT, NO, foot_of(strip, first))
    [found] = chosen.args or []
    assert isinstance(found, DurationRange)
    assert found.min_ns <= 10 * MS < 100 * MS <= found.max_ns < 1000 * MS


def test_a_click_chooses_a_bar_and_the_leftmost_one_holds_all_that_is_shorter(
    strip: HistogramStrip, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(strip.range_chosen) as chosen:
        QTest.mouseClick(strip, LEFT, NO, foot_of(strip, 0))
    [found] = chosen.args or []
    assert found.min_ns == 0
    assert 1 * MS <= found.max_ns < 10 * MS


def test_a_click_beside_the_bars_chooses_nothing(strip: HistogramStrip, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(strip.range_chosen):
        QTest.mouseClick(strip, LEFT, NO, QPoint(5, 60))
        QTest.mouseClick(strip, LEFT, NO, foot_of(strip, filled(strip)[0] + 1))


def test_the_keyboard_goes_from_bar_to_bar_and_chooses_several(strip: HistogramStrip, qtbot: QtBot) -> None:
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.chosen_bars() == (filled(strip)[1], filled(strip)[1])
    assert strip.said == strip.accessibleDescription() != strip.caption
    assert " · 1 span · " in strip.said
    QTest.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(strip.range_chosen) as chosen:
        QTest.keyClick(strip, Qt.Key.Key_Return)
    [found] = chosen.args or []
    assert found.min_ns <= 10 * MS < 100 * MS <= found.max_ns
    QTest.keyClick(strip, Qt.Key.Key_Left)
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert (strip.chosen_bars(), strip.said) == (None, strip.caption)


def test_a_bar_says_how_many_and_how_many_of_them_failed(strip: HistogramStrip) -> None:
    words = strip.words(filled(strip)[2])
    assert "1 span, 1 failed" in words
    assert "3 spans\n" in strip.words(filled(strip)[0])


def test_what_is_shown_is_read_out_and_painted(strip: HistogramStrip) -> None:
    strip.show_caption("<b>6</b> spans of \u202eevil")
    strip.show_mark("this span", 100 * MS)
    strip.show_range(DurationRange(0, 20 * MS))
    strip.setFocus()
    assert strip.accessibleDescription() == strip.caption
    first = strip.grab().toImage()
    strip.show_mark("this span", None)
    assert strip.grab().toImage() != first
    strip.show_histogram(Histogram())
    strip.grab()
    assert strip.bar_count == 0
