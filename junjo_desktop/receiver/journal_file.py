"""The journal's SQLite file: its layout, how it is opened, and how a damaged one is set aside."""

from __future__ import annotations

import logging
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from junjo_desktop.errors import DataFolderError, NewerDatabaseError
from junjo_desktop.state.sqlite_file import COMPANIONS, Header, create_private, is_damage, read_header

logger = logging.getLogger(__name__)

APPLICATION_ID = 0x4A444A4E  # "JDJN"
VERSION = 1
PAGE_BYTES = 16_384
"""Bodies are large: long overflow chains of 4 KiB pages made trimming half as fast (405 against 712 MB/s)."""
CHECKPOINT_BYTES = 4 << 20
"""Small on purpose: a checkpoint stalls the commit that runs it (4 MiB: 6 ms, 64 MiB: 60–200 ms)."""

_SCHEMA = (
    "CREATE TABLE journal (journal_id TEXT NOT NULL)",
    # AUTOINCREMENT: a position that was once handed out never comes back, also after everything was trimmed.
    """
    CREATE TABLE entries (
        seq           INTEGER PRIMARY KEY AUTOINCREMENT,
        signal        INTEGER NOT NULL,
        items         INTEGER NOT NULL,
        items_through INTEGER NOT NULL,  -- items up to and with this entry: what waits is a difference, not a scan
        received_ns   INTEGER NOT NULL,
        body          BLOB NOT NULL
    )""",
    """
    CREATE TABLE quarantine (
        seq            INTEGER PRIMARY KEY,
        signal         INTEGER NOT NULL,
        items          INTEGER NOT NULL,
        items_through  INTEGER NOT NULL,
        received_ns    INTEGER NOT NULL,
        quarantined_ns INTEGER NOT NULL,
        reason         TEXT NOT NULL,
        body           BLOB NOT NULL
    )""",
)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A journal file ready for use; `set_aside` is where a damaged one was moved, if there was one."""

    writer: sqlite3.Connection
    journal_id: str
    set_aside: Path | None


def open_file(path: Path) -> OpenedFile:
    """Open or make the journal. A file that is damaged or no journal is renamed, with its companions, never changed.

    Raises `NewerDatabaseError` for a newer file (left untouched), `DataFolderError` when nothing can be opened there.
    """
    try:
        try:
            writer = _open(path)
            set_aside = None
        except _DamagedError as damage:
            set_aside = _set_aside(path)
            logger.warning("the intake journal %s was damaged (%s); it is kept as %s", path, damage, set_aside)
            writer = _open(path)
        journal_id = str(writer.execute("SELECT journal_id FROM journal").fetchone()[0])
    except (sqlite3.Error, OSError, _DamagedError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataFolderError(
            f"The intake journal {path} cannot be opened ({reason}).",
            "Free some space or correct its permissions, or name another folder with --data-dir.",
        ) from error
    return OpenedFile(writer, journal_id, set_aside)


def holds_entries(path: Path) -> bool:
    """Whether something waits in the journal, at little cost; True also where only opening it says what is wrong."""
    try:
        header = read_header(path)
        if header is None:
            return False
        if header != Header(user_version=VERSION, application_id=APPLICATION_ID):
            return True
        with closing(connect_reader(path)) as reader:
            return bool(reader.execute("SELECT EXISTS (SELECT 1 FROM entries)").fetchone()[0])
    except (sqlite3.Error, OSError):
        return True


def connect_writer(path: Path) -> sqlite3.Connection:
    """Connect to an existing journal for writing; commits are on the disk when they return."""
    return _connect(
        path,
        "synchronous = FULL",
        "fullfsync = ON",  # macOS: without it an fsync may stay in the drive's cache
        f"wal_autocheckpoint = {CHECKPOINT_BYTES // PAGE_BYTES}",
        f"journal_size_limit = {CHECKPOINT_BYTES * 4}",
    )


def connect_reader(path: Path) -> sqlite3.Connection:
    """Connect to an existing journal for reading."""
    return _connect(path, "query_only = ON")


def _connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5.0, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class _DamagedError(Exception):
    """The file is not a readable journal."""


def _open(path: Path) -> sqlite3.Connection:
    try:
        header = read_header(path)
        if header is not None:
            _refuse_newer(path, header.user_version)
        create_private(path)
        writer = connect_writer(path)
        try:
            _create(writer) if _is_blank(writer) else _check(writer, path)
        except BaseException:
            writer.close()
            raise
    except sqlite3.Error as error:
        if is_damage(error):
            raise _DamagedError(str(error)) from error
        raise
    return writer


def _is_blank(writer: sqlite3.Connection) -> bool:
    return not writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def _create(writer: sqlite3.Connection) -> None:
    writer.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        writer.execute(statement)
    writer.execute("INSERT INTO journal VALUES (?)", (uuid.uuid4().hex,))
    writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    writer.execute(f"PRAGMA user_version = {VERSION}")
    writer.execute("COMMIT")


def _check(writer: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(path, _number(writer, "user_version"))
    if _number(writer, "application_id") != APPLICATION_ID:
        raise _DamagedError("it is not an intake journal")
    problem = str(writer.execute("PRAGMA quick_check(1)").fetchone()[0])
    if problem != "ok":
        raise _DamagedError(problem.splitlines()[0])


def _number(writer: sqlite3.Connection, pragma: str) -> int:
    return int(writer.execute(f"PRAGMA {pragma}").fetchone()[0])


def _refuse_newer(path: Path, version: int) -> None:
    if version > VERSION:
        raise NewerDatabaseError(
            f"The intake journal {path} has version {version}; this app knows versions up to {VERSION}.",
            "Update Junjo Desktop, or name another folder with --data-dir. The file was not changed.",
        )


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for companion in COMPANIONS:
        found = path.with_name(path.name + companion)
        if found.exists():
            found.rename(target.with_name(target.name + companion))
    return target
