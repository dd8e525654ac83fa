"""Rewriting makes the file small, loses nothing of what is received meanwhile, and may be ended at any point."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from junjo_desktop.errors import DataFolderError, QueryCancelledError
from junjo_desktop.store import rewriting
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.copying import ChangedMeanwhileError
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import delete
from junjo_desktop.store.occupancy import Occupancy, occupancy_of
from junjo_desktop.store.opening import ROW_GROUP_ROWS, rewritten_files, rewritten_path
from junjo_desktop.store.selection import Selection
from tests.store.telemetry_model import STORED, Model, SentLog, SentMetric, SentSpan, check_holds, hex_id, rows
from tests.support.child import start_child

ROWS = 4 * ROW_GROUP_ROWS
_COUNT_AGAIN = "UPDATE services SET metric_count = (SELECT count(*) FROM metrics) WHERE service_name = 'bulk'"


def _occupancy(store: Store) -> Occupancy:
    return store.read(lambda cursor: occupancy_of(cursor, store.path))


def _rewrite(store: Store, on_step: Callable[[], None] = lambda: None, token: CancelToken | None = None) -> int:
    return rewriting.rewrite(store, _occupancy(store), lambda _share: on_step(), token or CancelToken())


def _add_metrics(store: Store) -> None:
    """Add rows that nothing compresses, for several steps."""
    with store.write() as writer:
        writer.execute(
            f"""
            INSERT INTO metrics SELECT 'bulk', md5(random()::VARCHAR), md5(random()::VARCHAR), '', 'sum', 0, 0, 0,
                   md5(random()::VARCHAR)::BLOB, 'r', 'c', i, i
            FROM range({ROWS}) t(i)
            """  # noqa: S608 - only a number is put in
        )
        writer.execute("INSERT INTO resources VALUES ('r', 'bulk', '{}', 0, '', NULL)")
        writer.execute("INSERT INTO scopes VALUES ('c', '', '', '{}', 0, '', NULL)")
        writer.execute(f"INSERT INTO services VALUES ('bulk', 0, 0, 0, {ROWS}, 0, 0)")  # noqa: S608 - only a number is put in


def _everything(store: Store) -> dict[str, list[str]]:
    return {table: sorted(map(str, rows(store, table))) for table in STORED}


def test_what_was_deleted_is_given_back_and_the_rest_stays(store: Store, path: Path) -> None:
    Model(store).send([SentSpan(1, 1, "s"), SentLog(1, "s"), SentMetric("t")], lambda: 7)
    store.checkpoint()
    empty = path.stat().st_size
    _add_metrics(store)
    store.checkpoint()
    large = path.stat().st_size
    with store.write() as writer:
        writer.execute(f"DELETE FROM metrics WHERE received_ns % 8 <> 1 OR received_ns > {ROWS // 2}")  # noqa: S608 - only a number is put in
        writer.execute(_COUNT_AGAIN)
    store.checkpoint()
    assert path.stat().st_size > large * 0.9
    before, taken = _everything(store), store.size_bytes()
    given = _rewrite(store)
    assert _everything(store) == before
    assert path.stat().st_size - empty < (large - empty) / 3
    assert given == taken - store.size_bytes()


def test_the_new_file_is_a_database_like_the_old_one(store: Store, path: Path) -> None:
    described = (
        "SELECT sql FROM duckdb_tables() UNION SELECT sql FROM duckdb_views() UNION SELECT sql FROM duckdb_indexes()"
    )
    Model(store).send([SentSpan(1, 1, "s")], lambda: 7)
    before = store.read(lambda cursor: sorted(cursor.execute(described).fetchall()))
    _rewrite(store)
    assert store.read(lambda cursor: sorted(cursor.execute(described).fetchall())) == before
    store.close()
    again = Store.open(path)
    assert len(rows(again, "spans")) == 1
    again.close()


def test_what_is_received_meanwhile_is_there_once_and_in_its_newest_version(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(trace, 1, "s", name="first") for trace in range(1, 20)], lambda: 7)
    _add_metrics(store)
    model.metrics = [row for row in rows(store, "metrics") if row["service_name"] == "bulk"]
    times = iter(range(8, 10_000))

    def receive() -> None:
        now = next(times)
        model.send([SentSpan(now % 20, 1, "t", name=f"at {now}"), SentSpan(now, 2, "s"), SentLog(3, "s")], lambda: now)

    _rewrite(store, receive)
    assert next(times) > 8 + ROWS // ROW_GROUP_ROWS
    receive()
    check_holds(model)


@pytest.mark.parametrize("change", ["deletion", "update"])
def test_what_changes_copied_rows_ends_it_and_the_old_file_stays(store: Store, change: str) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s"), SentSpan(2, 1, "s")], lambda: 7)

    def meddle() -> None:
        if change == "deletion":
            delete(store, Selection(trace_ids=(hex_id(1),)))
        else:
            with store.write() as writer:
                writer.execute("UPDATE spans SET span_type = 'tool'")

    with pytest.raises(ChangedMeanwhileError):
        _rewrite(store, meddle)
    assert len(rows(store, "spans")) == (1 if change == "deletion" else 2)
    assert not any(file.exists() for file in rewritten_files(store.path))
    assert _rewrite(store) is not None


def test_readers_go_on_all_the_time(store: Store) -> None:
    Model(store).send([SentSpan(trace, 1, "s") for trace in range(1, 20)], lambda: 7)
    _add_metrics(store)
    expected, ended, seen = ROWS, threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            # Slow enough that some are under way when the file is exchanged.
            seen.append(
                store.read(
                    lambda cursor: cursor.execute(
                        "SELECT count(*), count(DISTINCT md5(name || description)) FROM metrics"
                    ).fetchall()
                )
            )

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        _rewrite(store)
    ended.set()
    for reader in readers:
        reader.join()
    assert set(map(str, seen)) == {str([(expected, expected)])}


def test_it_can_be_cancelled(store: Store, path: Path) -> None:
    _add_metrics(store)
    store.checkpoint()
    before, token = path.stat().st_ino, CancelToken()
    with pytest.raises(QueryCancelledError):
        _rewrite(store, token.cancel, token)
    assert path.stat().st_ino == before
    assert not any(file.exists() for file in rewritten_files(path))
    assert len(rows(store, "metrics")) == ROWS


def test_closing_the_store_ends_it(store: Store, path: Path) -> None:
    _add_metrics(store)
    closing = threading.Thread(target=store.close)
    with pytest.raises(QueryCancelledError):
        _rewrite(store, lambda: None if closing.ident else closing.start())
    closing.join()
    again = Store.open(path)
    assert len(rows(again, "metrics")) == ROWS
    again.close()


def test_without_room_it_does_not_begin(store: Store) -> None:
    huge = Occupancy(1 << 60, 0, 0, 1, 1, 1)
    with pytest.raises(DataFolderError, match="MB left"):
        rewriting.rewrite(store, huge, lambda _share: None, CancelToken())
    assert not rewritten_path(store.path).exists()


@pytest.mark.parametrize(
    ("free_mb", "file_mb", "limit_mb", "is_worth_it"),
    [
        (200, 1_000, None, False),
        (300, 1_000, None, True),
        (50, 60, None, False),
        (200, 1_000, 850, True),
        (200, 1_000, 950, False),
    ],
    ids=["a fifth", "a third", "little", "over the limit", "hardly over it"],
)
def test_it_pays_for_a_quarter_of_the_file_or_to_keep_the_limit(
    free_mb: int, file_mb: int, limit_mb: int | None, is_worth_it: bool
) -> None:
    found = Occupancy(file_mb << 20, 0, 0, free_mb << 20, 1_000, 0)
    assert rewriting.pays(found, None if limit_mb is None else limit_mb << 20) == is_worth_it


_REWRITING = """
import sys
from pathlib import Path
from junjo_desktop.store import rewriting
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.occupancy import occupancy_of

