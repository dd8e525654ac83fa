"""A store, and the Trace page over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.workbench import Workbench
from tests.support.stored import StoredTelemetry, workbench_over


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.store.close()


@pytest.fixture
def bench(telemetry: StoredTelemetry, qtbot: QtBot) -> Iterator[Workbench]:  # noqa: ARG001 - makes the application
    """A workbench over the store."""
    with workbench_over(telemetry) as workbench:
        yield workbench


@pytest.fixture
def page(bench: Workbench, qtbot: QtBot) -> TracePage:
    """The page, shown."""
    page = TracePage(bench)
    qtbot.addWidget(page)
    page.resize(1240, 700)
    page.show()
    return page
