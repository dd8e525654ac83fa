"""The table of runs, as tests read it."""

from __future__ import annotations

from typing import Any

from junjo_desktop.store.execution import EXECUTION_COLUMNS
from tests.store.sending import Sender

Row = dict[str, Any]


class RunTable(Sender):
    """Sends, and reads what the table of runs holds."""

    def rows(self) -> list[Row]:
        query = "FROM executions ORDER BY trace_id, owner_span_id"
        found = self.store.read(lambda cursor: cursor.execute(query).fetchall())
        return [dict(zip(EXECUTION_COLUMNS, row, strict=True)) for row in found]

    def row(self) -> Row:
        [found] = self.rows()
        return found
