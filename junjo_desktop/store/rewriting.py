"""Makes the database file smaller: what is stored is written into a new file, which then takes the old one's place.

DuckDB writes freed blocks again and cuts free ones off the end of the file, but never moves a block: after a large
deletion the file stays as long as it was (measured in DuckDB 2.0.0: half of a million spans deleted, 316 → 309 MB; a
vacuum of row groups makes it grow before it shrinks). Rewriting took the same file to 157 MB, 8 to 12 µs a span.

Rows are copied while others read and write, in small steps; what was added meanwhile follows, and only the last of it,
with the small tables, while nobody writes. Both files are then compared. Killed at any point, one whole file is in
place: the old one until the rename, the new one from then on.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from junjo_desktop.errors import DataFolderError, QueryCancelledError
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.copying import ChangedMeanwhileError, TableCopy, copy_small_tables
from junjo_desktop.store.database import Store
from junjo_desktop.store.failures import log_of
from junjo_desktop.store.occupancy import ROW_TABLES, Occupancy, size_of
from junjo_desktop.store.opening import (
    REWRITTEN,
    ROW_GROUP_ROWS,
    attach_rewritten,
    open_database,
    rewritten_files,
    rewritten_path,
)

PAYS_SHARE = 0.25
PAYS_BYTES = 64 << 20
PAYS_WHEN_EMPTY_BYTES = 4 << 20
_SPARE_BYTES = 256 << 20
# After so many rounds what is left is written while nobody else writes, unless it is too much for that.
_ROUNDS = 8
_FEW_ROWS = 2 * ROW_GROUP_ROWS
_MANY_ROWS = 30 * ROW_GROUP_ROWS

OnStep = Callable[[float], None]
"""Called after each step with how far the work is, from 0 to 1; may rest there. May raise `QueryCancelledError`."""


def pays(occupancy: Occupancy, size_limit: int | None = None) -> bool:
    """Whether enough is free for the work: a quarter of the file, or what keeps it well over the limit.

    Where nothing is stored there is hardly any work.
    """
    free = occupancy.reclaimable_bytes
    if not occupancy.stored_rows:
        return free > PAYS_WHEN_EMPTY_BYTES
    too_large = size_limit is not None and occupancy.file_bytes > 1.1 * size_limit
    return free > PAYS_BYTES and (too_large or free > PAYS_SHARE * occupancy.file_bytes)


def discard_leftovers(path: Path) -> None:
    """Remove what a rewriting that was killed has left beside the database at `path`."""
    for file in rewritten_files(path):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def rewrite(store: Store, occupancy: Occupancy, on_step: OnStep, token: CancelToken) -> int:
    """Rewrite the file; return how many bytes it is smaller.

    Blocks; `on_step` is called on this thread. Raises `QueryCancelledError` when `token` is cancelled or the store
    closes, `ChangedMeanwhileError` when anything but the indexer wrote meanwhile, `DataFolderError` without room, and
    as `Store.write`; the old file stays in place then.
    """
    path, before = store.path, store.size_bytes()
    _require_room(path, occupancy)
    discard_leftovers(path)
    try:
        open_database(rewritten_path(path), read_only=False).close()
        copies = [TableCopy(table) for table in ROW_TABLES]
        with store.frozen():
            changes = store.changes
        try:
            with store.borrowed() as cursor, token.guarding(cursor):
                attach_rewritten(cursor, path)
                _copy_in_rounds(cursor, copies, on_step, token)
            _finish(store, copies, changes, token)
        finally:
            with suppress(QueryCancelledError), store.borrowed() as cursor:
                cursor.execute(f"DETACH DATABASE IF EXISTS {REWRITTEN}")
    finally:
        discard_leftovers(path)
    return before - store.size_bytes()


def _require_room(path: Path, occupancy: Occupancy) -> None:
    needed = (occupancy.file_bytes - occupancy.reclaimable_bytes) * 11 // 10 + _SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise DataFolderError(
            f"The disk of {path} has {free >> 20:,} MB left; making the file smaller takes {needed >> 20:,} MB for a "
            "while.",
            "Free some space. What is free within the file is used again without this.",
        )


def _copy_in_rounds(
    cursor: duckdb.DuckDBPyConnection, copies: Sequence[TableCopy], on_step: OnStep, token: CancelToken
) -> None:
    """Copy what is there, then what came meanwhile, until little is left."""
    for _ in range(_ROUNDS):
        ends = [copy.find_end(cursor) for copy in copies]
        for copy, end in zip(copies, ends, strict=True):
            while copy.step(cursor, end):
                _require_wanted(token)
                on_step(sum(copy.position for copy in copies) / max(1, sum(ends)))
        if sum(copy.find_end(cursor) - copy.position for copy in copies) <= _FEW_ROWS:
            return


def _finish(store: Store, copies: Sequence[TableCopy], changes: int, token: CancelToken) -> None:
    """Copy the rest while nobody writes, compare, and put the new file in the old one's place."""
    with store.frozen() as writer:
        if store.changes != changes:
            raise ChangedMeanwhileError
        ends = [copy.find_end(writer) for copy in copies]
        if sum(end - copy.position for copy, end in zip(copies, ends, strict=True)) > _MANY_ROWS:
            raise ChangedMeanwhileError
        for copy, end in zip(copies, ends, strict=True):
            while copy.step(writer, end):
                _require_wanted(token)
        copy_small_tables(writer)
        for copy in copies:
            copy.require_equal(writer)
        writer.execute(f"CHECKPOINT {REWRITTEN}")
        writer.execute(f"DETACH DATABASE {REWRITTEN}")
        writer.execute("CHECKPOINT")
        _require_wanted(token)
        store.exchange_file(lambda: _exchange(store.path))


def _exchange(path: Path) -> None:
    """Rename the new file, with everything of it on the disk; the log of the old one would be replayed into it."""
    new = rewritten_path(path)
    if size_of(log_of(path)) or size_of(log_of(new)):
        raise ChangedMeanwhileError
    log_of(path).unlink(missing_ok=True)
    _sync(new)
    new.replace(path)
    if sys.platform != "win32":
        _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_wanted(token: CancelToken) -> None:
    if token.cancelled:
        raise QueryCancelledError
