"""A newcomer's question, asked of the demo: which step broke this run, and why? Three clicks answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLabel
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.samples import replay
from junjo_desktop.shell.launch import build_window
from junjo_desktop.shell.main_window import MainWindow
from tests.support.engines import FREE_PORTS, default_key, make_engine, otlp_port
from tests.support.qt import Role, described, find, press


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """An engine that has stored the samples."""
    engine = make_engine(data_dir, replace(FREE_PORTS, theme="light"))
    engine.start()
    replay(otlp_port(engine), default_key(engine))
    assert engine.indexer.drain(60)
    yield engine
    engine.stop()


@pytest.fixture
def window(engine: Engine, qtbot: QtBot) -> Iterator[MainWindow]:
    opened = build_window(engine, discover_features(), demo=True)
    opened.window.show()
    qtbot.waitExposed(opened.window)
    yield opened.window
    opened.close()
    opened.window.deleteLater()


def _press(window: MainWindow, first_word: str) -> None:
    """Press the one check box whose name begins so: some say a number, too."""
    (name,) = {name for _, role, name in described(window) if role == Role.CheckBox and name.startswith(first_word)}
    press(window, name, Role.CheckBox)


def test_three_clicks_lead_to_the_step_that_broke_a_run(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1440, 900)
    _press(window, "Workflows")
    press(window, "Only failed runs", Role.CheckBox)
    runs = find(window, Role.Table, "Workflows")
    assert isinstance(runs, QAbstractItemView)
    qtbot.waitUntil(lambda: _first_row(runs)[:2] == ["failed", "handle_message"])
    place = runs.visualRect(runs.model().index(0, 1)).center()
    # A double click begins with a click.
    QTest.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("handle_message"))
    # Nothing more is pressed: the run opens at the step that failed, and says why.
    qtbot.waitUntil(lambda: "app.shop_answer.ModelStoppedError" in _texts(window))
    assert {"ChatCompletion", "gpt-4o stopped in the middle of a sentence (finish_reason: length)"} <= _texts(window)


def _first_row(runs: QAbstractItemView) -> list[str]:
    return [str(runs.model().index(0, column).data()) for column in range(3)]


def _texts(window: MainWindow) -> set[str]:
    return {label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window)}
