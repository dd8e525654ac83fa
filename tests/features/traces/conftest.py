"""A store with traces in it, and the page over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.workbench import Workbench
from tests.support.stored import StoredTelemetry, workbench_over


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.store.close()


@pytest.fixture
def pages() -> list[QWidget]:
    """Pages to be deleted once nothing reads for them any more."""
    return []


@pytest.fixture
def bench(
    telemetry: StoredTelemetry,
    pages: list[QWidget],
    qtbot: QtBot,  # noqa: ARG001 - makes the application
) -> Iterator[Workbench]:
    """A workbench over the store."""
    with workbench_over(telemetry, pages) as workbench:
        yield workbench


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> TracesPage:
    """The page, shown."""
    page = TracesPage(bench)
    pages.append(page)
    page.resize(1240, 600)
    page.show()
    return page
