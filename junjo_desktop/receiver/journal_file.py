"""The journal's SQLite file: its layout, and how it is opened and connected to."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from junjo_desktop.errors import NewerDatabaseError
from junjo_desktop.state.sqlite_file import Header, create_private, is_damage, read_header

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


class DamagedJournalError(Exception):
    """The file is not a readable journal."""


def open_journal(path: Path) -> sqlite3.Connection:
    """Connect to the journal for writing; make it when there is none.

    Raises `DamagedJournalError`, `NewerDatabaseError`, `sqlite3.Error` or `OSError`; then the file is as it was.
    """
    try:
        header = read_header(path)
        if header is not None:
            _refuse_newer(path, header.user_version)
        create_private(path)
        writer = connect_writer(path)
        try:
            create(writer, uuid.uuid4().hex) if _is_blank(writer) else _check(writer, path)
        except BaseException:
            writer.close()
            raise
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedJournalError(str(error)) from error
        raise
    return writer


def identity_of(connection: sqlite3.Connection) -> str:
    """Return the identity that the file was given when it was made."""
    return str(connection.execute("SELECT journal_id FROM journal").fetchone()[0])


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
        # Some systems' SQLite overwrites what is deleted with zeros: that doubled all writing.
        "secure_delete = OFF",
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


def _is_blank(writer: sqlite3.Connection) -> bool:
    return not writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def create(writer: sqlite3.Connection, journal_id: str) -> None:
    """Lay the tables out in a file that is blank."""
    writer.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        writer.execute(statement)
    writer.execute("INSERT INTO journal VALUES (?)", (journal_id,))
    writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    writer.execute(f"PRAGMA user_version = {VERSION}")
    writer.execute("COMMIT")


def _check(writer: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(path, _number(writer, "user_version"))
    if _number(writer, "application_id") != APPLICATION_ID:
        raise DamagedJournalError("it is not an intake journal")
    problem = str(writer.execute("PRAGMA quick_check(1)").fetchone()[0])
    if problem != "ok":
        raise DamagedJournalError(problem.splitlines()[-1])  # its first line only names the database


def _number(writer: sqlite3.Connection, pragma: str) -> int:
    return int(writer.execute(f"PRAGMA {pragma}").fetchone()[0])


def _refuse_newer(path: Path, version: int) -> None:
    if version > VERSION:
        raise NewerDatabaseError(
            f"The intake journal {path} has version {version}; this app knows versions up to {VERSION}.",
            "Update Junjo Desktop, or name another folder with --data-dir. The file was not changed.",
        )
