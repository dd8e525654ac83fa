"""Choosing a time: by name, or by exact limits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import PRESETS, TimeRange, range_words
from junjo_desktop.widgets.time_range_menu import TimeRangeButton
from junjo_desktop.widgets.window_dialog import WindowDialog
from tests.support.qt import unnamed_controls

MS, SECOND = 10**6, 10**9
MOMENT = 1_795_183_378_480 * MS


def test_every_preset_can_be_chosen_and_is_named_on_the_button(qtbot: QtBot) -> None:
    button = TimeRangeButton("trace")
    qtbot.addWidget(button)
    chosen: list[ListFilter] = []
    button.chosen.connect(chosen.append)
    for action in button.menu().actions()[: len(PRESETS)]:
        action.trigger()
        button.show_filter(chosen[-1])
        assert button.text() == action.text()
    assert [filter_.time_range for filter_ in chosen] == list(PRESETS.values())


def test_other_filters_are_kept(qtbot: QtBot) -> None:
    button = TimeRangeButton("trace")
    qtbot.addWidget(button)
    button.show_filter(ListFilter(service="shop"))
    with qtbot.waitSignal(button.chosen) as chosen:
        button.menu().actions()[0].trigger()
    assert chosen.args == [ListFilter(service="shop", time_range=PRESETS["Last 15 minutes"])]


def test_exact_limits_are_taken_over_and_given_back(qtbot: QtBot) -> None:
    shown = ListFilter(
        text="x", time_range=TimeRange(since_ns=MOMENT, until_ns=MOMENT + SECOND), min_duration_ns=1500 * MS
    )
    dialog = WindowDialog(shown)
    qtbot.addWidget(dialog)
    again = dialog.chosen()
    assert (again.time_range.since_ns, again.min_duration_ns) == (MOMENT, 1500 * MS)
    assert again.time_range.until_ns == MOMENT + SECOND + MS - 1
    assert (again.max_duration_ns, again.text) == (None, "x")


def test_a_limit_counts_only_when_it_is_ticked(qtbot: QtBot) -> None:
    dialog = WindowDialog(ListFilter())
    qtbot.addWidget(dialog)
    assert dialog.chosen() == ListFilter()
    dialog.since_on.setChecked(True)
    dialog.since.setDateTime(QDateTime.fromMSecsSinceEpoch(MOMENT // MS))
    dialog.show()
    with qtbot.waitSignal(dialog.accepted_filter) as accepted:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert accepted.args == [ListFilter(time_range=TimeRange(since_ns=MOMENT))]


def test_every_field_has_a_name(qtbot: QtBot) -> None:
    dialog = WindowDialog(ListFilter())
    qtbot.addWidget(dialog)
    dialog.show()
    assert unnamed_controls(dialog) == []


@pytest.mark.parametrize(
    ("time_range", "words"),
    [
        (TimeRange(), "all time"),
        (TimeRange(last_ns=60 * SECOND), "last 1 min"),
        (PRESETS["Last hour"], "last hour"),
    ],
)
def test_ranges_have_words(time_range: TimeRange, words: str) -> None:
    assert range_words(time_range) == words
