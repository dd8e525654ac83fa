"""What a database file may be when it is opened, and what the user is told. A file that is refused stays as it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from junjo_desktop.errors import (
    AlreadyRunningError,
    DamagedDatabaseError,
    DatabaseError,
    DataFolderError,
    NewerDatabaseError,
    NotFoundError,
    UserError,
)
from junjo_desktop.store.database import Store
from junjo_desktop.store.opening import OlderDatabaseError
from junjo_desktop.store.schema import Migration, known_migrations, migrate, schema_version
from tests.store import scenarios
from tests.store.damage import fill
from tests.store.scenarios import run_scenario

_HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def refused(path: Path, kind: type[UserError], *, read_only: bool = False) -> UserError:
    """Open the file, expect that it is refused and unchanged; return what the user is told."""
    before = path.read_bytes()
    with pytest.raises(kind) as found:
        Store.open(path, read_only=read_only)
    assert path.read_bytes() == before
    assert type(found.value) is kind
    assert str(path) in found.value.message
    assert found.value.hint
    return found.value


def test_a_new_file_gets_the_whole_schema_and_a_record_of_it(store: Store) -> None:
    assert rows(store, "SELECT number, name FROM schema_migrations ORDER BY number") == [
        (migration.number, migration.name) for migration in known_migrations()
    ]
    assert rows(store, "SELECT count(*) FROM spans") == [(0,)]


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.number for migration in known_migrations()] == list(range(1, len(known_migrations()) + 1))


def test_opening_again_applies_nothing_and_loses_nothing(path: Path) -> None:
    fill(path)
    store = Store.open(path)
    applied = rows(store, "FROM schema_migrations ORDER BY number")
    store.close()
    store = Store.open(path)
    assert rows(store, "FROM schema_migrations ORDER BY number") == applied
    assert rows(store, "SELECT count(*) FROM spans") == [(3,)]
    store.close()


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        migrate(connection, known_migrations()[:1])
    refused(path, OlderDatabaseError, read_only=True)
    Store.open(path).close()
    with duckdb.connect(str(path)) as connection:
        assert schema_version(connection) == known_migrations()[-1].number


def test_a_migration_that_fails_leaves_the_state_before_it(path: Path) -> None:
    following = known_migrations()[-1].number + 1
    broken = Migration(following, "broken", "CREATE TABLE half (a INTEGER); SELECT no_such_column FROM half")
    with duckdb.connect(str(path)) as connection:
        migrate(connection, known_migrations())
        with pytest.raises(duckdb.BinderException):
            migrate(connection, [*known_migrations(), broken])
        assert schema_version(connection) == known_migrations()[-1].number
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
    fill(path)


def test_a_newer_file_is_refused_with_both_versions(path: Path) -> None:
    fill(path)
    known = known_migrations()[-1].number
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (?, 'of the future', 0)", [known + 1])
    for read_only in (False, True):
        told = refused(path, NewerDatabaseError, read_only=read_only)
        assert f"version {known + 1}" in told.message
        assert f"up to {known}" in told.message


def test_a_database_of_something_else_is_refused(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")
    refused(path, DatabaseError)


def _text(path: Path) -> None:
    path.write_text("These are not the spans you are looking for.\n" * 1000)


def _nothing(path: Path) -> None:
    path.touch()


def _sqlite(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(8176))


def _cut_short(path: Path) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[:6_000])


def _first_blocks_overwritten(path: Path) -> None:
    fill(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(8192) + whole[12288:])


def _every_block_overwritten(path: Path) -> None:
    fill(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:12288] + b"\x55" * (len(whole) - 12288))


@pytest.mark.parametrize(
    "damage", [_text, _nothing, _sqlite, _cut_short, _first_blocks_overwritten, _every_block_overwritten]
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file_is_refused(path: Path, damage: Callable[[Path], None], read_only: bool) -> None:
    damage(path)
    refused(path, DamagedDatabaseError, read_only=read_only)


def test_damage_that_shows_only_when_read_is_told(path: Path) -> None:
    fill(path, 200)
    with duckdb.connect(str(path), read_only=True) as connection:
        blocks = connection.execute("SELECT DISTINCT block_id FROM pragma_storage_info('spans') WHERE block_id >= 0")
        offsets = [12_288 + block * 262_144 + 100 for (block,) in blocks.fetchall()]
    whole = bytearray(path.read_bytes())
    for offset in offsets:
        whole[offset : offset + 8] = bytes(byte ^ 0xFF for byte in whole[offset : offset + 8])
    path.write_bytes(whole)
    store = Store.open(path)
    with pytest.raises(DamagedDatabaseError):
        rows(store, "SELECT sum(hash(spans)) FROM spans")
    store.close()


def test_a_file_that_another_process_holds_is_refused_with_its_number(path: Path) -> None:
    Store.open(path).close()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; held = duckdb.connect({str(path)!r}); print('held', flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for read_only in (False, True):
            with pytest.raises(AlreadyRunningError, match=str(holder.pid)):
                Store.open(path, read_only=read_only)
    finally:
        holder.communicate("\n")


def test_reading_needs_a_file_and_makes_none(path: Path) -> None:
    with pytest.raises(NotFoundError):
        Store.open(path, read_only=True)
    assert not path.exists()


def test_two_readers_share_a_file_and_cannot_write(path: Path) -> None:
    fill(path)
    one, two = Store.open(path, read_only=True), Store.open(path, read_only=True)
    assert rows(one, "SELECT count(*) FROM spans") == rows(two, "SELECT count(*) FROM spans") == [(3,)]
    with pytest.raises(duckdb.Error, match="read-only"), one.write() as writer:
        writer.execute("DELETE FROM spans")
    one.close()
    two.close()


def test_what_a_killed_process_had_committed_is_there(path: Path) -> None:
    outcome = run_scenario(scenarios.commit_and_die, path)
    assert outcome.returncode == 9, outcome.stderr
    assert path.with_name(path.name + ".wal").exists()
    for read_only in (True, False):
        store = Store.open(path, read_only=read_only)
        assert rows(store, "SELECT position FROM intake_position") == [(42,)]
        store.close()


@pytest.mark.parametrize("place", ["a file/telemetry.duckdb", "missing/telemetry.duckdb"])
def test_a_folder_that_cannot_hold_a_file_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(DataFolderError) as told:
        Store.open(tmp_path / place)
    assert str(tmp_path / place) in told.value.message


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(DataFolderError, match="Is a directory"):
        Store.open(path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system on which nobody can make a file")
def test_a_file_system_without_write_permission_is_told() -> None:
    with pytest.raises(DataFolderError):
        Store.open(Path("/proc/self/telemetry.duckdb"))
