"""The Services page over a store."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.services.figure_source import FigureSource
from junjo_desktop.features.services.page import ServicesPage
from junjo_desktop.features.services.process_rows import ProcessSource
from junjo_desktop.shell.workbench import Workbench


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the figures: they may change as often as they like."""
    monkeypatch.setattr(FigureSource, "least_rest_s", 0.0)
    monkeypatch.setattr(ProcessSource, "least_rest_s", 0.0)


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> ServicesPage:
    """The page, not shown yet: it reads what is stored when it is."""
    page = ServicesPage(bench)
    pages.append(page)
    page.resize(1240, 800)
    return page
