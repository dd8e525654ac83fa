"""What DuckDB's errors mean, and what they are to the user.

DuckDB says most of it only in its message, so the messages are read here and nowhere else. Every pattern has a test
that provokes the real error.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import Path

import duckdb

from junjo_desktop.errors import (
    AlreadyRunningError,
    DamagedDatabaseError,
    DatabaseError,
    DataFolderError,
    NewerDatabaseError,
    UserError,
)


class MemoryLimitError(UserError):
    """A statement needs more memory than the database may use; the same statement never succeeds."""


class Trouble(Enum):
    """What kind of failure it is."""

    INTERRUPTED = auto()
    LOCKED = auto()
    NEWER = auto()
    DAMAGED = auto()
    INVALIDATED = auto()  # DuckDB has given the open database up; the file is good, and opening it again helps
    FOLDER = auto()  # the disk or the folder refuses: full, read-only, not permitted, failing
    MEMORY = auto()
    STATEMENT = auto()  # the statement or its data; nothing in the environment


_INVALIDATED = re.compile(r"Database \S+ has been invalidated|The database has been invalidated", re.IGNORECASE)
_LOCKED = re.compile(r"Could not set lock on file|being used by another process", re.IGNORECASE)
_NEWER = re.compile(r"database file with version number|newer version of DuckDB", re.IGNORECASE)
_DAMAGED = re.compile(
    r"Corrupt (?:database|WAL) file|not a valid DuckDB database|Could not read enough bytes", re.IGNORECASE
)
_REFUSED = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|Read-only file system|Permission denied"
    r"|Operation not permitted|Not a directory|Is a directory|No such file or directory|Input/output error"
    r"|Too many open files|not enough space|Access is denied",
    re.IGNORECASE,
)

_BY_MESSAGE = (
    (_LOCKED, Trouble.LOCKED),
    (_DAMAGED, Trouble.DAMAGED),
    (_NEWER, Trouble.NEWER),
    (_REFUSED, Trouble.FOLDER),
)
_OF_THE_STATEMENT = (duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError, duckdb.ProgrammingError)


def trouble_of(error: duckdb.Error) -> Trouble:
    """Classify an error of DuckDB."""
    if isinstance(error, duckdb.InterruptException):
        return Trouble.INTERRUPTED
    if _is_given_up(error):
        return Trouble.INVALIDATED
    if isinstance(error, duckdb.OutOfMemoryException):
        return Trouble.MEMORY
    if isinstance(error, _OF_THE_STATEMENT):
        return Trouble.STATEMENT  # its message may quote anything
    text = str(error)
    for pattern, trouble in _BY_MESSAGE:
        if pattern.search(text):
            return trouble
    return Trouble.FOLDER if isinstance(error, duckdb.IOException) else Trouble.STATEMENT


def _is_given_up(error: duckdb.Error) -> bool:
    if isinstance(error, duckdb.TransactionException | duckdb.IOException):
        return _INVALIDATED.search(str(error)) is not None
    return isinstance(error, duckdb.FatalException | duckdb.InternalException)


def as_user_error(error: duckdb.Error, path: Path) -> UserError | None:
    """Say what happened to the file at `path` and what to do; None when nobody but the statement's author can help."""
    match trouble_of(error):
        case Trouble.DAMAGED:
            found: UserError | None = damaged(path)
        case Trouble.LOCKED:
            found = AlreadyRunningError(
                f"Another process has {path} open{_holder(error)}.",
                "Use that one, or end it, or name another folder with --data-dir.",
            )
        case Trouble.NEWER:
            found = NewerDatabaseError(
                f"{path} was written by a newer database engine than DuckDB {duckdb.__version__}.",
                "It is unchanged. Install the newer version of Junjo Desktop, or name another folder with --data-dir.",
            )
        case Trouble.INVALIDATED:
            found = DatabaseError(
                f"The database {path} stopped after a failed write ({_reason(error)}).",
                "It opens again by itself; if this stays, free some disk space and start Junjo Desktop again.",
            )
        case Trouble.FOLDER:
            found = DataFolderError(
                f"The database {path} cannot be read or written ({_reason(error)}).",
                "Free some space or correct the permissions of its folder, or name another with --data-dir.",
            )
        case Trouble.MEMORY:
            found = MemoryLimitError(
                "The query needs more memory than the database may use.",
                "Narrow it: a shorter time range, fewer columns, or a smaller limit.",
            )
        case _:
            found = None
    return found


def says_damage(error: duckdb.Error) -> bool:
    """Whether it says that the file is damaged, also where DuckDB has given the open database up because of it."""
    return trouble_of(error) is Trouble.DAMAGED or (
        trouble_of(error) is Trouble.INVALIDATED and _DAMAGED.search(str(error)) is not None
    )


def damaged(path: Path) -> DamagedDatabaseError:
    """The error for a file that is not readable as a database."""
    return DamagedDatabaseError(
        f"{path} is not readable as a database: it is damaged, or it is another kind of file.",
        "Start Junjo Desktop: it keeps the file under another name and makes a new one. Or restore a copy before.",
    )


def damaged_for_reading(path: Path) -> DamagedDatabaseError:
    """The error for a part of an open database that cannot be read."""
    return DamagedDatabaseError(
        f"A part of the database {path} is damaged, and what was asked for is in it.",
        "Other parts may still be shown. To begin anew, end Junjo Desktop, move the file away (with its .wal file) "
        "and start again.",
    )


def damaged_for_writing(path: Path) -> DamagedDatabaseError:
    """The error for a database that can be opened and not be added to."""
    return DamagedDatabaseError(
        f"The database {path} is damaged, so nothing more can be stored in it.",
        "What is received waits in the intake journal and is not lost. Start Junjo Desktop again: it keeps the "
        "damaged file under another name, makes a new one and stores what waits.",
    )


def damage_mark(path: Path) -> Path:
    """The file that tells the next start that a write has found the database damaged: opening it would not."""
    return path.with_name(path.name + ".is-damaged")


def log_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + ".wal")


def _holder(error: duckdb.Error) -> str:
    found = re.search(r"\(PID (\d+)\)", str(error))
    return f" (process {found[1]})" if found else ""


def _reason(error: duckdb.Error) -> str:
    """Return the part of the message that a user can act on, else its first line."""
    text = str(error)
    found = _REFUSED.search(text)
    return found[0] if found else text.partition("\n")[0].rstrip(".")
