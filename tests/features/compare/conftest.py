"""The page that compares runs, over a store, and runs to compare on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.compare.loading import LoadedComparison
from junjo_desktop.features.compare.page import ComparePage
from junjo_desktop.shell.destinations import CompareRuns, OpenRun
from junjo_desktop.shell.workbench import Workbench
from tests.recordings.load import Recording
from tests.support.qt import shown
from tests.support.stored import StoredTelemetry

SDK = "0.68.0"

Compare = Callable[[str, str], LoadedComparison]


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> ComparePage:
    """The page, shown."""
    return shown(ComparePage(bench), pages, height=800)


@pytest.fixture
def compare(telemetry: StoredTelemetry, page: ComparePage, qtbot: QtBot) -> Compare:
    """Stores two recorded runs and compares them; returns what is shown once everything is read."""

    def store_and_compare(left: str, right: str) -> LoadedComparison:
        found = [Recording(SDK, scenario) for scenario in (left, right)]
        for one in dict.fromkeys(found):
            telemetry.add(*one.requests)
        page.show_destination(CompareRuns(*(OpenRun(one.trace_id) for one in found)))
        qtbot.waitUntil(lambda: page.shown is not None)
        settle(page, qtbot)
        assert page.shown is not None
        return page.shown

    return store_and_compare


def settle(page: ComparePage, qtbot: QtBot) -> None:
    """Wait until nothing is read for the page any more."""
    qtbot.waitUntil(lambda: not page.is_reading)
