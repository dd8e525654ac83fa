"""A user's way through a run in the real window: from the list to the failed step, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.paths import DataDir
from junjo_desktop.shell.destinations import OpenRun, OpenTrace
from junjo_desktop.shell.launch import build_window
from junjo_desktop.shell.main_window import MainWindow
from tests.features.run.conftest import SDK, settle
from tests.recordings.load import Recording
from tests.support.engines import FREE_PORTS, default_key, make_engine, otlp_port
from tests.support.qt import Role, find
from tests.support.sending import export


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """An engine that runs have been sent to."""
    engine = make_engine(data_dir, replace(FREE_PORTS, theme="light"))
    engine.start()
    for scenario in ("loop", "fails_in_subflow"):
        for request in Recording(SDK, scenario).requests:
            export(otlp_port(engine), request, key=default_key(engine))
    assert engine.indexer.drain(30)
    yield engine
    engine.stop()


@pytest.fixture
def window(engine: Engine, qtbot: QtBot) -> Iterator[MainWindow]:
    opened = build_window(engine, discover_features())
    opened.window.resize(1440, 900)
    opened.window.show()
    qtbot.waitExposed(opened.window)
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    yield opened.window
    opened.close()
    opened.window.deleteLater()


def open_from_list(window: MainWindow, qtbot: QtBot, name: str) -> RunPage:
    """Open the run of this name from the list of workflows."""
    window.open_page("workflows")
    runs = find(window, Role.Table, "Workflows")
    assert isinstance(runs, QAbstractItemView)

    def row() -> int:
        model = runs.model()
        for at in range(model.rowCount()):
            if name in {str(model.index(at, column).data()) for column in range(4)}:
                return at
        return -1

    qtbot.waitUntil(lambda: row() >= 0)
    place = runs.visualRect(runs.model().index(row(), 1)).center()
    QTest.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(runs, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.windowTitle().startswith(name))
    page = window.findChild(RunPage)
    assert page is not None
    settle(page, qtbot)
    return page


def press(window: MainWindow, page: RunPage, qtbot: QtBot, key: Qt.Key) -> None:
    """Press a key wherever the focus is, and let the page answer."""
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.isAncestorOf(focused)
    QTest.keyClick(focused, key)
    settle(page, qtbot)


def place_of_node(page: RunPage, label: str) -> QPoint:
    """Where a node of the graph is, in the canvas."""
    graph = page.view.graph
    key = next(key for key, node in graph.picture.nodes.items() if node.label == label)
    item = graph.canvas.graph.node(key)
    assert item is not None
    return graph.canvas.mapFromScene(item.box.center())


def current_step(page: RunPage) -> str:
    view = page.view.lists.steps.view
    return view.rows.cells_at(view.currentIndex().row()).sentence


def test_a_node_of_the_graph_leads_to_its_steps_and_arrows_to_the_state(window: MainWindow, qtbot: QtBot) -> None:
    page = open_from_list(window, qtbot, "pack five boxes")
    QTest.mouseClick(page.view.graph.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place_of_node(page, "Check"))
    settle(page, qtbot)
    assert current_step(page).startswith("node Check, run 5 of 5")
    assert page.view.span.title.text() == "Check"
    # The focus is in the graph; arrows go on through the state all the same.
    press(window, page, qtbot, Qt.Key.Key_Right)
    first = page.selection.step
    assert first is not None
    assert current_step(page).startswith("OrderStore → ")
    state = page.view.state
    qtbot.waitUntil(lambda: state.shown is not None and state.shown.position == first[1])
    graph = page.view.graph.current
    assert graph is not None
    assert graph.span_id == page.selection.span_id
    press(window, page, qtbot, Qt.Key.Key_Right)
    assert page.selection.step != first
    press(window, page, qtbot, Qt.Key.Key_Left)
    assert page.selection.step == first


def test_the_failure_is_a_key_away_and_backspace_leads_back(window: MainWindow, qtbot: QtBot) -> None:
    page = open_from_list(window, qtbot, "break in a subflow")
    assert page.header.tag_words == ["failed in Refuse"]
    page.view.lists.take_focus()
    press(window, page, qtbot, Qt.Key.Key_Home)
    assert page.view.span.title.text() == "break in a subflow"
    press(window, page, qtbot, Qt.Key.Key_E)
    assert page.view.span.title.text() == "Refuse"
    assert page.view.span.exceptions.message.text() == "the office is closed"
    page.view.lists.show_failures()
    assert page.view.lists.failures.detail.type.text() == "ValueError"
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: find(window, Role.Table, "Workflows").isVisible())


def test_arrows_fold_rows_and_stay_with_trees_and_fields(window: MainWindow, qtbot: QtBot) -> None:
    page = open_from_list(window, qtbot, "break in a subflow")
    page.view.lists.take_focus()
    steps = page.view.lists.steps.view
    refuse = page.selection.span_id
    press(window, page, qtbot, Qt.Key.Key_Left)
    row = steps.rows.row_of(("span", refuse))
    assert steps.rows.is_folded(row)
    press(window, page, qtbot, Qt.Key.Key_Right)
    assert not steps.rows.is_folded(row)
    assert page.selection.span_id == refuse
    assert page.selection.step is None
    page.view.lists.filter.take_focus()
    press(window, page, qtbot, Qt.Key.Key_Right)
    assert page.selection.step is None


def test_the_rail_shows_to_which_list_a_run_belongs(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("traces")
    assert window.rail.marked == "traces"
    window.workbench.open(OpenRun(Recording(SDK, "loop").trace_id))
    qtbot.waitUntil(lambda: window.rail.marked == "workflows")
    window.workbench.open(OpenTrace(Recording(SDK, "loop").trace_id))
    qtbot.waitUntil(lambda: window.rail.marked == "traces")


def test_a_page_that_was_built_ahead_shares_its_room_like_any_other(
    engine: Engine, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("workflows")
    qtbot.waitUntil(lambda: window.findChild(RunPage) is not None)
    window.grab()  # a picture of the window tells hidden parts a size, too
    ahead = open_from_list(window, qtbot, "break in a subflow").view.sizes
    other = build_window(engine, discover_features())
    other.window.resize(1440, 900)
    other.window.show()
    other.workbench.open(OpenRun(Recording(SDK, "fails_in_subflow").trace_id))
    page = other.window.findChild(RunPage)
    assert page is not None
    settle(page, qtbot)
    assert ahead == page.view.sizes
    other.close()
    other.window.deleteLater()
