"""`state.sqlite3` is migrated step by step, shared by processes, and never harmed."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from junjo_desktop.errors import DamagedDatabaseError, DatabaseError, NewerDatabaseError
from junjo_desktop.state import open_state
from junjo_desktop.state.database import newest_version


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return version


def test_a_new_file_gets_every_table_and_is_for_its_owner_only(path: Path) -> None:
    connection = open_state(path)
    assert connection.execute("SELECT count(*) FROM api_keys").fetchone() == (0,)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    connection.close()
    assert _version(path) == newest_version()


def test_opening_again_keeps_what_is_there(path: Path) -> None:
    first = open_state(path)
    first.execute("INSERT INTO api_keys VALUES ('a', 'n', 'p', ?, 1, NULL, NULL)", (bytes(32),))
    first.close()
    second = open_state(path)
    assert second.execute("SELECT id FROM api_keys").fetchall() == [("a",)]
    second.close()


def test_many_may_open_a_new_file_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for connection in pool.map(lambda _: open_state(path), range(8)):
            connection.close()
    assert _version(path) == newest_version()


def test_a_newer_file_is_refused_with_path_and_version_and_left_as_it_is(path: Path) -> None:
    open_state(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {newest_version() + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError) as refused:
        open_state(path)
    assert str(path) in refused.value.message
    assert f"version {newest_version() + 1}" in refused.value.message
    assert "Update" in refused.value.hint
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_newer_version_that_is_still_in_the_write_ahead_log_is_seen(path: Path) -> None:
    other = open_state(path)
    other.execute(f"PRAGMA user_version = {newest_version() + 1}")
    with pytest.raises(NewerDatabaseError):
        open_state(path)
    other.close()


@pytest.mark.parametrize("content", [b"x" * 5000, b"abc", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_database_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises((DamagedDatabaseError, NewerDatabaseError)) as refused:
        open_state(path)
    assert str(path) in refused.value.message
    assert path.read_bytes() == content


def test_damage_inside_is_refused_and_left_as_it_is(path: Path) -> None:
    connection = open_state(path)
    rows = [(f"{n:04}", "n", "p", n.to_bytes(32, "big")) for n in range(500)]
    connection.executemany("INSERT INTO api_keys VALUES (?, ?, ?, ?, 1, NULL, NULL)", rows)
    connection.close()
    content = bytearray(path.read_bytes())
    content[8192:20_000] = bytes(20_000 - 8192)
    path.write_bytes(content)
    with pytest.raises(DamagedDatabaseError, match="damaged") as refused:
        open_state(path)
    assert "backup" in refused.value.hint
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_state(tmp_path / "nowhere" / "state.sqlite3")
