"""How much of the disk the telemetry takes, and how much of that is free for what comes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from junjo_desktop.store.failures import log_of

# What waits in the two logs takes a third of that once it is in the file, compressed and without what surrounds it; and
# an idle journal keeps some space for what comes.
_STORED_SHARE = 1 / 3
_IDLE_JOURNAL_BYTES = 20 << 20

ROW_TABLES = ("spans", "logs", "metrics")
"""The tables that take nearly all the space; the others are small beside them."""

_BLOCKS = "SELECT block_size * used_blocks FROM pragma_database_size() WHERE database_name = ?"
_ROWS = """
SELECT
    (SELECT coalesce(sum(estimated_size), 0)::BIGINT FROM duckdb_tables()
     WHERE database_name = ? AND schema_name = 'main' AND table_name IN ('spans', 'logs', 'metrics')),
    (SELECT coalesce(sum(span_count + log_count + metric_count), 0)::BIGINT FROM services)
"""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Bytes on the disk, and what is free within them.

    A deleted row stays in its place until the last row of its group is deleted; then its blocks are free and written
    again. Both count as free: what comes next takes no more of the disk, or rewriting the file gives them back.
    """

    file_bytes: int
    log_bytes: int
    """The write-ahead log of the database."""
    journal_bytes: int
    free_bytes: int
    """Blocks of the file that hold nothing."""
    stored_rows: int
    deleted_rows: int
    """Rows whose place is not free yet."""

    @property
    def on_disk_bytes(self) -> int:
        """What the files take."""
        return self.file_bytes + self.log_bytes + self.journal_bytes

    @property
    def bytes_a_row(self) -> float:
        """What a row takes; 0 when there is none."""
        rows = self.stored_rows + self.deleted_rows
        stored = self.file_bytes - self.free_bytes + self.log_bytes * _STORED_SHARE
        return stored / rows if rows else 0.0

    @property
    def reclaimable_bytes(self) -> int:
        """What rewriting the file would give back, about."""
        return min(self.free_bytes + round(self.deleted_rows * self.bytes_a_row), self.file_bytes)

    @property
    def needed_bytes(self) -> int:
        """What the data needs: everything but what is free, and what waits in logs as if it were stored already."""
        idle = min(self.journal_bytes, _IDLE_JOURNAL_BYTES)
        waiting = self.log_bytes + self.journal_bytes - idle
        return self.file_bytes - self.reclaimable_bytes + idle + round(waiting * _STORED_SHARE)


def occupancy_of(cursor: duckdb.DuckDBPyConnection, path: Path, journal: Path | None = None) -> Occupancy:
    """Return what the open database at `path` takes, and the intake journal beside it."""
    [(name,)] = cursor.execute("SELECT current_database()").fetchall()
    [(used,)] = cursor.execute(_BLOCKS, [name]).fetchall()
    [(rows, stored)] = cursor.execute(_ROWS, [name]).fetchall()
    # Not what DuckDB calls free: of a write that was undone it counts blocks that the file never came to have.
    file_bytes = size_of(path)
    return Occupancy(
        file_bytes=file_bytes,
        log_bytes=size_of(log_of(path)),
        journal_bytes=0 if journal is None else sqlite_bytes(journal),
        free_bytes=max(file_bytes - used, 0),
        stored_rows=stored,
        deleted_rows=max(rows - stored, 0),
    )


def sqlite_bytes(path: Path) -> int:
    """Return what a SQLite file takes with its write-ahead log."""
    return size_of(path) + size_of(path.with_name(path.name + "-wal"))


def size_of(path: Path) -> int:
    """Return the size of a file, 0 when there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
