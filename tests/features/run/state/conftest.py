"""A shown panel for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.state.panel import StatePanel
from junjo_desktop.theme.apply import apply_theme
from tests.features.run.state.shown_panel import Work


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


@pytest.fixture
def work() -> Iterator[Work]:
    """Two real threads; no job may fail."""
    with ThreadPoolExecutor(2) as executor:
        made = Work(executor)
        yield made
    assert not made.errors


@pytest.fixture
def selection() -> RunSelection:
    """What is selected on the page."""
    return RunSelection()


@pytest.fixture
def panel(qtbot: QtBot, work: Work, selection: RunSelection) -> StatePanel:
    """A panel on screen, without a run."""
    shown = StatePanel(selection, work)
    qtbot.addWidget(shown)
    shown.resize(760, 560)
    shown.show()
    return shown
