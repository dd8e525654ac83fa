"""The list of log records over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.logs.page import LogsPage
from junjo_desktop.shell.workbench import Workbench


@pytest.fixture
def page(bench: Workbench, places: list[object], pages: list[QWidget]) -> LogsPage:  # noqa: ARG001 - every place has a page
    """The page, shown."""
    page = LogsPage(bench)
    pages.append(page)
    page.resize(1240, 700)
    page.show()
    return page
