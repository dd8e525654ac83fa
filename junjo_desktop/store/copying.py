"""Copies tables of the open database into the new file that `rewriting` has attached to it."""

from __future__ import annotations

import duckdb

from junjo_desktop.errors import JunjoDesktopError
from junjo_desktop.store.occupancy import ROW_TABLES
from junjo_desktop.store.opening import REWRITTEN, ROW_GROUP_ROWS

_SMALL_TABLES = f"""
SELECT table_name FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT temporary
  AND table_name NOT IN ({", ".join(f"'{table}'" for table in ROW_TABLES)})
ORDER BY table_name
"""  # noqa: S608 - our own names
# A span that came again is appended anew, and its earlier version, received since its trace began, is deleted.
_EARLIER_VERSIONS = f"""
DELETE FROM {REWRITTEN}.main.spans WHERE received_ns >= ? AND (trace_id, span_id) IN (
    SELECT trace_id, span_id FROM spans WHERE rowid >= ? AND rowid < ?)
"""  # noqa: S608 - our own name
_TRACES_BEGAN = """
SELECT min(first_received_ns) FROM traces
WHERE trace_id IN (SELECT trace_id FROM spans WHERE rowid >= ? AND rowid < ?)
"""


class ChangedMeanwhileError(JunjoDesktopError):
    """Rows were deleted or changed while they were copied, or came faster than they could be."""


class TableCopy:
    """The copy of one large table: rows are appended to it, and deleted only when a later version is appended."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._first_end: int | None = None
        self.position = 0
        """Rows with a number below this are copied."""

    def find_end(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Return the number after the last row that is there now."""
        [(end,)] = cursor.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {self._table}").fetchall()  # noqa: S608 - our own name
        if self._first_end is None:
            self._first_end = end
        return int(end)

    def step(self, cursor: duckdb.DuckDBPyConnection, end: int) -> bool:
        """Copy some rows below `end`; say whether there were any left to copy."""
        if self.position >= end:
            return False
        below = self._row_after(cursor, end)
        if self._table == "spans" and self._first_end is not None and below > self._first_end:
            [(began_ns,)] = cursor.execute(_TRACES_BEGAN, [self.position, below]).fetchall()
            if began_ns is not None:
                cursor.execute(_EARLIER_VERSIONS, [began_ns, self.position, below])
        cursor.execute(
            f"INSERT INTO {REWRITTEN}.main.{self._table} SELECT * FROM {self._table} WHERE rowid >= ? AND rowid < ?",  # noqa: S608 - our own names
            [self.position, below],
        )
        self.position = below
        return True

    def require_equal(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Compare the copy with the table. Raises `ChangedMeanwhileError`."""
        there, here = (
            cursor.execute(
                f"SELECT count(*), sum(arrival), sum(received_ns), max(received_ns) FROM {name}"  # noqa: S608 - our own names
            ).fetchone()
            for name in (self._table, f"{REWRITTEN}.main.{self._table}")
        )
        if there != here:
            raise ChangedMeanwhileError(f"{self._table}: {there} in the file, {here} in its copy")

    def _row_after(self, cursor: duckdb.DuckDBPyConnection, end: int) -> int:
        """Return where to end, so that one row group is filled: it is compressed once, in the new file itself."""
        [(last, count)] = cursor.execute(
            f"""
            SELECT max(rowid), count(*) FROM (
                SELECT rowid FROM {self._table} WHERE rowid >= ? AND rowid < ? LIMIT {ROW_GROUP_ROWS})
            """,  # noqa: S608 - our own name
            [self.position, end],
        ).fetchall()
        return end if count < ROW_GROUP_ROWS else int(last) + 1


def copy_small_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    """Copy all other tables whole, over what migrations have put there. Nobody may write meanwhile."""
    names = [name for (name,) in cursor.execute(_SMALL_TABLES).fetchall()]
    for name in names:
        cursor.execute(f'DELETE FROM {REWRITTEN}.main."{name}"')  # noqa: S608 - names of our own tables
        cursor.execute(f'INSERT INTO {REWRITTEN}.main."{name}" SELECT * FROM "{name}"')  # noqa: S608 - the same reason
