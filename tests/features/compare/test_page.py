"""The page that compares two runs: what it says, where it leads, and how it keeps up with runs that go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.compare.page import ComparePage
from junjo_desktop.features.compare.rows_model import DIFFERENCE, LEFT, NAME, RIGHT
from junjo_desktop.features.compare.rows_view import RowsView
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenRuns
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.selection import Selection
from tests.features.compare.conftest import SDK, Compare, settle
from tests.recordings.load import Recording
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry


def command(page: ComparePage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def rows_in_sight(tree: RowsView) -> list[str]:
    """What each unfolded row says, its differences left out: `A`, `A <` at the left only, `A >` at the right only."""
    found = []
    for number in range(tree.rows.rowCount()):
        row = tree.rows.row_at(tree.rows.index(number, NAME))
        alone = "" if row.left.span_id and row.right.span_id else " <" if row.left.span_id else " >"
        found.append(row.name if row.is_sentence else row.name + alone)
    return found


def only(recording: Recording, *names: str) -> list[object]:
    """The requests of a recording with nothing but the spans of these names."""
    kept = list(recording.requests)
    for request in kept:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                left = [span for span in scope.spans if span.name in names]
                del scope.spans[:]
                scope.spans.extend(left)
    return list(kept)


def test_the_same_run_twice_differs_in_nothing(page: ComparePage, compare: Compare) -> None:
    compare("loop", "loop")
    assert page.summary.first.text() == "Both sides show the same run. Same path."
    assert page.lists.tabs.tabText(0) == "Steps 12"
    assert page.header.name.text() == "Two runs of pack five boxes"
    assert page.state.nothing.sentence == "Both runs have the same state at the end."
    assert not page.summary.button.isVisible()
    assert rows_in_sight(page.lists.steps)[:3] == ["pack five boxes", "Receive", "Pack"]


def test_where_paths_part_is_marked_and_said(page: ComparePage, compare: Compare) -> None:
    loaded = compare("loop", "linear")
    words = "After Receive the left run went to Pack (run 1), the right to Check."
    assert words in page.summary.first.text()
    shown = rows_in_sight(page.lists.steps)
    at = shown.index("Pack <")
    assert shown[at - 1] == f"First difference: a{words[1:]}"
    assert page.lists.steps.current_key == loaded.first_difference
    page.lists.steps.go_to(0)
    command(page, "compare.difference").run()
    assert page.lists.steps.current_key == loaded.first_difference


def test_a_failed_run_beside_one_that_completed(page: ComparePage, compare: Compare, qtbot: QtBot) -> None:
    compare("subflow", "fails_in_subflow")
    assert "the right failed in Refuse" in page.summary.first.text()
    assert page.lists.tabs.tabText(2) == "Failures 1"
    command(page, "compare.failures").run()
    note = page.lists.failures.current_note
    assert note is not None
    assert (note.side, note.told) == ("right", "ValueError: the office is closed")
    command(page, "compare.graph").run()
    assert page.lists.graph.rows.rowCount() > 0
    assert page.state.shown is not None
    changes = page.state.shown.difference.changes
    assert changes is not None
    assert page.state.tabs.tabText(0) == f"State {changes.count}"
    page.state.moment.chosen.emit("start")
    settle(page, qtbot)


def test_a_row_leads_to_its_step_in_either_run(page: ComparePage, compare: Compare, places: list[object]) -> None:
    loaded = compare("loop", "linear")
    row = next(one for one in loaded.comparison.steps if one.name == "Check" and one.is_both)
    page.lists.steps.go_to(loaded.comparison.steps.index(row))
    assert row.left is not None
    assert row.right is not None
    facts = loaded.comparison.facts
    command(page, "compare.left").run()
    command(page, "compare.right").run()
    QTest.keyClick(page.lists.steps, Qt.Key.Key_Return)
    in_right = OpenRun(facts.right.trace_id, row.right.span_id)
    assert places == [OpenRun(facts.left.trace_id, row.left.span_id), in_right, in_right]
    lone = next(at for at, one in enumerate(loaded.comparison.steps) if one.right is None)
    page.lists.steps.go_to(lone)
    assert not page.lists.open_right.isEnabled()
    QTest.keyClick(page.lists.steps, Qt.Key.Key_Return)
    step = loaded.comparison.steps[lone].left
    assert step is not None
    assert places[-1] == OpenRun(facts.left.trace_id, step.span_id)


def test_clicking_a_duration_opens_that_run_and_clicking_a_name_only_selects(
    page: ComparePage, compare: Compare, places: list[object]
) -> None:
    loaded = compare("loop", "loop")
    tree = page.lists.steps
    step = loaded.comparison.steps[3]
    index = tree.rows.index_of(3)
    for column in (NAME, DIFFERENCE, LEFT, RIGHT):
        at = tree.visualRect(index.siblingAtColumn(column)).center()
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert step.left is not None
    assert places == [OpenRun(loaded.comparison.facts.left.trace_id, step.left.span_id)] * 2
    assert tree.current_key == 3


def test_sides_are_swapped_and_runs_opened(page: ComparePage, compare: Compare, places: list[object]) -> None:
    facts = compare("loop", "linear").comparison.facts
    left, right = (OpenRun(run.trace_id, run.span_id) for run in (facts.left, facts.right))
    command(page, "compare.swap").run()
    command(page, "compare.open_left").run()
    page.grid.open_asked.emit(False)
    page.header.list.click()
    assert places == [CompareRuns(right, left), left, right, OpenRuns("workflows")]


def test_what_lies_within_a_step_of_the_path_begins_folded(page: ComparePage, compare: Compare) -> None:
    compare("foreign_span", "foreign_span")
    assert rows_in_sight(page.lists.steps) == ["answer a question", "Receive", "Answer", "Send"]


def test_agents_are_compared(page: ComparePage, compare: Compare) -> None:
    compare("agent_tools", "agent_tool_fails")
    assert page.rail_name() == "agents"
    assert page.header.list.text() == "Agents"
    assert page.lists.no_changes.sentence == "Agents have no graph."


def test_a_run_that_goes_on_is_followed(
    telemetry: StoredTelemetry, page: ComparePage, qtbot: QtBot, bench: Workbench
) -> None:
    recording, other = Recording(SDK, "linear"), Recording(SDK, "loop")
    telemetry.subscribe(bench.batch_stored.emit)
    telemetry.add(*other.requests)
    telemetry.add(*only(recording, "Receive", "Check"))  # type: ignore[arg-type] # requests
    page.show_destination(CompareRuns(OpenRun(recording.trace_id), OpenRun(other.trace_id)))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    assert "The left run has not ended" in page.summary.unknown.text()
    assert page.grid.isVisible()
    page.lists.steps.go_to(1)
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.comparison.left.run.span_id is not None)
    settle(page, qtbot)
    assert page.summary.unknown.text() == ""
    assert page.lists.steps.current_key == 1


def test_runs_that_have_not_arrived_are_waited_for_and_deleted_ones_said(
    telemetry: StoredTelemetry, page: ComparePage, qtbot: QtBot, bench: Workbench
) -> None:
    recording = Recording(SDK, "linear")
    telemetry.subscribe(bench.batch_stored.emit)
    here = OpenRun(recording.trace_id)
    page.show_destination(CompareRuns(here, here))
    qtbot.waitUntil(lambda: page.absent.sentence.startswith("Waiting for run"))
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    telemetry.delete(Selection(trace_ids=(recording.trace_id,)))
    qtbot.waitUntil(lambda: page.shown is None)
    assert "deleted" in page.absent.sentence


def test_rows_are_copied_as_a_sentence(page: ComparePage, compare: Compare) -> None:
    compare("subflow", "fails_in_subflow")
    page.lists.steps.copy_row()
    assert ", left " in QGuiApplication.clipboard().text()
    assert ", right " in QGuiApplication.clipboard().text()


@pytest.mark.parametrize("width", [640, 1240])
def test_every_control_has_a_name(page: ComparePage, compare: Compare, width: int) -> None:
    page.resize(width, 560)
    compare("subflow", "fails_in_subflow")
    assert unnamed_controls(page) == []
    for tab in range(page.lists.tabs.count()):
        page.lists.tabs.setCurrentIndex(tab)
        assert unnamed_controls(page) == []


def test_keys_are_given_out_once(page: ComparePage) -> None:
    keys = [key for one in page.commands() for key in one.shortcuts]
    assert len(keys) == len(set(keys))


def test_the_view_of_states_and_the_splitter_are_remembered(
    page: ComparePage, compare: Compare, bench: Workbench, pages: list[QWidget], tmp_path: Path
) -> None:
    compare("subflow", "fails_in_subflow")
    page.state.tabs.setCurrentIndex(1)
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = ComparePage(bench)
    pages.append(again)
    again.restore_state(state)
    assert again.state.tabs.currentIndex() == 1


def test_stores_of_subflows_can_be_chosen(page: ComparePage, compare: Compare, qtbot: QtBot) -> None:
    loaded = compare("subflow", "subflow")
    stores = [page.state.store.itemText(at) for at in range(page.state.store.count())]
    assert len(stores) == len(loaded.comparison.stores) > 1
    assert stores[1].endswith(" of find the tax")
    page.state.store.setCurrentIndex(1)
    page.state.store.activated.emit(1)
    settle(page, qtbot)
    assert page.state.shown is not None
    assert page.state.shown.store == 1


def test_hostile_names_are_shown_as_they_are(telemetry: StoredTelemetry, page: ComparePage, qtbot: QtBot) -> None:
    recording = Recording(SDK, "linear")
    requests = recording.requests
    for request in requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    span.name = f"<b>{span.name}</b>\n\u202e{'x' * 5000}"
    telemetry.add(*requests)
    here = OpenRun(recording.trace_id)
    page.show_destination(CompareRuns(here, replace(here)))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    assert "<b>take an order</b>" in page.header.name.text()
    assert "\u202e" not in page.header.name.text()
    assert page.summary.first.textFormat() is Qt.TextFormat.PlainText
