"""Choosing the other run: the one before, the last that completed, or any that the filter finds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.compare.page import ComparePage
from junjo_desktop.shell.destinations import CompareRuns, OpenRun
from tests.features.compare.conftest import settle
from tests.features.runs.stored_runs import add_agent, add_open_run, add_run
from tests.support.hands import write
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry


def place(key: str) -> OpenRun:
    return OpenRun(key[:32], key[32:])


@pytest.fixture
def runs(telemetry: StoredTelemetry) -> list[str]:
    """Five runs of one name, the third and the fourth failed; one of another name, and one of another service."""
    found = [
        add_run(telemetry, number, error=error)
        for number, error in ((1, None), (2, None), (3, "Late"), (4, "Lost"), (5, None))
    ]
    add_run(telemetry, 6, "return")
    add_run(telemetry, 7, service="other")
    return found


def ask(page: ComparePage, key: str, qtbot: QtBot) -> None:
    page.show_destination(CompareRuns(place(key)))
    settle(page, qtbot)


def listed(page: ComparePage) -> list[str]:
    rows = page.chooser.list.rows
    return [str(rows.data(rows.index(row, 5)) or rows.data(rows.index(row, 1))) for row in range(rows.rowCount())]


def test_other_runs_of_the_same_name_and_service_are_offered_the_newest_first(
    page: ComparePage, runs: list[str], qtbot: QtBot
) -> None:
    ask(page, runs[3], qtbot)
    assert listed(page) == ["completed", "Late: Late", "completed", "completed"]
    assert page.chooser.heading.text().startswith("Compare order of ")
    assert unnamed_controls(page) == []


def test_the_previous_and_the_last_completed_run_are_one_press_away(
    page: ComparePage, runs: list[str], places: list[object], qtbot: QtBot
) -> None:
    ask(page, runs[3], qtbot)
    page.chooser.previous.click()
    page.chooser.completed.click()
    # The earlier one stands at the left.
    assert places == [CompareRuns(place(runs[2]), place(runs[3])), CompareRuns(place(runs[3]), place(runs[4]))]


def test_any_run_is_found_by_typing(page: ComparePage, runs: list[str], places: list[object], qtbot: QtBot) -> None:
    ask(page, runs[0], qtbot)
    write(page.chooser.filter, "lost", enter=True)
    settle(page, qtbot)
    assert listed(page) == ["Lost: Lost"]
    QTest.keyClick(page.chooser.list, Qt.Key.Key_Return)
    assert places == [CompareRuns(place(runs[0]), place(runs[3]))]
    write(page.chooser.filter, "nothing like it", enter=True)
    settle(page, qtbot)
    assert page.chooser.nothing.sentence == "No other run matches."


def test_a_run_alone_of_its_name_has_nothing_to_be_compared_with(
    page: ComparePage, telemetry: StoredTelemetry, places: list[object], qtbot: QtBot
) -> None:
    key = add_agent(telemetry, 1)
    ask(page, key, qtbot)
    assert page.chooser.nothing.sentence == "There is no other run of this name to compare with."
    assert not page.chooser.compare.isEnabled()
    page.chooser.back.click()
    assert places == [place(key)]


def test_runs_that_have_not_ended_are_offered_too(page: ComparePage, telemetry: StoredTelemetry, qtbot: QtBot) -> None:
    ended, still_open = add_run(telemetry, 1), add_open_run(telemetry, 2)
    ask(page, ended, qtbot)
    assert listed(page) == ["running"]
    ask(page, still_open, qtbot)
    assert listed(page) == ["completed"]


def test_one_side_is_exchanged_and_escape_goes_back(
    page: ComparePage, runs: list[str], places: list[object], qtbot: QtBot
) -> None:
    page.show_destination(CompareRuns(place(runs[0]), place(runs[1])))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    page.grid.change_asked.emit(False)
    settle(page, qtbot)
    QTest.keyClick(page.chooser, Qt.Key.Key_Escape)
    assert page.lists.isVisible()
    page.grid.change_asked.emit(True)
    settle(page, qtbot)
    page.chooser.completed.click()
    assert places == [CompareRuns(place(runs[4]), place(runs[1]))]
