"""What the journal holds, in numbers, and where it says "later"."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """Where the journal says "later": bytes in memory before their commit, bytes on disk before they are indexed, and
    how long one commit may take before nothing more is queued behind it."""

    queued_bytes: int = 256 << 20
    stored_bytes: int = 4 << 30
    commit_s: float = 4.0  # SDKs give an export 10 s; what waits longer is sent again while it still waits here


@dataclass(slots=True)
class Extent:
    """What the journal holds: positions of the newest entry ever and of the newest still there, items ever, bytes."""

    last_seq: int
    newest_seq: int
    items_through: int
    stored_bytes: int


def read_extent(connection: sqlite3.Connection) -> Extent:
    """Return the numbers of a file as it is opened."""
    last_seq = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entries'")
    through = connection.execute(
        "SELECT max(coalesce((SELECT items_through FROM entries ORDER BY seq DESC LIMIT 1), 0),"
        " coalesce((SELECT items_through FROM quarantine ORDER BY seq DESC LIMIT 1), 0))"
    )
    return Extent(
        last_seq=int(last_seq.fetchone()[0]),
        newest_seq=read_newest(connection),
        items_through=int(through.fetchone()[0]),
        stored_bytes=read_stored_bytes(connection),
    )


def read_trimmed(connection: sqlite3.Connection, last_seq: int) -> int:
    """Return up to where entries were trimmed, as far as what is left tells."""
    return int(connection.execute("SELECT coalesce(min(seq) - 1, ?) FROM entries", (last_seq,)).fetchone()[0])


def read_newest(connection: sqlite3.Connection) -> int:
    """Return the position of the newest entry that is still there, or 0."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM entries").fetchone()[0])


def read_stored_bytes(connection: sqlite3.Connection) -> int:
    """Return the size of all bodies."""
    return int(connection.execute("SELECT coalesce(sum(length(body)), 0) FROM entries").fetchone()[0])
