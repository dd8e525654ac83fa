"""Opens the DuckDB file with this application's settings, or says why it cannot be used and leaves it untouched."""

from __future__ import annotations

from pathlib import Path

import duckdb

from junjo_desktop.errors import DatabaseError, DataFolderError, NewerDatabaseError, NotFoundError
from junjo_desktop.store.failures import as_user_error, damaged
from junjo_desktop.store.schema import known_migrations, migrate, schema_version

MEMORY_LIMIT = "192MiB"

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY_LIMIT,
    "threads": 2,  # a third one gains nothing for lists, and each costs memory while it works
    "checkpoint_threshold": "64MiB",  # below, checkpoints cost more than the rows; above, a crash costs a slow start
    # Merging row groups in checkpoints costs three times as much as writing them, and stalls that grow with the file
    # (measured: 22 s at a million spans). Groups of what came between two checkpoints are good enough to read.
    "max_vacuum_tasks": 0,
    "allocator_background_threads": True,  # gives memory of past queries back: 27 MB after a page of traces
    "enable_external_access": False,  # no SQL reaches other files or the network
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a table name is never a Python variable
    "allowed_configs": ["search_path"],  # `store.sql` puts the views in front; everything else is locked below
}

_MAGIC_AT = 8  # after the checksum of the first block
_MAGIC = b"DUCK"


class OlderDatabaseError(DatabaseError):
    """The file must be brought up to date before it can be read."""


def open_database(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the file, made or brought up to date when it may be written. Raises a `UserError` and changes nothing."""
    if read_only and not path.exists():
        raise NotFoundError(
            f"Nothing has been stored in {path} yet.", "Start Junjo Desktop and send it some telemetry."
        )
    try:
        connection = _connect(path, read_only=read_only)
    except duckdb.Error as error:
        raise as_user_error(error, path) or damaged(path) from error
    except OSError as error:
        raise DataFolderError(
            f"The database {path} cannot be read ({error.strerror}).",
            "Correct its permissions, or name another folder with --data-dir.",
        ) from error
    try:
        _prepare(connection, path, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Connect; to a file that is there already only after a look at it without any right to change it."""
    if path.exists():
        _check_kind(path)
        looking = duckdb.connect(str(path), read_only=True, config=_SETTINGS)
        try:
            _check_version(looking, path)
        except BaseException:
            looking.close()
            raise
        if read_only:
            return looking
        looking.close()
    return duckdb.connect(str(path), config=_SETTINGS)


def _check_kind(path: Path) -> None:
    # DuckDB would fetch an extension for some foreign kinds.
    if path.is_file():
        with path.open("rb") as file:
            if file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] != _MAGIC:
                raise damaged(path)


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    found = schema_version(connection)
    known = known_migrations()[-1].number
    if found > known:
        raise NewerDatabaseError(
            f"{path} has schema version {found}; this version of Junjo Desktop knows versions up to {known}.",
            "It is unchanged. Install the newer version of Junjo Desktop, or name another folder with --data-dir.",
        )
    if found < 0:
        raise DatabaseError(
            f"{path} is a DuckDB database, but not one of Junjo Desktop.",
            "It is unchanged. Name another folder with --data-dir, or move it away.",
        )


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    try:
        # Within one process DuckDB shares an open database, and its settings are locked then.
        [[locked]] = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
        if not locked:
            connection.execute("SET TimeZone = 'UTC'")
        if not read_only:
            migrate(connection, known_migrations())
        elif schema_version(connection) < known_migrations()[-1].number:
            raise OlderDatabaseError(
                f"{path} was written by an older version of Junjo Desktop.",
                "Start Junjo Desktop once: it brings the database up to date.",
            )
        if not locked:
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise as_user_error(error, path) or DatabaseError(
            f"{path} could not be brought up to date ({str(error).partition(chr(10))[0]}).",
            "It is as it was. Go on with the version of Junjo Desktop that wrote it, and report this.",
        ) from error
