"""A damaged file, a newer one, a full disk, a sudden end: nothing acknowledged is lost, nothing is overwritten."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from junjo_desktop.errors import DataFolderError, NewerDatabaseError
from junjo_desktop.receiver.journal import Journal, JournalError
from junjo_desktop.receiver.journal_file import VERSION
from junjo_desktop.telemetry.intake import Signal
from tests.support.child import run_child, start_child


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intake.sqlite3"


def _make(path: Path, *bodies: bytes) -> None:
    journal = Journal(path)
    for body in bodies:
        journal.append(Signal.TRACES, body, 1, 0)
    journal.close()


def _damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    match how:
        case "not a database":
            content[:16] = b"something else.."
        case "overwritten in the middle":
            content[20_000:60_000] = bytes(40_000)
        case "cut off":
            del content[40_000:]
        case "a few bytes":
            content = bytearray(b"abc")
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["not a database", "overwritten in the middle", "cut off", "a few bytes"])
def test_a_damaged_journal_is_set_aside_whole_and_a_new_one_made(path: Path, how: str) -> None:
    _make(path, *(bytes([number]) * 30_000 for number in range(8)))
    _damage(path, how)
    damaged = path.read_bytes()
    journal = Journal(path)
    new = journal.append(Signal.TRACES, b"new", 1, 0)
    assert [(entry.seq, entry.body) for entry in journal.read_after(0, 1 << 40)][-1] == (new, b"new")
    assert journal.notice is not None
    aside = next(file for file in path.parent.iterdir() if ".damaged-" in file.name and file.suffix == ".sqlite3")
    assert str(aside) in journal.notice.message
    assert aside.read_bytes() == damaged
    journal.close()


def test_another_program_s_database_is_set_aside(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    journal = Journal(path)
    assert journal.notice is not None
    assert journal.read_after(0, 1) == []
    journal.close()


def test_setting_aside_twice_overwrites_nothing(path: Path) -> None:
    for _ in range(2):
        path.write_bytes(b"x" * 200)
        Journal(path).close()
    assert len(list(path.parent.glob("intake.damaged-*.sqlite3"))) == 2


def test_an_empty_file_is_no_damage(path: Path) -> None:
    path.touch()
    journal = Journal(path)
    assert journal.notice is None
    assert journal.append(Signal.TRACES, b"a", 1, 0) == 1
    journal.close()


def test_a_newer_journal_is_refused_and_left_as_it_is(path: Path) -> None:
    _make(path, b"a")
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError) as refused:
        Journal(path)
    assert str(path) in refused.value.message
    assert f"version {VERSION + 1}" in refused.value.message
    assert refused.value.hint
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="cannot be opened") as refused:
        Journal(tmp_path / "nowhere" / "intake.sqlite3")
    assert "--data-dir" in refused.value.hint


def test_a_deleted_file_is_never_acknowledged_into(path: Path) -> None:
    journal = Journal(path)
    journal.append(Signal.TRACES, b"a", 1, 0)
    path.unlink()
    with pytest.raises(JournalError, match="No such file") as refused:
        journal.append(Signal.TRACES, b"b", 1, 0)
    assert "start Junjo Desktop again" in refused.value.hint
    assert journal.last_error is not None
    path.write_bytes(b"another file")
    with pytest.raises(JournalError, match="another file"):
        journal.append(Signal.TRACES, b"c", 1, 0)
    assert path.read_bytes() == b"another file"
    journal.close()


_FULL_DISK = """
import json, pathlib, resource, sys
from junjo_desktop.receiver.journal import Journal, JournalError
from junjo_desktop.telemetry.intake import Signal

path = pathlib.Path(sys.argv[1])
journal = Journal(path)
acknowledged, refused = [], 0
def send(times):
    global refused
    for _ in range(times):
        try:
            acknowledged.append(journal.append(Signal.TRACES, b"x" * 200_000, 1, 0))
        except JournalError as error:
            refused += 1
            assert journal.last_error == error.message, (journal.last_error, error)
            assert "Free some space" in error.hint
send(3)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
send(20)
during = refused
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
send(5)
healed = journal.last_error is None
stored = [entry.seq for entry in journal.read_after(0, 1 << 40)]
journal.close()
print(json.dumps({"during": during, "after": refused - during, "healed": healed, "same": stored == acknowledged}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the test limits the size of files, which Windows cannot")
def test_a_full_disk_refuses_and_the_journal_goes_on_when_there_is_space_again(path: Path) -> None:
    found = json.loads(run_child(_FULL_DISK, path))
    assert found["during"] > 0
    assert found["after"] == 0
    assert found["healed"]
    assert found["same"], "what was acknowledged is what is stored"


_ACKNOWLEDGE_FOREVER = """
import pathlib, sys
from junjo_desktop.receiver.journal import Journal
from junjo_desktop.telemetry.intake import Signal

journal = Journal(pathlib.Path(sys.argv[1]))
while True:
    seq = journal.append(Signal.TRACES, b"body %d" % (journal.commits + 1), 1, 0)
    print(seq, flush=True)
"""


def test_what_was_acknowledged_is_there_after_a_sudden_end(path: Path) -> None:
    with start_child(_ACKNOWLEDGE_FOREVER, path) as child:
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(50)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.read().splitlines()]
    journal = Journal(path)
    assert journal.notice is None
    stored = journal.read_after(0, 1 << 40)
    assert [entry.seq for entry in stored][: len(acknowledged)] == acknowledged
    assert all(entry.body == b"body %d" % entry.seq for entry in stored)
    assert journal.append(Signal.TRACES, b"next", 1, 0) == stored[-1].seq + 1
    journal.close()
