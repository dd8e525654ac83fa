"""What widget tests share: background reads on real threads, and a theme."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication

from junjo_desktop.theme.apply import apply_theme
from tests.support.reads import Reads


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


@pytest.fixture
def reads() -> Iterator[Reads]:
    """Reads on two threads; a test must account for every reported error."""
    with ThreadPoolExecutor(2) as executor:
        yield Reads(executor)
