"""Facts about a SQLite file that must be known before, or in spite of, opening it."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_USER_VERSION_AT = 60
_APPLICATION_ID_AT = 68
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
    """Return the header, without opening the file as a database (which may write to it).

    None when there is no file or an empty one. Raises `sqlite3.DatabaseError` when it is no SQLite file, `OSError` when
    it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return None
    if not head:
        return None
    if len(head) < _HEADER_BYTES or not head.startswith(_MAGIC):
        raise sqlite3.DatabaseError("file is not a database")
    return Header(_number(head, _USER_VERSION_AT), _number(head, _APPLICATION_ID_AT))


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read, if there is none; SQLite gives its companions the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def is_damage(error: sqlite3.Error) -> bool:
    """Whether `error` says that the file itself is broken, and not that the disk is full, locked or gone."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and (
        str(error) == "file is not a database" if code is None else (code & _PRIMARY_CODE) in DAMAGED
    )


def _number(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4], "big")
