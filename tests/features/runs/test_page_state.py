"""What a list of runs keeps over a restart: filters, orders, columns, runs or groups, and where the user was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.bar import GROUPS
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.group_order import GroupSort, GroupSortBy
from junjo_desktop.features.runs.kinds import WORKFLOWS
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_filters import RunOutcome, RunSort, RunSortBy
from junjo_desktop.widgets.time_range import TimeRange
from tests.features.runs.stored_runs import SECOND, add_run, key_of
from tests.support.stored import StoredTelemetry


@pytest.fixture
def state(tmp_path: Path) -> QSettings:
    """The window's state."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def other(bench: Workbench, pages: list[QWidget]) -> RunsPage:
    """The page of the next start, not shown yet."""
    page = RunsPage(bench, WORKFLOWS)
    pages.append(page)
    page.resize(1240, 400)
    return page


def test_filters_orders_and_columns_are_kept_but_not_the_text(
    page: RunsPage, other: RunsPage, state: QSettings
) -> None:
    kept = RunsFilter(
        service="billing",
        name="bill",
        version="2.0",
        correlation_id="A-7",
        outcomes=frozenset({RunOutcome.FAILED, RunOutcome.LOST}),
        with_subflows=True,
        time_range=TimeRange(last_ns=900 * SECOND),
    )
    page.show_filter(replace(kept, text="left out", min_duration_ns=SECOND))
    page.table.sort_requested.emit(RunSortBy.DURATION, True)
    page.table.view.horizontalHeader().resizeSection(1, 321)
    page.show_mode(GROUPS)
    page.groups.table.sort_requested.emit(GroupSortBy.P95, True)
    page.groups.table.view.horizontalHeader().resizeSection(1, 222)
    page.save_state(state)
    other.restore_state(state)
    assert other.shown_filter == kept
    assert (other.shown_sort, other.groups.sort) == (
        RunSort(RunSortBy.DURATION, True),
        GroupSort(GroupSortBy.P95, True),
    )
    assert other.table.view.horizontalHeader().sectionSize(1) == 321
    assert other.groups.table.view.horizontalHeader().sectionSize(1) == 222
    assert other.mode == GROUPS


def test_the_selected_run_and_the_place_are_found_again(
    telemetry: StoredTelemetry, page: RunsPage, other: RunsPage, state: QSettings, qtbot: QtBot
) -> None:
    for number in range(1, 151):
        add_run(telemetry, number)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 150)
    page.table.select_id(key_of(20))
    scrolled = page.table.view.verticalScrollBar().value()
    page.save_state(state)
    other.restore_state(state)
    other.resize(page.size())
    other.show()
    qtbot.waitUntil(lambda: other.table.current_id == key_of(20))
    assert scrolled > 0
    assert other.table.view.verticalScrollBar().value() == scrolled
    assert other.table.selected_ids() == [key_of(20)]


@pytest.mark.parametrize("junk", ["", "null", "[1]", '{"service": 7, "outcomes": 3}', "\x00", '["nothing", 1]', "[[]]"])
def test_odd_state_is_ignored(page: RunsPage, state: QSettings, junk: str) -> None:
    for key in ("filter", "sort", "group_sort", "columns", "place", "mode"):
        state.setValue(key, junk)
    page.restore_state(state)
    assert (page.shown_filter, page.shown_sort, page.groups.sort) == (RunsFilter(), RunSort(), GroupSort())
