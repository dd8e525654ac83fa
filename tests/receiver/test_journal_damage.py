"""A journal that is damaged, at the start or while it is used: what can be read is taken over, and it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from junjo_desktop.receiver.journal import Journal, JournalError
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support.child import run_child
from tests.support.eventually import eventually

# Done by another process: on POSIX, whoever closes a file drops the locks that his own process has on it.
_OVERWRITE = """
import os, sys
path, begin, end = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
size = os.path.getsize(path)
with open(path, "r+b") as file:
    file.seek(int(size * begin))
    file.write(b"garbage!" * (int(size * (end - begin)) // 8))
"""
_CUT = "import os, sys; os.truncate(sys.argv[1], int(os.path.getsize(sys.argv[1]) * float(sys.argv[2])))"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intake.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def body_of(number: int) -> bytes:
    return b"%d," % number * 10_000  # many checkpoints, so that most are in the file itself


def fill(journal: Journal, count: int, first: int = 1) -> list[int]:
    return [journal.append(Signal.TRACES, body_of(number), 2, number) for number in range(first, first + count)]


def read_when_possible(journal: Journal) -> list[IntakeEntry]:
    """What the indexer gets, which tries again after an error."""
    found: list[IntakeEntry] = []

    def can_read() -> bool:
        try:
            found[:] = journal.read_after(0, 1 << 40)
        except JournalError:
            return False
        return True

    assert eventually(can_read)
    return found


def check_order(entries: list[IntakeEntry]) -> None:
    assert [entry.seq for entry in entries] == sorted({entry.seq for entry in entries})
    assert all(entry.received_ns == entry.seq and entry.signal is Signal.TRACES for entry in entries)


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def overwrite(path: Path, begin: float, end: float) -> None:
    run_child(_OVERWRITE, path, begin, end)


def cut(path: Path, share: float) -> None:
    run_child(_CUT, path, share)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: overwrite(path, 0.0, 1.0),
        lambda path: overwrite(path, 0.4, 0.5),
        lambda path: cut(path, 0.5),
        lambda path: cut(path, 0.0),
        lambda path: overwrite(_log(path), 0.0, 1.0),
        lambda path: cut(_log(path), 0.0),
    ],
    ids=["overwritten", "a part overwritten", "cut off", "emptied", "log overwritten", "log emptied"],
)
def test_a_journal_damaged_while_it_is_used_goes_on_acknowledging(
    journal: Journal, path: Path, damage: Callable[[Path], None]
) -> None:
    fill(journal, 300)
    identity = journal.journal_id
    damage(path)
    acknowledged = fill(journal, 300, first=301)
    assert acknowledged == list(range(301, 601)), "positions go on, so the indexer overlooks none"
    entries = read_when_possible(journal)
    check_order(entries)
    missing = 600 - len(entries)
    assert len(entries) >= 300
    # Where the damage begins and ends, the last page of a body may be lost without a trace.
    assert sum(entry.body == body_of(entry.seq) for entry in entries) >= len(entries) - 3
    assert journal.notice is not None
    [aside] = path.parent.glob("intake.damaged-*.sqlite3")
    assert str(aside) in journal.notice.message, "a new file is not taken for damaged"
    assert (f"Up to {missing:,} could not be read" in journal.notice.hint) == bool(missing)
    assert journal.waiting(0) == 2 * len(entries)
    assert journal.journal_id == identity
    assert fill(journal, 1, first=601) == [601]
    assert journal.last_error is None
    journal.close()
    again = Journal(path)
    assert (again.journal_id, again.notice) == (identity, None)
    assert [entry.seq for entry in again.read_after(0, 1 << 40)] == [*(entry.seq for entry in entries), 601]
    again.close()


def test_damage_that_a_commit_meets_costs_the_sender_nothing(journal: Journal, path: Path) -> None:
    fill(journal, 300)
    journal.trim(300)
    assert eventually(lambda: not journal.read_after(0, 1))
    cut(path, 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    cut(path, 0.01)
    assert fill(journal, 50, first=301) == list(range(301, 351))
    assert [entry.seq for entry in read_when_possible(journal)] == list(range(301, 351))


def test_a_deleted_log_is_saved_by_those_who_still_have_it(journal: Journal, path: Path) -> None:
    fill(journal, 20)
    _log(path).unlink()
    assert fill(journal, 20, first=21) == list(range(21, 41))
    assert _log(path).exists()
    assert [entry.seq for entry in read_when_possible(journal)] == list(range(1, 41))
    assert journal.notice is None


@pytest.mark.parametrize(("begin", "end"), [(0.2, 0.25), (0.5, 0.9), (0.97, 1.0)])
def test_a_journal_damaged_at_the_start_gives_what_can_be_read(path: Path, begin: float, end: float) -> None:
    first = Journal(path)
    fill(first, 300)
    identity = first.journal_id
    first.close()
    content = bytearray(path.read_bytes())
    content[int(len(content) * begin) : int(len(content) * end)] = bytes(
        int(len(content) * end) - int(len(content) * begin)
    )
    path.write_bytes(content)
    journal = Journal(path)
    entries = list(journal.read_after(0, 1 << 40))
    check_order(entries)
    assert len(entries) > 300 * (1 - 2 * (end - begin) - 0.1)
    assert journal.notice is not None
    assert f"{len(entries):,} waiting requests" in journal.notice.hint
    [aside] = path.parent.glob("intake.damaged-*.sqlite3")
    assert aside.read_bytes() == content
    assert journal.journal_id == identity
    assert fill(journal, 1, first=301) == [301], "a position that was handed out does not come back"
    journal.close()


def test_positions_begin_behind_those_that_the_store_has(path: Path) -> None:
    journal = Journal(path)
    fill(journal, 3)
    journal.continue_after(1_000)
    journal.continue_after(10)
    assert journal.append(Signal.TRACES, b"a", 1, 0) == 1_001
    journal.close()
    again = Journal(path)
    assert again.append(Signal.TRACES, b"b", 1, 0) == 1_002
    again.close()


def test_a_journal_without_anything_readable_begins_again(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    journal = Journal(path)
    assert journal.notice is not None
    assert "nothing could be taken over" in journal.notice.hint
    assert journal.append(Signal.TRACES, b"a", 1, 0) == 1
    journal.close()
