"""The list of traces over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.workbench import Workbench
from tests.support.qt import shown


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> TracesPage:
    """The page, shown."""
    return shown(TracesPage(bench), pages, height=600)
