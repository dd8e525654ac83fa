"""The list of spans over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.spans.page import SpansPage
from junjo_desktop.shell.workbench import Workbench
from tests.support.qt import shown


@pytest.fixture
def page(bench: Workbench, places: list[object], pages: list[QWidget]) -> SpansPage:  # noqa: ARG001 - every place has a page
    """The page, shown."""
    return shown(SpansPage(bench), pages)
