"""Reads what can still be read of a damaged journal.

SQLite stops a scan at the first page it cannot follow. So the entries are read from the front, then from the back,
and what lies between is asked for one position after the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from junjo_desktop.telemetry.intake import Signal

_COLUMNS = "seq, signal, items, received_ns, body"
_FORWARD = f"SELECT {_COLUMNS} FROM entries ORDER BY seq"  # noqa: S608 - our own names
_BACKWARD = "SELECT seq FROM entries WHERE seq > ? ORDER BY seq DESC"
_ONE = f"SELECT {_COLUMNS} FROM entries WHERE seq = ?"  # noqa: S608 - our own names
_MOST_LOOKUPS = 200_000
_SIGNALS = frozenset(Signal)


class SavedEntry(NamedTuple):
    """An entry as it was acknowledged; it keeps its position."""

    seq: int
    signal: int
    items: int
    received_ns: int
    body: bytes


def connect_damaged(path: Path) -> sqlite3.Connection:
    """Connect for reading; without a write-ahead log nothing is locked or written. Raises `sqlite3.Error`."""
    has_log = path.with_name(path.name + "-wal").exists()
    mode = "mode=rw" if has_log else "immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
    connection.text_factory = bytes  # damaged texts need not be UTF-8
    return connection


def read_identity(damaged: sqlite3.Connection) -> str | None:
    """Return the journal's identity, if it can be read."""
    with suppress(sqlite3.Error, ValueError):
        row = damaged.execute("SELECT journal_id FROM journal").fetchone()
        if row and len(row[0]) == 32:
            return bytes(row[0]).decode("ascii")
    return None


def read_last_seq(damaged: sqlite3.Connection) -> int:
    """Return the last position that was handed out, as far as it can be read; else 0."""
    with suppress(sqlite3.Error):
        row = damaged.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
        if row and isinstance(row[0], int):
            return row[0]
    return 0


def salvage(damaged: sqlite3.Connection) -> Iterator[SavedEntry]:
    """Yield the entries that can be read, in order."""
    last = 0
    try:
        with closing(damaged.execute(_FORWARD)) as rows:
            for entry in _valid(rows, last):
                last = entry.seq
                yield entry
    except sqlite3.Error:
        yield from _behind_the_damage(damaged, last)


def _behind_the_damage(damaged: sqlite3.Connection, last: int) -> Iterator[SavedEntry]:
    """Yield what can be read behind position `last`, at which a scan has ended."""
    from_behind: list[int] = []
    with suppress(sqlite3.Error), closing(damaged.execute(_BACKWARD, (last,))) as rows:
        from_behind.extend(seq for (seq,) in rows if isinstance(seq, int) and seq > last)
    end = max(from_behind, default=read_last_seq(damaged))
    known = set(from_behind)
    begin = min(known, default=end + 1)
    between = range(last + 1, begin) if begin - last <= _MOST_LOOKUPS else range(begin - _MOST_LOOKUPS, begin)
    for seq in (*between, *sorted(known)):
        with suppress(sqlite3.Error):
            yield from _valid(damaged.execute(_ONE, (seq,)).fetchall(), seq - 1)


def _valid(rows: Iterable[tuple[object, ...]], after: int) -> Iterator[SavedEntry]:
    """Yield the rows that are entries, in ascending order: a damaged page may hold anything."""
    for seq, signal, items, received_ns, body in rows:
        if not (isinstance(seq, int) and isinstance(items, int) and isinstance(received_ns, int)):
            continue
        if seq > after and isinstance(body, bytes) and isinstance(signal, int) and signal in _SIGNALS:
            after = seq
            yield SavedEntry(seq, signal, items, received_ns, body)
