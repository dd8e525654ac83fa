"""A rebuild may end at any point, and others may write at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from junjo_desktop.store import rebuild as rebuild_module
from junjo_desktop.store import rebuild_executions, rebuild_services, rebuild_spans, rebuild_traces
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.copying import ChangedMeanwhileError
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import Selection, delete
from junjo_desktop.store.derivation import Position, Step, derivation_of, save
from junjo_desktop.store.occupancy import occupancy_of
from junjo_desktop.store.rebuild import rebuild
from junjo_desktop.store.rebuild_spans import read_portion, write_changes
from junjo_desktop.store.rewriting import rewrite
from tests.store.derivable import (
    RECEIVED_NS,
    contents,
    disagreements,
    execute,
    ingest,
    ingesting,
    send,
    workflow,
)
from tests.store.entries import Source

ROOT = Path(__file__).parents[2]
# Derived data as an older version could have left it: the rows that say when something was received are there.
OUTDATED = (
    "UPDATE spans SET span_type = 'span', junjo_span_type = NULL, llm_model = name, input_tokens = NULL",
    "UPDATE spans SET is_error = false",
    "UPDATE traces SET span_type = 'span', llm_count = 0, workflow_count = 0, error_count = 0, input_tokens = NULL",
    "UPDATE executions SET name = 'wrong', span_id = NULL WHERE trace_id < '00000000000000000000000000000010'",
    "DELETE FROM executions WHERE trace_id > '00000000000000000000000000000018'",
    "UPDATE services SET error_count = 0",
)


def small_portions() -> None:
    """Let every loop of a rebuild turn more than once; for good, in a process of its own."""
    rebuild_module._FIRST_PORTION = 16
    rebuild_module._CHANGED_TRACES = 4
    rebuild_module._TRACES_OF_CHANGED_SPANS = 4
    rebuild_module._RECORD_S = 0.0
    rebuild_spans.MOST_ROWS = 16
    rebuild_traces.SPANS_A_PART = 40
    rebuild_executions._TRACES_AT_ONCE = 10
    rebuild_executions._TRACES_READ = 4


@pytest.fixture
def outdated(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of which all derived data is wrong."""
    for module, name in (
        (rebuild_module, "_FIRST_PORTION"),
        (rebuild_module, "_CHANGED_TRACES"),
        (rebuild_module, "_TRACES_OF_CHANGED_SPANS"),
        (rebuild_module, "_RECORD_S"),
        (rebuild_spans, "MOST_ROWS"),
        (rebuild_traces, "SPANS_A_PART"),
        (rebuild_executions, "_TRACES_AT_ONCE"),
        (rebuild_executions, "_TRACES_READ"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))  # put back at the end
    small_portions()
    source = Source()
    send(source)
    with ingesting(store, source):
        pass
    execute(store, *OUTDATED)
    return store


def test_stopped_after_every_step_it_comes_to_the_same_end(outdated: Store, tmp_path: Path) -> None:
    seen: list[Position] = []
    for number in range(500):
        token = CancelToken()

        def stop(position: Position, token: CancelToken = token) -> None:
            seen.append(position)
            token.cancel()

        result = rebuild(outdated, stop, token)
        if result.is_finished:
            break
        assert result.is_resumed == (number > 0)
        assert outdated.read(derivation_of).rebuild == result.position
    assert result.is_finished
    assert len(seen) > 10
    assert {position.step for position in seen} == {Step.SPANS, Step.TRACES, Step.EXECUTIONS, Step.SERVICES}
    rows = [position.below_row for position in seen if position.step is Step.SPANS]
    assert rows == sorted(rows, reverse=True)
    assert (result.position.spans, result.position.spans_changed) == (124, 124)
    assert contents(outdated) == ingest(tmp_path / "fresh.duckdb")


def test_it_can_begin_anew(outdated: Store) -> None:
    token = CancelToken()
    assert not rebuild(outdated, lambda position: token.cancel() if position.spans else None, token).is_finished
    result = rebuild(outdated, restart=True)
    assert not result.is_resumed
    assert result.position.spans == 124


def die_while_rebuilding(path: Path, saved: int) -> None:
    """Rebuild, and be killed in the middle of a transaction, just before or after position `saved` is recorded."""
    small_portions()
    count = 0

    def save_and_die(writer: DuckDBPyConnection, position: Position) -> None:
        nonlocal count
        count += 1
        if count == saved and saved % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        save(writer, position)
        if count == saved:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(rebuild_module, "save", save_and_die)  # noqa: B010 - it is imported there, not defined
    rebuild(Store.open(path))


