"""The page of a run over a store, and runs of real SDKs to show on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.loading import LoadedRun, LoadRun
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench
from tests.recordings.load import Recording
from tests.support.qt import shown
from tests.support.stored import StoredTelemetry

SDK = "0.68.0"

Load = Callable[[str], LoadedRun]
Open = Callable[[str], LoadedRun]


@pytest.fixture
def load(telemetry: StoredTelemetry) -> Load:
    """Stores a recorded run and reads it as the page does."""

    def store_and_load(scenario: str) -> LoadedRun:
        recording = Recording(SDK, scenario)
        telemetry.add(*recording.requests)
        return telemetry.read(LoadRun(OpenRun(recording.trace_id)))

    return store_and_load


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> RunPage:
    """The page, shown."""
    return shown(RunPage(bench), pages, height=800)


@pytest.fixture
def open_run(telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot) -> Open:
    """Stores a recorded run and opens it; returns what is shown once everything is read."""

    def store_and_open(scenario: str) -> LoadedRun:
        recording = Recording(SDK, scenario)
        telemetry.add(*recording.requests)
        page.show_destination(OpenRun(recording.trace_id))
        qtbot.waitUntil(lambda: page.shown is not None and page.shown.run.trace_id == recording.trace_id)
        settle(page, qtbot)
        assert page.shown is not None
        return page.shown

    return store_and_open


def settle(page: RunPage, qtbot: QtBot) -> None:
    """Wait until nothing is read for the page any more."""
    qtbot.waitUntil(lambda: not page.is_reading)
