"""The Trace page over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.workbench import Workbench
from tests.support.qt import shown


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> TracePage:
    """The page, shown."""
    return shown(TracePage(bench), pages)
