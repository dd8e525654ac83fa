"""The sample run in a window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.graph.view import RunGraphView
from junjo_desktop.features.run.selection import RunSelection
from tests.features.run.graph.runs import sample_run


@pytest.fixture
def selection(qtbot: QtBot) -> RunSelection:  # noqa: ARG001 - makes the application
    return RunSelection()


@pytest.fixture
def view(qtbot: QtBot, selection: RunSelection) -> RunGraphView:
    """The sample run, in a window."""
    view = RunGraphView(selection)
    qtbot.addWidget(view)
    view.resize(1200, 400)
    view.show()
    view.show_run(sample_run())
    return view
