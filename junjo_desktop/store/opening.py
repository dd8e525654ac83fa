"""Opens the DuckDB file with this application's settings, or says why it cannot be used and leaves it untouched."""

from __future__ import annotations

from pathlib import Path

import duckdb

from junjo_desktop.errors import DatabaseError, DataFolderError, NewerDatabaseError, NotFoundError
from junjo_desktop.store.derivation import adopt
from junjo_desktop.store.failures import as_user_error, damaged
from junjo_desktop.store.marks import make_marks
from junjo_desktop.store.schema import known_migrations, migrate, schema_version

MEMORY_LIMIT = "144MiB"

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY_LIMIT,
    "threads": 2,  # a third one gains nothing for lists, and each costs memory while it works
    "checkpoint_threshold": "64MiB",  # below, checkpoints cost more than the rows; above, a crash costs a slow start
    # Merging row groups in checkpoints costs three times as much as writing them, and stalls that grow with the file
    # (measured: 22 s at a million spans). Groups of what came between two checkpoints are good enough to read.
    "max_vacuum_tasks": 0,
    "allocator_background_threads": True,  # gives memory of past queries back: 27 MB after a page of traces
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a table name is never a Python variable
}
_LOCKS = (
    "SET enable_external_access = false",  # no SQL reaches other files or the network
    "SET allowed_configs = ['search_path']",  # `store.sql` puts the views in front of the tables
    "SET lock_configuration = true",
)

CATALOG = "telemetry"
"""The name of the database file within a connection: it is attached, because only so can the next be chosen."""

# A transaction that fills a row group writes it to the file itself, compressed once, and not to the write-ahead log
# first: 10 against 14 µs of processor a span, and no checkpoints that hold commits up for a quarter of a second.
# DuckDB's own size of 122,880 is out of reach for batches that are to be seen soon.
ROW_GROUP_ROWS = 16_384

REWRITTEN = "rewritten"
"""The name of a second file, attached while `store.rewriting` copies everything into it."""

_MAGIC_AT = 8  # after the checksum of the first block
_MAGIC = b"DUCK"
_EXECUTIONS_SINCE = 5  # the migration that made the table of runs


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
        looking = _attach(path, "READ_ONLY")
        try:
            _check_version(looking, path)
        except BaseException:
            looking.close()
            raise
        if read_only:
            return looking
        looking.close()
    return _attach(path, f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}")


def _attach(path: Path, option: str) -> duckdb.DuckDBPyConnection:
    # Otherwise what a large query does not hold in memory would go to the working directory.
    connection = duckdb.connect(config={**_SETTINGS, "temp_directory": str(path) + ".tmp"})
    try:
        make_marks(connection)
        connection.execute(f"ATTACH '{_quoted(path)}' AS {CATALOG} ({option})")
        use_catalog(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def use_catalog(connection: duckdb.DuckDBPyConnection) -> None:
    """Have unqualified names mean the tables of the file. Every cursor begins with the empty database in memory."""
    connection.execute(f"SET search_path = '{CATALOG}.main'")


def rewritten_path(path: Path) -> Path:
    """Where `store.rewriting` makes the file that takes the place of the one at `path`."""
    return path.with_name(path.name + ".rewritten")


def rewritten_files(path: Path) -> tuple[Path, ...]:
    """That file and those that DuckDB keeps beside it."""
    new = rewritten_path(path)
    return tuple(new.with_name(new.name + suffix) for suffix in ("", ".wal", ".wal.checkpoint", ".wal.recovery"))


def attach_rewritten(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the new file beside the one at `path`; the only other file that an open database can reach."""
    file = _quoted(rewritten_path(path))
    connection.execute(f"ATTACH '{file}' AS {REWRITTEN} (ROW_GROUP_SIZE {ROW_GROUP_ROWS})")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


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
        connection.execute("SET TimeZone = 'UTC'")
        if not read_only:
            had = schema_version(connection)
            migrate(connection, known_migrations())
            if had < _EXECUTIONS_SINCE:
                # Only here: it brings the decoder and protobuf along, which a question does not need; and only once:
                # to see that there is nothing to fill in, or too much, takes a look at every span.
                from junjo_desktop.store.rebuild_executions import fill_executions

                fill_executions(connection)
            adopt(connection)
        elif schema_version(connection) < known_migrations()[-1].number:
            raise OlderDatabaseError(
                f"{path} was written by an older version of Junjo Desktop.",
                "Start Junjo Desktop once: it brings the database up to date.",
            )
        files = ", ".join(f"'{_quoted(file)}'" for file in rewritten_files(path))
        connection.execute(f"SET allowed_paths = [{files}]")
        for lock in _LOCKS:
            connection.execute(lock)
    except duckdb.Error as error:
        raise as_user_error(error, path) or DatabaseError(
            f"{path} could not be brought up to date ({str(error).partition(chr(10))[0]}).",
            "It is as it was. Go on with the version of Junjo Desktop that wrote it, and report this.",
        ) from error
