"""Reads see one state, can be stopped, and never write; writes happen whole or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from junjo_desktop.errors import DatabaseError, QueryCancelledError, UserError
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.failures import Trouble, as_user_error, trouble_of

ENDLESS = "SELECT count(*) FROM range(1_000_000_000_000) a, range(1_000_000) b WHERE hash(a.range, b.range) = 1"


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def add_service(store: Store, name: str) -> None:
    with store.write() as writer:
        writer.execute("INSERT INTO services VALUES (?, 0, 0, 0, 0, 0, 0)", [name])


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(duckdb.TransactionException, match="read-only"):
        rows(store, "DELETE FROM services RETURNING *")
    add_service(store, "a")


def test_a_read_sees_one_state_while_others_write(store: Store) -> None:
    add_service(store, "a")

    def query(cursor: duckdb.DuckDBPyConnection) -> tuple[list[Any], list[Any]]:
        before = cursor.execute("SELECT service_name FROM services").fetchall()
        add_service(store, "b")
        return before, cursor.execute("SELECT service_name FROM services").fetchall()

    assert store.read(query) == ([("a",)], [("a",)])
    assert rows(store, "SELECT count(*) FROM services") == [(2,)]


def test_many_threads_read_while_one_writes(store: Store) -> None:
    def counts(_: int) -> list[tuple[Any, ...]]:
        return rows(store, "SELECT count(*) = max(span_count) OR count(*) = 0 FROM services")

    with ThreadPoolExecutor(8) as readers:
        answers = readers.map(counts, range(200))
        for number in range(1, 30):
            with store.write() as writer:
                writer.execute("INSERT INTO services VALUES (?, 0, 0, 0, 0, 0, 0)", [f"{number}"])
                writer.execute("UPDATE services SET span_count = ?", [number])
        assert {tuple(answer) for answer in answers} == {((True,),)}


def test_a_write_that_raises_leaves_nothing(store: Store) -> None:
    def write() -> None:
        with store.write() as writer:
            writer.execute("INSERT INTO services VALUES ('a', 0, 0, 0, 0, 0, 0)")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write()
    assert rows(store, "FROM services") == []
    add_service(store, "b")


def test_a_cancelled_read_ends_at_once_and_others_go_on(store: Store) -> None:
    token, begun = CancelToken(), threading.Event()

    def query(cursor: duckdb.DuckDBPyConnection) -> None:
        begun.set()
        cursor.execute(ENDLESS)

    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(store.read, query, token)
        assert begun.wait(30)
        token.cancel()
        with pytest.raises(QueryCancelledError):
            reading.result(60)
    assert rows(store, "SELECT 1") == [(1,)]


def test_a_read_that_is_cancelled_between_two_statements_does_not_run_the_next(store: Store) -> None:
    token, between, cancelled = CancelToken(), threading.Event(), threading.Event()

    def query(cursor: duckdb.DuckDBPyConnection) -> None:
        cursor.execute("SELECT 1").fetchall()
        between.set()
        assert cancelled.wait(60)
        cursor.execute(ENDLESS)

    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(store.read, query, token)
        assert between.wait(60)
        token.cancel()
        cancelled.set()
        with pytest.raises(QueryCancelledError):
            reading.result(60)
    assert rows(store, "SELECT 1") == [(1,)]


def test_a_read_that_is_cancelled_before_it_begins_does_not_begin(store: Store) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(QueryCancelledError):
        store.read(lambda cursor: pytest.fail(f"{cursor} ran"), token)


def test_cancelling_afterwards_does_nothing(store: Store) -> None:
    token = CancelToken()
    assert store.read(lambda cursor: cursor.execute("SELECT 1").fetchall(), token) == [(1,)]
    token.cancel()
    assert rows(store, "SELECT 1") == [(1,)]


def test_closing_interrupts_what_still_reads(path: Path) -> None:
    store, begun = Store.open(path), threading.Event()

    def query(cursor: duckdb.DuckDBPyConnection) -> None:
        begun.set()
        cursor.execute(ENDLESS)

    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(store.read, query)
        assert begun.wait(30)
        store.close()
        with pytest.raises(QueryCancelledError):
            reading.result()
    with pytest.raises(QueryCancelledError):
        rows(store, "SELECT 1")
    store.close()
    Store.open(path).close()


def test_an_error_of_the_query_is_its_own_and_the_next_read_works(store: Store) -> None:
    with pytest.raises(duckdb.ConversionException):
        rows(store, "SELECT 'x'::INTEGER")
    with pytest.raises(ZeroDivisionError):
        store.read(lambda _cursor: 1 // 0)
    assert rows(store, "SELECT 1") == [(1,)]


def test_a_query_that_needs_too_much_memory_is_told(store: Store) -> None:
    with pytest.raises(UserError, match="more memory"):
        rows(store, "SELECT list(hash(i)::VARCHAR || repeat('x', 1000)) FROM range(2_000_000) t(i)")
    assert rows(store, "SELECT 1") == [(1,)]


def test_a_large_sort_spills_instead_of_failing(store: Store) -> None:
    query = "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS a FROM range(5_000_000) t(i) ORDER BY a OFFSET 1)"
    assert rows(store, query) == [(4_999_999,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd.csv'",
        "COPY services TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/other.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SELECT * FROM token",
    ],
)
def test_no_sql_reaches_files_settings_or_variables(store: Store, query: str) -> None:
    token = [("a variable of ours",)]
    with pytest.raises((duckdb.Error, UserError)):
        rows(store, query)
    assert token


def test_the_size_counts_the_write_ahead_log(store: Store, path: Path) -> None:
    add_service(store, "a")
    log = path.with_name(path.name + ".wal")
    assert store.size_bytes() == path.stat().st_size + log.stat().st_size > path.stat().st_size


@pytest.mark.parametrize(
    "quoted", ["Permission denied", "No space left on device", "Corrupt database file", "Could not set lock on file"]
)
def test_what_a_statement_quotes_says_nothing_about_the_disk(store: Store, quoted: str) -> None:
    with pytest.raises(duckdb.Error, match=quoted) as found:
        rows(store, f"SELECT CAST('{quoted}' AS INTEGER)")
    assert trouble_of(found.value) is Trouble.STATEMENT
    assert as_user_error(found.value, store.path) is None


def test_a_database_of_a_newer_engine_is_told_by_its_message(path: Path) -> None:
    error = duckdb.IOException(
        "IO Error: Trying to read a database file with version number 99, but we can only read versions 64 and 65."
    )
    told = as_user_error(error, path)
    assert isinstance(told, DatabaseError)
    assert trouble_of(error) is Trouble.NEWER
