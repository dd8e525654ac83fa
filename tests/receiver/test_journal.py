"""The journal keeps what it acknowledged, in order, until it is told to let go."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from junjo_desktop.receiver.journal import Journal, JournalError, JournalFullError, JournalLimits
from junjo_desktop.receiver.journal_file import holds_entries
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support.eventually import eventually


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intake.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def _fill(journal: Journal, *bodies: bytes, items: int = 1) -> list[int]:
    return [journal.append(Signal.TRACES, body, items, 7) for body in bodies]


def test_entries_come_back_as_they_went_in_and_in_order(journal: Journal) -> None:
    journal.append(Signal.TRACES, b"one", 1, 11)
    journal.append(Signal.LOGS, b"", 2, 12)
    journal.append(Signal.METRICS, bytes(range(256)), 3, 2**63 - 1)
    assert journal.read_after(0, 10**6) == [
        IntakeEntry(1, Signal.TRACES, 11, b"one"),
        IntakeEntry(2, Signal.LOGS, 12, b""),
        IntakeEntry(3, Signal.METRICS, 2**63 - 1, bytes(range(256))),
    ]
    assert [entry.seq for entry in journal.read_after(2, 10**6)] == [3]


def test_reading_stops_at_the_size_but_gives_at_least_one(journal: Journal) -> None:
    _fill(journal, b"x" * 1000, b"y" * 1000, b"z" * 1000)
    assert [entry.seq for entry in journal.read_after(0, 1)] == [1]
    assert [entry.seq for entry in journal.read_after(0, 1500)] == [1, 2]
    assert journal.read_after(3, 1500) == []


def test_entries_and_identity_survive_a_restart(path: Path) -> None:
    first = Journal(path)
    _fill(first, b"a", b"b")
    identity = first.journal_id
    first.close()
    second = Journal(path)
    assert second.journal_id == identity
    assert second.notice is None
    assert [entry.body for entry in second.read_after(0, 10)] == [b"a", b"b"]
    assert second.wait(1, 0)
    assert second.waiting(0) == 2
    second.close()


def test_a_new_file_has_a_new_identity(tmp_path: Path) -> None:
    journals = [Journal(tmp_path / name) for name in ("a.sqlite3", "b.sqlite3")]
    assert journals[0].journal_id != journals[1].journal_id
    for journal in journals:
        journal.close()


def test_a_position_never_comes_back_even_when_all_is_trimmed(path: Path) -> None:
    first = Journal(path)
    assert _fill(first, b"a", b"b", b"c") == [1, 2, 3]
    first.trim(3)
    first.close()
    second = Journal(path)
    assert second.read_after(0, 10) == []
    assert not second.wait(0, 0)
    assert _fill(second, b"d") == [4]
    second.close()


def test_only_trimmed_entries_go(journal: Journal) -> None:
    _fill(journal, *(b"x" * 10 for _ in range(5)))
    journal.trim(3)
    assert eventually(lambda: _bodies_left(journal) == 2)
    assert [entry.seq for entry in journal.read_after(0, 10**6)] == [4, 5]
    journal.trim(1)
    journal.quarantine(5, "the writer has passed the trim when it answers this")
    assert [entry.seq for entry in journal.read_after(0, 10**6)] == [4]


def test_what_waits_is_counted_in_items(journal: Journal) -> None:
    journal.append(Signal.TRACES, b"a", 512, 0)
    journal.append(Signal.LOGS, b"b", 3, 0)
    journal.append(Signal.TRACES, b"c", 40, 0)
    assert [journal.waiting(seq) for seq in (0, 1, 2, 3, 99)] == [555, 43, 40, 0, 0]
    journal.trim(1)
    assert eventually(lambda: _bodies_left(journal) == 2)
    assert [journal.waiting(seq) for seq in (1, 2, 3)] == [43, 40, 0]


def test_a_quarantined_entry_is_kept_but_not_returned_or_counted(journal: Journal, path: Path) -> None:
    for items in (1, 10, 100, 1000):
        journal.append(Signal.TRACES, b"%d" % items, items, 5)
    journal.quarantine(2, "cannot be decoded")
    journal.quarantine(4, "cannot be decoded")
    assert [entry.seq for entry in journal.read_after(0, 100)] == [1, 3]
    assert [journal.waiting(seq) for seq in (0, 1, 2, 3)] == [101, 100, 100, 0]
    assert not journal.wait(3, 0)
    assert journal.quarantined == 2
    journal.trim(4)
    journal.close()
    with sqlite3.connect(path) as connection:
        kept = connection.execute("SELECT seq, items, reason, body FROM quarantine ORDER BY seq").fetchall()
    connection.close()
    assert kept == [(2, 10, "cannot be decoded", b"10"), (4, 1000, "cannot be decoded", b"1000")]


def test_counting_stays_right_when_the_newest_was_quarantined_before_a_restart(path: Path) -> None:
    first = Journal(path)
    for items in (1, 10, 100):
        first.append(Signal.TRACES, b"x", items, 5)
    first.quarantine(3, "broken")
    first.close()
    second = Journal(path)
    second.append(Signal.TRACES, b"y", 1000, 5)
    assert [second.waiting(seq) for seq in (0, 1, 2, 3, 4)] == [1011, 1010, 1000, 1000, 0]
    second.close()


def test_waiting_for_an_entry_ends_when_it_is_committed(journal: Journal) -> None:
    assert not journal.wait(0, 0)
    with ThreadPoolExecutor(1) as pool:
        woken = pool.submit(journal.wait, 0, 30.0)
        _fill(journal, b"a")
        assert woken.result(30)


def test_waiting_ends_when_somebody_wakes_also_before_it_begins(journal: Journal) -> None:
    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            woken = pool.submit(journal.wait, 0, 600.0)
            journal.wake()
            assert not woken.result(30)
    assert not journal.wait(0, 0)


def test_closing_wakes_whoever_waits(path: Path) -> None:
    journal = Journal(path)
    with ThreadPoolExecutor(1) as pool:
        woken = pool.submit(journal.wait, 0, 30.0)
        journal.close()
        assert not woken.result(10)


def test_a_closed_journal_refuses(path: Path) -> None:
    journal = Journal(path)
    journal.close()
    with pytest.raises(JournalError, match="closing"):
        _fill(journal, b"a")
    with pytest.raises(JournalError, match="closing"):
        journal.read_after(0, 1)


def test_concurrent_requests_share_commits_and_none_is_lost(path: Path) -> None:
    journal = Journal(path)
    senders, each = 16, 40
    start = threading.Barrier(senders)

    def send(sender: int) -> list[tuple[int, bytes]]:
        start.wait()
        bodies = [b"%d/%d" % (sender, number) for number in range(each)]
        return [(journal.append(Signal.TRACES, body, 1, 0), body) for body in bodies]

    with ThreadPoolExecutor(senders) as pool:
        acknowledged = [pair for result in pool.map(send, range(senders)) for pair in result]
    stored = [(entry.seq, entry.body) for entry in journal.read_after(0, 1 << 30)]
    assert sorted(acknowledged) == stored
    assert [seq for seq, _ in stored] == list(range(1, senders * each + 1))
    assert journal.commits < senders * each
    journal.close()


def test_closing_commits_what_waits(path: Path) -> None:
    journal = Journal(path)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(journal.append, Signal.TRACES, b"x" * 200_000, 1, 0) for _ in range(64)]
        journal.close()
        acknowledged = sum(1 for future in futures if future.exception() is None)
        assert all(isinstance(error, JournalError) for future in futures if (error := future.exception()))
    reopened = Journal(path)
    assert len(reopened.read_after(0, 1 << 30)) == acknowledged
    reopened.close()


def test_a_full_backlog_refuses_until_it_is_trimmed(path: Path) -> None:
    journal = Journal(path, limits=JournalLimits(stored_bytes=1000))
    _fill(journal, b"x" * 600, b"x" * 600)
    with pytest.raises(JournalFullError, match="not yet indexed"):
        _fill(journal, b"x")
    journal.trim(1)
    assert eventually(lambda: _bodies_left(journal) == 1)
    assert eventually(lambda: journal.stored_bytes == 600)
    assert _fill(journal, b"x") == [3]
    journal.close()


def test_a_full_queue_refuses_and_recovers(path: Path) -> None:
    journal = Journal(path, limits=JournalLimits(queued_bytes=1 << 20))

    def send(_: int) -> bool:
        try:
            journal.append(Signal.TRACES, b"x" * 700_000, 1, 0)
        except JournalFullError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(send, range(64)))
    assert outcomes.count(False)
    assert outcomes.count(True) == len(journal.read_after(0, 1 << 40))
    assert journal.append(Signal.TRACES, b"x" * 2_000_000, 1, 0), "one request alone always fits"
    journal.close()


def test_space_is_given_back_after_trimming(path: Path) -> None:
    journal = Journal(path)
    last = _fill(journal, *(os.urandom(1 << 20) for _ in range(64)))[-1]
    journal.trim(last)
    journal.close()
    assert path.stat().st_size < 24 << 20


def test_whether_entries_wait_is_known_without_opening_the_journal(path: Path) -> None:
    assert not holds_entries(path)
    journal = Journal(path)
    _fill(journal, b"a", b"b")
    journal.close()
    assert holds_entries(path)
    journal = Journal(path)
    journal.trim(2)
    journal.close()
    before = path.read_bytes()
    assert not holds_entries(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("spoil", [b"no journal at all" * 1000, None], ids=["damaged", "newer"])
def test_a_journal_that_cannot_be_understood_may_hold_entries(path: Path, spoil: bytes | None) -> None:
    Journal(path).close()
    if spoil is None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    else:
        path.write_bytes(spoil)
    assert holds_entries(path)


def test_the_file_is_for_its_owner_only(journal: Journal, path: Path) -> None:
    _fill(journal, b"a")
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}


def _bodies_left(journal: Journal) -> int:
    return len(journal.read_after(0, 1 << 40))
