"""What tables of the window show, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.paged_table import PagedTable


def cells(table: PagedTable[Any], key: str) -> list[str]:
    """Return the texts of a column from top to bottom."""
    column = [column.key for column in table.model.columns].index(key)
    return [table.model.index(row, column).data() for row in range(table.model.rowCount())]


def wait_for_cells(qtbot: QtBot, table: PagedTable[Any], key: str, wanted: Sequence[str]) -> None:
    """Wait until a column has these texts."""

    def shown() -> None:
        assert cells(table, key) == list(wanted)

    qtbot.waitUntil(shown)
