"""What can go wrong with the intake journal, in words for its user."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from junjo_desktop.errors import UserError
from junjo_desktop.state.sqlite_file import is_damage

_NO_ROOM_BYTES = 1 << 20
_PRIMARY_CODE = 0xFF


class JournalError(UserError):
    """Nothing can be written to, or read from, the journal at the moment."""


class JournalFullError(JournalError):
    """More waits than the limits allow; it passes when the disk or the indexer has caught up."""


def write_error(error: Exception, path: Path) -> JournalError:
    """Return what to say about a write that failed; a `JournalFullError` where the disk is full or too slow."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    kind = JournalFullError if is_disk_full(error) or _is_held(error) or _has_no_room(path) else JournalError
    return kind(f"The intake journal {path} cannot be written ({reason}).", _next_step(error))


def read_error(error: Exception, path: Path) -> JournalError:
    """Return what to say about a read that failed."""
    return JournalError(f"The intake journal {path} cannot be read ({error}).", _next_step(error))


def closing_error() -> JournalError:
    """Return what to say when the journal is closed."""
    return JournalError("Junjo Desktop is closing.", "Senders try again; start it again to receive.")


def queue_full_error(waiting_bytes: int) -> JournalFullError:
    """Return what to say when too much waits for its commit."""
    return JournalFullError(f"{waiting_bytes >> 20} MiB wait to be written to the disk.", "Send it again in a moment.")


def slow_disk_error(path: Path, waited_s: float) -> JournalFullError:
    """Return what to say when the disk takes too long over one commit."""
    return JournalFullError(
        f"The disk of {path} takes more than {waited_s:.0f} s to write.",
        "Send it again in a moment; find out what else keeps the disk busy.",
    )


def backlog_full_error(stored_bytes: int) -> JournalFullError:
    """Return what to say when too much waits to be indexed."""
    return JournalFullError(
        f"{stored_bytes >> 20} MiB are received and not yet indexed.",
        "Send it again later; the Connect page of Junjo Desktop says what holds it up.",
    )


def is_disk_full(error: Exception) -> bool:
    """Whether SQLite says that the disk is full: its connection is as good as before."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def is_journal_damage(error: Exception) -> bool:
    """Whether SQLite says that the file is broken, or that it is a database without our tables."""
    return isinstance(error, sqlite3.Error) and (is_damage(error) or "no such table" in str(error))


def _is_held(error: Exception) -> bool:
    # Somebody else writes to the file, and takes longer than SQLite waits.
    return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _has_no_room(path: Path) -> bool:
    # A disk that fills while the system flushes shows as an I/O error, not as a full disk.
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES
    except OSError:
        return False


def _next_step(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOENT:
        return "Put the file back, or start Junjo Desktop again to make a new one."
    if is_journal_damage(error):
        return "The damaged file is set aside and a new one made; if this stays, start Junjo Desktop again."
    return "Free some space or correct its permissions; it goes on by itself, and senders try again."
