"""Keeps the journal small: deletes what is indexed and gives the file's space back, in steps of a few milliseconds.

Nothing here has to survive a power cut (what reappears is deleted again), so no step waits for an fsync.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from junjo_desktop.receiver.journal_file import PAGE_BYTES

STEP_BYTES = 4 << 20
_CUT_BYTES = 32 << 20
_FEW_PAGES = 256
KEPT_FREE_BYTES = 16 << 20
"""Free space the file keeps for the next requests, so that it does not shrink and grow all the time."""
_STEP_ROWS = 2_000


def trim_step(writer: sqlite3.Connection, up_to: int, step_bytes: int) -> tuple[int, bool]:
    """Delete some of the entries up to `up_to`; return how many bytes of bodies went and whether all are gone."""
    rows = writer.execute(
        "SELECT seq, length(body) FROM entries WHERE seq <= ? ORDER BY seq LIMIT ?", (up_to, _STEP_ROWS)
    ).fetchall()
    last_seq, freed, taken = 0, 0, 0
    for seq, size in rows:
        last_seq, freed, taken = seq, freed + size, taken + 1
        if freed >= step_bytes:
            break
    if taken:
        with _without_fsync(writer):
            writer.execute("DELETE FROM entries WHERE seq <= ?", (last_seq,))
    return freed, taken == len(rows) < _STEP_ROWS


def give_space_step(writer: sqlite3.Connection) -> bool:
    """Cut some free pages off the file's end, if it has more than it should keep; return whether more are left."""
    surplus = _surplus_pages(writer)
    if surplus <= 0:
        return False
    if _used_pages(writer) <= _FEW_PAGES and surplus > _FEW_PAGES and _made_anew(writer):
        return False
    with _without_fsync(writer):
        # `execute` stops at the pragma's first step, which frees one page only.
        writer.executescript(f"PRAGMA incremental_vacuum({min(_CUT_BYTES // PAGE_BYTES, surplus)})")
    if _surplus_pages(writer) > 0:
        return True
    # The file itself becomes shorter only now.
    writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    return False


def forget_all(writer: sqlite3.Connection) -> bool:
    """Delete what was put aside, and leave nothing of what was trimmed in the file; say whether it could be done."""
    writer.execute("DELETE FROM quarantine")
    return _made_anew(writer)


def _made_anew(writer: sqlite3.Connection) -> bool:
    """Write the few pages that are used to a new file, which is quicker than cutting gigabytes page by page."""
    try:
        with _without_fsync(writer):
            writer.execute("VACUUM")
    except sqlite3.OperationalError:
        return False  # somebody reads just now
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def _used_pages(writer: sqlite3.Connection) -> int:
    [pages] = writer.execute("PRAGMA page_count").fetchone()
    [free] = writer.execute("PRAGMA freelist_count").fetchone()
    return int(pages) - int(free)


def _surplus_pages(writer: sqlite3.Connection) -> int:
    free = int(writer.execute("PRAGMA freelist_count").fetchone()[0])
    return free - KEPT_FREE_BYTES // PAGE_BYTES


@contextmanager
def _without_fsync(writer: sqlite3.Connection) -> Iterator[None]:
    writer.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        writer.execute("PRAGMA synchronous = FULL")
