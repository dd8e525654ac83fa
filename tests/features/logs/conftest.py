"""The list of log records over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.logs.page import LogsPage
from junjo_desktop.shell.workbench import Workbench
from tests.support.qt import shown


@pytest.fixture
def page(bench: Workbench, places: list[object], pages: list[QWidget]) -> LogsPage:  # noqa: ARG001 - every place has a page
    """The page, shown."""
    return shown(LogsPage(bench), pages)
