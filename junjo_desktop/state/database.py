"""Opens `state.sqlite3` and brings it to the newest schema.

A feature that has state of its own adds a numbered file to `migrations/`; nothing else changes here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from junjo_desktop.errors import DamagedDatabaseError, DatabaseError, NewerDatabaseError
from junjo_desktop.state.sqlite_file import create_private, is_damage, read_header

_MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_MS = 5_000
"""How long a statement waits for another process that is writing."""


def open_state(path: Path) -> sqlite3.Connection:
    """Return a connection (autocommit, usable from any thread, one at a time) to the migrated file; make it if absent.

    Several processes may have it open. Raises `NewerDatabaseError` or `DamagedDatabaseError` for a file that is left
    untouched, `DatabaseError` when it cannot be opened.
    """
    try:
        header = read_header(path)
        _refuse_newer(path, header.user_version if header else 0)
        create_private(path)
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise translated(error, path) from error
    except OSError as error:
        raise DatabaseError(
            f"The state file {path} cannot be opened ({error.strerror or error}).",
            "Check its permissions and its folder, or name another folder with --data-dir.",
        ) from error
    return connection


def newest_version() -> int:
    """Return the version this app writes."""
    return max(number for number, _ in _migrations())


def _refuse_newer(path: Path, version: int) -> None:
    if version > newest_version():
        raise NewerDatabaseError(
            f"The state file {path} has version {version}; this app knows versions up to {newest_version()}.",
            "Update Junjo Desktop, or name another folder with --data-dir. The file was not changed.",
        )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    problem = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if problem != "ok":
        raise _damaged(path, problem)
    # The header on disk is older than the file while a newer version is still in the write-ahead log.
    _refuse_newer(path, _version(connection))
    # Readers (every request asks for `data_version`) must not wait for a writer's fsync.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for number, script in _migrations():
        _migrate(connection, number, script)


def _migrate(connection: sqlite3.Connection, number: int, script: Path) -> None:
    if _version(connection) >= number:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for the lock.
        if _version(connection) < number:
            for statement in _statements(script.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrations() -> list[tuple[int, Path]]:
    return sorted((int(script.name.split("_", 1)[0]), script) for script in _MIGRATIONS.glob("[0-9]*.sql"))


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the transaction it is called in.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError("a migration ends in the middle of a statement")


def translated(error: sqlite3.Error, path: Path) -> DatabaseError:
    """Say what happened to the state file and what to do."""
    if is_damage(error):
        return _damaged(path, str(error))
    return DatabaseError(
        f"The state file {path} cannot be used ({error}).",
        "Free some space, close other programs that use it, or name another folder with --data-dir.",
    )


def _damaged(path: Path, problem: str) -> DamagedDatabaseError:
    return DamagedDatabaseError(
        f"The state file {path} is damaged ({problem.splitlines()[0]}).",
        "Restore it from a backup, or move it away to start with new keys. The file was not changed.",
    )
