"""The Trace page over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.workbench import Workbench


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> TracePage:
    """The page, shown."""
    page = TracePage(bench)
    pages.append(page)
    page.resize(1240, 700)
    page.show()
    return page
