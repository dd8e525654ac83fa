"""The schema's versions: numbered SQL files, each applied in one transaction together with its record."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent / "migrations"

_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")

_RECORDS = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     INTEGER PRIMARY KEY,
    name       VARCHAR NOT NULL,
    applied_ns BIGINT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str


@cache
def known_migrations() -> tuple[Migration, ...]:
    """Return every packaged migration, in order."""
    found = ((_FILE_NAME.fullmatch(path.name), path) for path in FOLDER.glob("*.sql"))
    return tuple(
        sorted(
            (Migration(int(name[1]), name[2], path.read_text(encoding="utf-8")) for name, path in found if name),
            key=lambda migration: migration.number,
        )
    )


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the newest applied migration; 0 for a file without any table, -1 for a foreign one."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migrations" not in tables:
        return -1 if tables else 0
    newest = connection.execute("SELECT coalesce(max(number), 0) FROM schema_migrations").fetchone()
    return int(newest[0]) if newest else 0


def migrate(connection: duckdb.DuckDBPyConnection, migrations: Sequence[Migration]) -> None:
    """Apply those of `migrations` that are not applied yet; one that fails leaves the state before it."""
    applied = schema_version(connection)
    for migration in migrations:
        if migration.number > applied:
            _apply(connection, migration)


def _apply(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    connection.begin()
    try:
        connection.execute(_RECORDS)
        connection.execute(migration.sql)
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, ?)", [migration.number, migration.name, time.time_ns()]
        )
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
