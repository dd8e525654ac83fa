"""What can be done with selected runs: their trace, links, runs of the same name, comparing, copying."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenTrace
from junjo_desktop.shell.links import place_of
from junjo_desktop.shell.workbench import Workbench
from tests.features.runs.looking import wait_for_names
from tests.features.runs.stored_runs import add_run
from tests.support.otlp import span_id, trace_id
from tests.support.stored import StoredTelemetry

ONE = OpenRun(trace_id(1).hex(), span_id(100).hex(), "runtime-100")
TWO = OpenRun(trace_id(2).hex(), span_id(200).hex(), "runtime-200")


@pytest.fixture
def filled(telemetry: StoredTelemetry, page: RunsPage, qtbot: QtBot) -> RunsPage:
    """A page with two runs, the newer one first and current."""
    add_run(telemetry, 1, "order")
    add_run(telemetry, 2, "bill", service="billing")
    wait_for_names(qtbot, page, ["bill", "order"])
    page.table.view.selectRow(0)
    return page


def entries(page: RunsPage) -> dict[str, QAction]:
    return {action.text(): action for action in page.table.menu.build().actions() if action.text()}


def copied() -> str:
    return QGuiApplication.clipboard().text()


def test_the_trace_of_a_run_opens_at_its_span(filled: RunsPage, opened: list[object]) -> None:
    entries(filled)["Open trace"].trigger()
    assert opened == [OpenTrace(trace_id(2).hex(), span_id(200).hex())]


def test_ids_and_links_are_copied(filled: RunsPage) -> None:
    filled.table.menu.copy_ids()
    assert copied() == "runtime-200"
    entries(filled)["Copy trace id"].trigger()
    assert copied() == trace_id(2).hex()
    entries(filled)["Copy span id"].trigger()
    assert copied() == span_id(200).hex()
    entries(filled)["Copy link"].trigger()
    assert place_of(copied()) == TWO


def test_the_list_can_be_narrowed_to_runs_of_the_same_name(filled: RunsPage, qtbot: QtBot) -> None:
    entries(filled)["Only runs of this name"].trigger()
    wait_for_names(qtbot, filled, ["bill"])
    assert filled.shown_filter == RunsFilter(name="bill", service="billing")


def test_two_selected_runs_can_be_compared_the_older_one_at_the_left(filled: RunsPage, opened: list[object]) -> None:
    assert "Compare the two runs" not in entries(filled)
    filled.table.view.select_rows([0, 1], 0)
    entries(filled)["Compare the two runs"].trigger()
    assert opened == [CompareRuns(ONE, TWO)]


def test_comparing_is_not_offered_where_nothing_compares(filled: RunsPage, bench: Workbench) -> None:
    bench.connect_shell(lambda _place: False, lambda error: pytest.fail(str(error)), lambda _place: False)
    filled.table.view.selectAll()
    assert "Compare the two runs" not in entries(filled)
    assert not filled.run_actions.can_compare()


def test_rows_are_copied_and_exported(filled: RunsPage, qtbot: QtBot, tmp_path: Path) -> None:
    filled.table.menu.copy_rows()
    assert "bill" in copied()
    assert "completed" in copied()
    file = tmp_path / "runs.csv"
    filled.table.menu.export_to(file)
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: file.read_text(encoding="utf-8").count("\n") == 3)
