"""Facts about a SQLite file that must be known before, or in spite of, opening it.

Everything goes through SQLite itself, never through `open()`: on POSIX, closing any descriptor of a file drops all
locks that the process has on it, also those of SQLite's connections, and another process would then delete the
write-ahead log under them.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

_PRIMARY_CODE = 0xFF

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode, as suffixes of its name."""


@dataclass(frozen=True, slots=True)
class Header:
    """The two numbers of a SQLite header that belong to the application."""

    user_version: int
    application_id: int


def read_header(path: Path) -> Header | None:
    """Return the header as it is on the disk, without writing anything; None when there is no file or an empty one.

    Raises `sqlite3.Error` when it is no SQLite file or cannot be read, `OSError` when the folder cannot be.
    """
    try:
        if not path.stat().st_size:
            return None
    except FileNotFoundError:
        return None
    try:
        # "immutable" neither locks nor looks at a write-ahead log: the file stays as it is.
        return _header(path, "immutable=1")
    except sqlite3.Error as error:
        # Whoever was killed in the middle of a checkpoint left pages that are right only together with the log.
        if not is_damage(error) or not path.with_name(path.name + "-wal").exists():
            raise
        return _header(path, "mode=ro")


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read, if there is none; SQLite gives its companions the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def is_damage(error: sqlite3.Error) -> bool:
    """Whether `error` says that the file itself is broken, and not that the disk is full, locked or gone."""
    return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE) in DAMAGED


def _header(path: Path, how: str) -> Header:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as connection:
        return Header(_number(connection, "user_version"), _number(connection, "application_id"))


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