def test_killed_again_and_again_it_comes_to_the_same_end(outdated: Store, path: Path, tmp_path: Path) -> None:
    outdated.close()
    call = f"import sys, pathlib, {__name__} as t; t.die_while_rebuilding(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
    statuses: list[int] = []
    spans_read = [0]
    while 0 not in statuses:
        dying = subprocess.run([sys.executable, "-c", call, path, str(5 + len(statuses))], cwd=ROOT, check=False)
        statuses.append(dying.returncode)
        store = Store.open(path)
        position = store.read(derivation_of).rebuild
        if position is not None:
            assert position.spans >= spans_read[-1]
            spans_read.append(position.spans)
        store.close()
    assert statuses[:3] == [-signal.SIGKILL] * 3
    assert spans_read[1] > 0
    store = Store.open(path)
    assert contents(store) == ingest(tmp_path / "fresh.duckdb")
    assert store.read(derivation_of).rebuild is None
    store.close()


def _others_while_rebuilding(store: Store, act: Callable[[int], None]) -> None:
    """Rebuild, and let another thread act once a portion, at the same time as the next one."""
    portions = threading.Semaphore(0)
    done = threading.Event()

    def others() -> None:
        for number in range(40):
            portions.acquire()
            if done.is_set():
                return
            act(number)

    thread = threading.Thread(target=others)
    thread.start()
    try:
        assert rebuild(store, lambda _position: portions.release()).is_finished
    finally:
        done.set()
        portions.release()
        thread.join()


def test_what_arrives_meanwhile_stays_right(outdated: Store, tmp_path: Path) -> None:
    source = Source("later")
    sent = []

    def arrive(number: int) -> None:
        at = RECEIVED_NS + 10**9 + number
        new = workflow(200 + number)
        more = workflow(1 + number % 30, calls=5)[-1]  # for a trace that is stored
        again = workflow(1 + number % 30)[0]
        again.name = f"again {number}"
        sent.append((at, new, more, again))
        source.append_spans(*new, service="late", received_ns=at)
        source.append_spans(more, again, service=f"shop-{number % 2}", received_ns=at)

    with ingesting(outdated, source) as indexer:
        _others_while_rebuilding(outdated, arrive)
        assert indexer.drain(60)
    assert disagreements_but_for_history(outdated) == []
    fresh, again = Store.open(tmp_path / "fresh.duckdb"), Source()
    send(again)
    with ingesting(fresh, again):
        pass
    later = Source("later")
    for at, new, more, resent in sent:
        later.append_spans(*new, service="late", received_ns=at)
        later.append_spans(more, resent, service=f"shop-{(at - RECEIVED_NS - 10**9) % 2}", received_ns=at)
    with ingesting(fresh, later):
        pass
    assert contents(outdated) == contents(fresh)
    fresh.close()


def disagreements_but_for_history(store: Store) -> list[object]:
    """As `disagreements`; the time at which a service was first heard of may lie before that of its stored spans."""
    counted = store.read(rebuild_services.count_services)
    return [found for found in disagreements(store) if found not in counted]


def test_a_row_that_went_or_moved_since_it_was_read_is_not_written(outdated: Store) -> None:
    portion = outdated.read(partial(read_portion, below_row=64, rows=32))
    assert len(portion.changes) == 32
    gone, moved = portion.changes[3], portion.changes[5]
    execute(outdated, f"DELETE FROM spans WHERE rowid = {gone.row_id}")  # noqa: S608 - the number of a row
    changes = [one if one is not moved else moved._replace(row_id=1) for one in portion.changes]
    with outdated.write() as writer:
        assert write_changes(writer, changes)[0] == 30
    assert rebuild(outdated).is_finished
    assert disagreements(outdated) == []


def test_deleting_meanwhile_and_giving_the_space_back_does_no_harm(outdated: Store, tmp_path: Path) -> None:
    fresh = Store.open(tmp_path / "fresh.duckdb")
    source = Source()
    send(source)
    with ingesting(fresh, source):
        pass

    def remove(number: int) -> None:
        trace_id = f"{2 + number:032x}"
        if number < 25:
            delete(outdated, Selection(trace_ids=(trace_id,)))
        if number % 5 == 4:
            occupancy = outdated.read(lambda cursor: occupancy_of(cursor, outdated.path))
            with suppress(ChangedMeanwhileError):  # the rebuild wrote; giving space back can wait
                rewrite(outdated, occupancy, lambda _share: None, CancelToken())

    _others_while_rebuilding(outdated, remove)
    for number in range(25):
        delete(fresh, Selection(trace_ids=(f"{2 + number:032x}",)))
        delete(outdated, Selection(trace_ids=(f"{2 + number:032x}",)))
    assert contents(outdated) == contents(fresh)
    fresh.close()
