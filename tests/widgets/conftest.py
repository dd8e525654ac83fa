"""What widget tests share: background reads on real threads, and a theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.theme.apply import apply_theme
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.paged_table import PagedTable
from tests.support.reads import Numbers, Reads
from tests.widgets.number_table import COLUMNS, Table


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


@pytest.fixture
def reads() -> Iterator[Reads]:
    """Reads on two threads; a test must account for every reported error."""
    with ThreadPoolExecutor(2) as executor:
        yield Reads(executor)


@pytest.fixture
def table(qtbot: QtBot, reads: Reads) -> Table:
    """A table that shows ten rows."""
    shown: Table = PagedTable(reads, COLUMNS, name="Numbers", noun=("new number", "new numbers"))
    qtbot.addWidget(shown)
    shown.resize(500, 10 * ROW_PX + shown.view.horizontalHeader().height())
    shown.show()
    return shown


@pytest.fixture
def load(qtbot: QtBot, table: Table) -> Callable[[Numbers], None]:
    """Shows a source, and waits until its rows are there."""

    def show(source: Numbers) -> None:
        with qtbot.waitSignal(table.listed):
            table.set_source(source, sort_key="number", descending=True)
        if source.numbers:
            top = source.numbers[0]
            qtbot.waitUntil(lambda: table.model.known_row(top) is not None)

    return show
