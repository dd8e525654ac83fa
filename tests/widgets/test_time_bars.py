"""The strip of what there was over time: what it says, and times chosen in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.time_bars import TimeBarsStrip
from junjo_desktop.widgets.time_bars_data import TimeBar, TimeBars
from junjo_desktop.widgets.time_range import TimeRange

START = 1_795_000_000_000_000_000
BARS = TimeBars((TimeBar(3, 1, 1), TimeBar(), TimeBar(1_200, 0, 7)), START, 1_000, untold=2)


def test_it_says_how_many_there_were_and_chooses_the_time_of_a_bar(qtbot: QtBot) -> None:
    strip = TimeBarsStrip("record")
    qtbot.addWidget(strip)
    strip.resize(600, strip.height())
    strip.show_bars(BARS)
    assert strip.caption == "1,205 records · 8 errors · 1 warning · 2 without a time · drag to select"
    assert "1,200 records, 7 errors\n" in strip.words(2)
    plot = strip.plot()
    last = QPoint(round(plot.left() + plot.width() * 5 / 6), round(plot.bottom() - 3))
    with qtbot.waitSignal(strip.range_chosen) as chosen:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)
    assert chosen.args == [TimeRange(since_ns=START + 2_000, until_ns=START + 2_999)]
    strip.grab()


def test_with_nothing_to_show_it_chooses_nothing(qtbot: QtBot) -> None:
    strip = TimeBarsStrip("record")
    qtbot.addWidget(strip)
    strip.show_bars(TimeBars(untold=1))
    with qtbot.assertNotEmitted(strip.range_chosen):
        QTest.keyClick(strip, Qt.Key.Key_Right)
        QTest.keyClick(strip, Qt.Key.Key_Return)
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton)
    assert strip.caption == "1 record · 1 without a time"
    strip.grab()