store = Store.open(Path(sys.argv[1]))
occupancy = store.read(lambda cursor: occupancy_of(cursor, store.path))
wait = {line: (lambda: (print(line, flush=True), sys.stdin.readline())) for line in sys.argv[2:]}
replace = Path.replace

def stop_before_and_after(self, target):
    wait.get("before the rename", lambda: None)()
    replace(self, target)
    wait.get("after the rename", lambda: None)()

Path.replace = stop_before_and_after
rewriting.rewrite(store, occupancy, lambda share: wait.get("a step", lambda: None)(), CancelToken())
print("done", flush=True)
"""


@pytest.mark.parametrize("point", ["a step", "before the rename", "after the rename"])
def test_killed_at_any_point_one_whole_file_is_in_place(store: Store, path: Path, point: str) -> None:
    Model(store).send([SentSpan(1, 1, "s"), SentLog(1, "s")], lambda: 7)
    _add_metrics(store)
    with store.write() as writer:
        writer.execute("DELETE FROM metrics WHERE received_ns % 2 = 1")
        writer.execute(_COUNT_AGAIN)
    before = _everything(store)
    store.close()
    with start_child(_REWRITING, path, point) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == f"{point}\n"
        child.send_signal(signal.SIGKILL)
    rewriting.discard_leftovers(path)
    again = Store.open(path)
    assert _everything(again) == before
    again.close()
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


def test_killed_at_moments_of_chance_nothing_is_lost(store: Store, path: Path) -> None:
    Model(store).send([SentSpan(1, 1, "s"), SentLog(1, "s")], lambda: 7)
    _add_metrics(store)
    before = _everything(store)
    store.close()
    for tenths in range(1, 7):
        with start_child(_REWRITING, path) as child:
            threading.Timer(0.3 + tenths / 10, child.kill).start()
        rewriting.discard_leftovers(path)
        again = Store.open(path)
        assert _everything(again) == before
        again.close()
