"""A paged table of numbers, and what tests do with it. The fixtures `table` and `load` are in `conftest`."""

from __future__ import annotations

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_source import Column
from tests.support.reads import NumberRow

COLUMNS: Sequence[Column[NumberRow]] = (
    Column("number", "Number", lambda row: f"{row.number:,}", 80, align="right", descending_first=True),
    Column("name", "Name", lambda row: row.name, 200),
    Column("more", "More", lambda _row: "…", 60, hidden=True, sortable=False),
)
Table = PagedTable[NumberRow]


def refresh(qtbot: QtBot, table: Table) -> None:
    with qtbot.waitSignal(table.listed):
        table.refresh()


def top_text(table: Table) -> str:
    return str(table.model.index(table.view.rowAt(0), 1).data())
