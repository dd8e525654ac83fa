"""A damaged database costs what was in it and nothing else: it is kept, told, and a new one takes what comes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from junjo_desktop.errors import AlreadyRunningError, DamagedDatabaseError, DatabaseError, NewerDatabaseError, UserError
from junjo_desktop.receiver.journal import Journal
from junjo_desktop.store.database import Store
from junjo_desktop.store.failures import damage_mark, log_of
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.schema import known_migrations
from junjo_desktop.store.setting_aside import OpenedStore, open_or_begin_anew
from junjo_desktop.telemetry.intake import Signal
from tests.store.conftest import DRAIN_S
from tests.store.damage import fill, fill_log, flip, spoil_blocks_of
from tests.store.entries import Source
from tests.support.otlp import span, trace_request


@contextmanager
def opened(path: Path) -> Iterator[OpenedStore]:
    found = open_or_begin_anew(path)
    try:
        yield found
    finally:
        found.store.close()


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


def aside(path: Path) -> Path:
    """The one file that was set aside."""
    [found] = [one for one in path.parent.glob(f"{path.name}.damaged-*") if one.suffix != ".wal"]
    return found


def _text(path: Path) -> None:
    path.write_text("These are not the spans you are looking for.\n" * 1000)


def _nothing(path: Path) -> None:
    path.touch()


def _cut_short(path: Path) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[:6_000])


def _headers(path: Path) -> None:
    fill(path)
    flip(path, 4096, 8192)


def _catalog(path: Path) -> None:
    fill(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:12288] + b"\x55" * (len(whole) - 12288))


def _position(path: Path) -> None:
    fill(path)
    spoil_blocks_of(path, "intake_position")


@pytest.mark.parametrize("damage", [_text, _nothing, _cut_short, _headers, _catalog, _position])
def test_a_damaged_database_is_kept_whole_and_a_new_one_made(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    damaged = path.read_bytes()
    with opened(path) as found:
        assert found.notice is not None
        assert str(aside(path)) in found.notice.message
        assert str(path) in found.notice.message
        assert found.notice.hint
        assert aside(path).read_bytes() == damaged
        assert rows(found.store, "SELECT count(*) FROM spans") == [(0,)]
        assert not found.store.damage
    with opened(path) as again:
        assert again.notice is None


def test_a_good_database_is_opened_and_nothing_told(path: Path) -> None:
    fill(path)
    with opened(path) as found:
        assert found.notice is None
        assert rows(found.store, "SELECT count(*) FROM spans") == [(3,)]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_damaged_database_goes_with_its_log_and_the_new_one_replays_nothing(path: Path) -> None:
    fill(path)
    fill_log(path, 2)
    log = log_of(path).read_bytes()
    flip(path, 4096, 8192)
    with opened(path) as found:
        assert rows(found.store, "SELECT count(*) FROM spans") == [(0,)]
    assert log_of(aside(path)).read_bytes() == log


def test_what_the_journal_still_holds_is_stored_in_the_new_database(path: Path, tmp_path: Path) -> None:
    fill(path)
    journal = Journal(tmp_path / "intake.sqlite3")
    for number in range(5):
        journal.append(Signal.TRACES, trace_request(span(f"waiting {number}")).SerializeToString(), 1, 1)
    flip(path, 4096, 8192)
    with opened(path) as found:
        indexer = Indexer(found.store, journal, lambda: None)
        indexer.start()
        assert indexer.drain(DRAIN_S)
        indexer.stop()
        assert rows(found.store, "SELECT name FROM spans ORDER BY name") == [(f"waiting {n}",) for n in range(5)]
    journal.close()


def test_entries_that_the_damaged_database_had_already_are_stored_again_if_they_are_still_there(path: Path) -> None:
    source = Source()
    source.append_spans(span("a"))
    kept = dict(source.entries)
    _index(path, source)
    source.entries = kept  # the end came before the journal was trimmed
    source.append_spans(span("b"))
    flip(path, 4096, 8192)
    _index(path, source)
    with opened(path) as found:
        assert rows(found.store, "SELECT name FROM spans ORDER BY name") == [("a",), ("b",)]
        assert rows(found.store, "SELECT position FROM intake_position") == [(2,)]


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_of_a_damaged_log_everything_before_the_damage_is_kept(path: Path, share: float) -> None:
    fill(path, 3)
    fill_log(path, 5)
    whole = bytearray(log_of(path).read_bytes())
    at = int(len(whole) * share)
    whole[at : at + 8] = bytes(byte ^ 0xFF for byte in whole[at : at + 8])
    log_of(path).write_bytes(whole)
    with opened(path) as found:
        assert found.notice is not None
        [kept] = path.parent.glob(f"{path.name}.damaged-*.wal")
        assert str(kept) in found.notice.message
        assert kept.read_bytes() == whole
        [(in_log,)] = rows(found.store, "SELECT count(*) FROM spans WHERE name LIKE 'in the log'")
        [(position,)] = rows(found.store, "SELECT max(position) FROM intake_position WHERE journal_id = 'of the log'")
        assert in_log == 20 * (position or 0) < 100
        assert in_log >= 20 * int(5 * share - 1)
        assert rows(found.store, "SELECT count(*) FROM spans WHERE name NOT LIKE 'in the log'") == [(3,)]
        assert rows(found.store, "SELECT sum(span_count) FROM traces") == [(3 + in_log,)]


def test_a_log_whose_end_is_zeros_as_after_a_power_cut_costs_only_that_end(path: Path) -> None:
    fill(path)
    fill_log(path, 3)
    with log_of(path).open("ab") as log:
        log.write(bytes(100_000))
    with opened(path) as found:
        assert rows(found.store, "SELECT count(*) FROM spans") == [(63,)]
        assert rows(found.store, "SELECT position FROM intake_position WHERE journal_id = 'of the log'") == [(3,)]


def _newer(path: Path) -> None:
    fill(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (?, 'later', 0)", [known_migrations()[-1].number + 1])


def _of_another_program(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")


@pytest.mark.parametrize(("make", "kind"), [(_newer, NewerDatabaseError), (_of_another_program, DatabaseError)])
def test_what_is_not_damaged_is_never_set_aside(
    path: Path, make: Callable[[Path], None], kind: type[UserError]
) -> None:
    make(path)
    damage_mark(path).touch()
    before = path.read_bytes()
    with pytest.raises(kind):
        open_or_begin_anew(path)
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {path.name, damage_mark(path).name}


def test_a_database_that_another_process_holds_is_never_set_aside(path: Path) -> None:
    fill(path)
    program = f"import duckdb; held = duckdb.connect({str(path)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError):
            open_or_begin_anew(path)
        holder.communicate("\n")
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_database_that_may_not_be_read_is_never_set_aside(path: Path) -> None:
    fill(path)
    path.chmod(0)
    with pytest.raises(UserError):
        open_or_begin_anew(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("table", ["spans", "traces"])
def test_damage_that_a_write_meets_is_told_and_the_next_start_begins_anew(path: Path, table: str) -> None:
    source = Source()
    again = span("again")
    for number in range(300):
        source.append_spans(span(f"{number}"))
    source.append_spans(again)
    _index(path, source)
    spoil_blocks_of(path, table)
    with opened(path) as found:
        assert found.notice is None, "opening does not read every block"
        source.append_spans(again)
        indexer = Indexer(found.store, source, lambda: None)
        indexer.start()
        assert not indexer.drain(1.0)
        assert source.waiting(indexer.position) == 1
        assert "intake journal and is not lost" in (indexer.last_error or "")
        assert source.quarantined == {}
        indexer.stop()
        assert found.store.damage is not None
        assert str(path) in found.store.damage.message
        assert "Start Junjo Desktop again" in found.store.damage.hint
    with opened(path) as anew:
        assert anew.notice is not None
        assert str(aside(path)) in anew.notice.message
        indexer = Indexer(anew.store, source, lambda: None)
        indexer.start()
        assert indexer.drain(DRAIN_S)
        indexer.stop()
        assert rows(anew.store, "SELECT name FROM spans") == [("again",)]
        assert not damage_mark(path).exists()


def test_damage_that_only_a_query_meets_is_told_and_the_database_goes_on(path: Path) -> None:
    source = Source()
    for number in range(300):
        source.append_spans(span(f"{number}"))
    _index(path, source)
    spoil_blocks_of(path, "spans")
    with opened(path) as found:
        with pytest.raises(DamagedDatabaseError, match="part of the database") as told:
            rows(found.store, "SELECT sum(hash(spans)) FROM spans")
        assert found.store.damage is told.value
        assert rows(found.store, "SELECT count(*) FROM traces") == [(300,)]
    with opened(path) as again:
        assert again.notice is None, "one bad block does not take away everything else"


def _index(path: Path, source: Source) -> None:
    with opened(path) as found:
        indexer = Indexer(found.store, source, lambda: None)
        indexer.start()
        assert indexer.drain(DRAIN_S), indexer.last_error
        indexer.stop()
