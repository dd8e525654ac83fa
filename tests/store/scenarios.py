"""What happens in a process of its own: files that may not grow (a full disk that needs no rights), and a sudden end.

Each function is run by `run_scenario`; its assertions fail that process.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from junjo_desktop.errors import DataFolderError, UserError
from junjo_desktop.store import opening
from junjo_desktop.store.batch import Batch, Position
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.writer import BatchWriter
from tests.store.entries import Source
from tests.support.otlp import span

PATIENCE_S = 60.0
_ROOT = Path(__file__).parents[2]
_CALL = f"import sys, pathlib, {__name__} as scenarios; getattr(scenarios, sys.argv[1])(pathlib.Path(sys.argv[2]))"


def run_scenario(scenario: Callable[[Path], None], path: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the functions below on the database at `path`."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _CALL, scenario.__name__, str(path)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def limit_files(size: int = resource.RLIM_INFINITY) -> None:
    """Let no file of this process grow beyond `size` bytes; without it, lift the limit."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class Run:
    """A store with an indexer and a source of noise, and how many spans were sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store.open(path)
        self.source = Source()
        self.indexer = Indexer(self.store, self.source, lambda: None)
        self.indexer.start()
        self.sent = 0

    def send(self, requests: int, spans: int = 20) -> None:
        for _ in range(requests):
            noise = (span(attributes={"noise": os.urandom(2000).hex()}) for _ in range(spans))
            self.source.append_spans(*noise)
            self.sent += spans

    def wait_for(self, condition: Callable[[], object]) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < give_up, self.indexer.last_error
            time.sleep(0.02)

    def drain(self) -> None:
        assert self.indexer.drain(PATIENCE_S), self.indexer.last_error

    def check_stored_once_and_close(self) -> None:
        self.drain()
        self.wait_for(lambda: self.indexer.last_error is None)
        query = """
            SELECT count(*), count(DISTINCT trace_id || span_id), (SELECT sum(span_count) FROM traces),
                   (SELECT sum(replaced_count) FROM traces)
            FROM spans
        """
        found = self.store.read(lambda cursor: cursor.execute(query).fetchall())
        assert found == [(self.sent, self.sent, self.sent, 0)], found
        assert not self.source.quarantined
        self.indexer.stop()
        self.store.close()


def refuse_writes_for_a_while(path: Path) -> None:
    """The write-ahead log cannot grow: commits fail."""
    run = Run(path)
    run.send(3)
    run.drain()
    limit_files(1_000_000)
    run.send(30)
    run.wait_for(lambda: run.indexer.last_error)
    print(run.indexer.last_error)
    assert not run.source.quarantined
    assert run.source.waiting(run.indexer.position) > 0
    limit_files()
    run.check_stored_once_and_close()


def refuse_checkpoints_for_a_while(path: Path) -> None:
    """The database file cannot grow: commits succeed, checkpoints behind them fail, DuckDB gives the database up."""
    opening._SETTINGS["checkpoint_threshold"] = "1MB"
    run = Run(path)
    run.send(100)
    run.drain()
    limit_files(path.stat().st_size + 500_000)
    told: set[str] = set()
    for _ in range(10):
        run.send(12)
        run.indexer.drain(0.3)
        told.add(run.indexer.last_error or "")
    print("\n".join(told))
    limit_files()
    run.check_stored_once_and_close()


def read_after_a_failed_checkpoint(path: Path) -> None:
    """The next read finds the database given up, and what was committed is there."""
    opening._SETTINGS["checkpoint_threshold"] = "1MB"
    store = Store.open(path)
    with store.write() as writer:
        writer.execute("CREATE TABLE noise AS SELECT hash(i * random()) AS a FROM range(1_000_000) t(i)")
    limit_files(path.stat().st_size + 100_000)
    committed = 1_000_000
    try:
        while committed < 2_000_000:
            with store.write() as writer:
                # Fewer than a row group has: more would be written to the file before the commit.
                writer.execute("INSERT INTO noise SELECT hash(i * random()) FROM range(10_000) t(i)")
            committed += 10_000
    except UserError as error:
        print(error.message)
    limit_files()
    [(stored,)] = store.read(lambda cursor: cursor.execute("SELECT count(*) FROM noise").fetchall())
    # The commit itself may have succeeded.
    assert stored in {committed, committed + 10_000}, (stored, committed)
    with store.write() as writer:
        writer.execute("INSERT INTO noise VALUES (1)")
    store.close()


def open_on_a_full_disk(path: Path) -> None:
    """There is no room for a new file."""
    limit_files(20_000)
    try:
        Store.open(path)
    except DataFolderError as error:
        print(error.message)


def commit_and_die(path: Path) -> None:
    """The process ends in the middle of its work, with a commit that only the write-ahead log holds."""
    store = Store.open(path)
    BatchWriter(store, "journal").write(Batch(position=Position(42)))
    os._exit(9)
