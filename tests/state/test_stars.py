"""Stars are kept in the state file, whoever sets them, and survive the app."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from junjo_desktop.errors import DatabaseError
from junjo_desktop.paths import DataDir
from junjo_desktop.state.retention_record import RetentionRecord, RetentionRecords
from junjo_desktop.state.stars import Stars


@pytest.fixture
def stars(data_dir: DataDir) -> Iterator[Stars]:
    with closing(Stars(data_dir.state)) as found:
        yield found


def test_a_new_file_has_none(stars: Stars) -> None:
    assert stars.starred() == frozenset()


def test_a_star_is_kept_after_closing(data_dir: DataDir) -> None:
    with closing(Stars(data_dir.state)) as first:
        first.star("ab" * 16)
    with closing(Stars(data_dir.state)) as second:
        assert second.starred() == {"ab" * 16}


def test_starring_twice_and_unstarring_twice_are_once(stars: Stars) -> None:
    stars.star("a1")
    stars.star("A1")
    assert stars.starred() == {"a1"}
    stars.unstar("A1")
    stars.unstar("a1")
    assert stars.starred() == frozenset()


def test_what_another_process_stars_is_seen(stars: Stars, data_dir: DataDir) -> None:
    with closing(Stars(data_dir.state)) as other:
        other.star("a1")
        assert stars.starred() == {"a1"}
        stars.unstar("a1")
        assert other.starred() == frozenset()


def test_many_threads_may_star(stars: Stars) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(stars.star, (f"{number:02x}" for number in range(64))))
    assert len(stars.starred()) == 64


def test_a_file_that_cannot_be_used_is_named(stars: Stars, data_dir: DataDir) -> None:
    with closing(sqlite3.connect(data_dir.state)) as other:
        other.execute("DROP TABLE stars")
        other.commit()
    with pytest.raises(DatabaseError, match=r"state\.sqlite3") as refused:
        stars.star("a1")
    assert refused.value.hint


def test_what_retention_remembers_is_read_again(data_dir: DataDir) -> None:
    records = RetentionRecords(data_dir.state)
    assert records.load() is None
    assert not data_dir.state.exists()
    records.save(RetentionRecord(5))
    records.save(RetentionRecord(believed_ns=7, done_before_ns=6, odd_count=3, odd_since_ns=2))
    assert records.load() == RetentionRecord(7, 6, 3, 2)
