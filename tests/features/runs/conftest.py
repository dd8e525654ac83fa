"""The lists of runs over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.runs.kinds import AGENTS, WORKFLOWS, RunsKind
from junjo_desktop.features.runs.page import RunsPage
from junjo_desktop.shell.workbench import Workbench
from tests.support.qt import shown


def _shown(bench: Workbench, pages: list[QWidget], kind: RunsKind) -> RunsPage:
    return shown(RunsPage(bench, kind), pages, height=600)


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> RunsPage:
    """The Workflows page, shown."""
    return _shown(bench, pages, WORKFLOWS)


@pytest.fixture
def agents(bench: Workbench, pages: list[QWidget]) -> RunsPage:
    """The Agents page, shown."""
    return _shown(bench, pages, AGENTS)


@pytest.fixture
def opened(bench: Workbench) -> list[object]:
    """Collects the destinations that pages ask for; everything can be opened."""
    places: list[object] = []

    def navigate(destination: object) -> bool:
        places.append(destination)
        return True

    bench.connect_shell(navigate, lambda error: pytest.fail(f"reported: {error}"), lambda _destination: True)
    return places
