"""The one thread that writes to the journal.

Requests that arrive while it commits wait together and are committed together (group commit), so the number of fsyncs
does not grow with the number of senders. Upkeep runs on the same thread, one short step between two commits.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from junjo_desktop.receiver.journal_error import (
    JournalError,
    backlog_full_error,
    closing_error,
    is_disk_full,
    queue_full_error,
    write_error,
)
from junjo_desktop.receiver.journal_file import connect_writer
from junjo_desktop.receiver.journal_upkeep import STEP_BYTES, give_space_step, trim_step
from junjo_desktop.telemetry.intake import Signal

logger = logging.getLogger(__name__)

_INSERT = "INSERT INTO entries (seq, signal, items, items_through, received_ns, body) VALUES (?, ?, ?, ?, ?, ?)"
_PUT_ASIDE = (
    "INSERT OR IGNORE INTO quarantine (seq, signal, items, items_through, received_ns, quarantined_ns, reason, body) "
    "SELECT seq, signal, items, items_through, received_ns, ?, ?, body FROM entries WHERE seq = ?"
)
_UPKEEP_AGAIN_S = 1.0
_UPKEEP_AT_CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """Where the journal says "later": bytes in memory before their commit, bytes on disk before they are indexed."""

    queued_bytes: int = 256 << 20
    stored_bytes: int = 4 << 30


@dataclass(slots=True)
class Extent:
    """What the journal holds: positions of the newest entry ever and of the newest still there, items ever, bytes."""

    last_seq: int
    newest_seq: int
    items_through: int
    stored_bytes: int


@dataclass(slots=True)
class _Group:
    """Requests that are committed together. `first_seq` or `error` is set before `settled`."""

    requests: list[tuple[Signal, bytes, int, int]] = field(default_factory=list)
    queued_bytes: int = 0
    settled: threading.Event = field(default_factory=threading.Event)
    first_seq: int = 0
    error: JournalError | None = None


@dataclass(slots=True)
class _Quarantine:
    seq: int
    reason: str
    now_ns: int
    settled: threading.Event = field(default_factory=threading.Event)
    error: JournalError | None = None


class JournalWriter:
    """Owns the write connection and the numbers that change with it. Thread-safe."""

    def __init__(self, path: Path, connection: sqlite3.Connection, extent: Extent, limits: JournalLimits) -> None:
        self._path = path
        self._inode = path.stat().st_ino
        self._connection: sqlite3.Connection | None = connection
        self._limits = limits
        lock = threading.Lock()  # guards what follows
        self._work = threading.Condition(lock)
        self._committed = threading.Condition(lock)
        self._extent = extent
        self._group = _Group()
        self._queued_bytes = 0
        self._quarantines: list[_Quarantine] = []
        self._trim_to = 0
        self._upkeep_due = True
        self._upkeep_not_before = 0.0
        self._is_woken = False
        self._closing = False
        self.last_error: str | None = None
        self.commits = 0
        self._thread = threading.Thread(target=self._run, name="intake-journal", daemon=True)
        self._thread.start()

    @property
    def extent(self) -> Extent:
        """The numbers as they are now."""
        with self._work:
            return replace(self._extent)

    def append(self, signal: Signal, body: bytes, items: int, received_ns: int) -> int:
        """Return the entry's position once it is on the disk. Raises `JournalFullError`, `JournalError`."""
        with self._work:
            self._refuse_when_full(len(body))
            group, index = self._group, len(self._group.requests)
            group.requests.append((signal, body, items, received_ns))
            group.queued_bytes += len(body)
            self._queued_bytes += len(body)
            self._work.notify()
        group.settled.wait()
        if group.error is not None:
            raise JournalError(group.error.message, group.error.hint)
        return group.first_seq + index

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until there is an entry after `seq`, the time is over, or somebody wakes or closes; say which."""
        with self._committed:
            self._committed.wait_for(
                lambda: self._extent.newest_seq > seq or self._is_woken or self._closing, timeout_s
            )
            self._is_woken = False
            return self._extent.newest_seq > seq

    def wake(self) -> None:
        """End the wait under way, or else the next one."""
        with self._committed:
            self._is_woken = True
            self._committed.notify_all()

    def trim(self, up_to: int) -> None:
        """Have the entries up to `up_to` deleted soon."""
        with self._work:
            self._trim_to = max(self._trim_to, up_to)
            self._upkeep_due = True
            self._work.notify()

    def quarantine(self, seq: int, reason: str) -> None:
        """Move an entry to the quarantine; it is there when this returns."""
        request = _Quarantine(seq, reason, time.time_ns())
        with self._work:
            self._refuse_when_closing()
            self._quarantines.append(request)
            self._work.notify()
        request.settled.wait()
        if request.error is not None:
            raise request.error

    def close(self) -> None:
        """Commit what waits, tidy up for a moment, and close the file. Later appends are refused."""
        with self._work:
            self._closing = True
            self._work.notify()
            self._committed.notify_all()
        self._thread.join()

    def _refuse_when_full(self, size: int) -> None:
        self._refuse_when_closing()
        if self._queued_bytes and self._queued_bytes + size > self._limits.queued_bytes:
            raise queue_full_error(self._queued_bytes)
        if self._extent.stored_bytes + self._queued_bytes > self._limits.stored_bytes:
            raise backlog_full_error(self._extent.stored_bytes)

    def _refuse_when_closing(self) -> None:
        if self._closing:
            raise closing_error()

    def _run(self) -> None:
        while True:
            with self._work:
                self._work.wait_for(self._has_work, self._pause_s())
                group, self._group = self._group, _Group()
                quarantines, self._quarantines = self._quarantines, []
                if self._closing and not group.requests and not quarantines:
                    break
            if group.requests:
                self._commit(group)
            for request in quarantines:
                self._put_aside(request)
            if self._pause_s() == 0:
                self._keep_up(group.queued_bytes)
        self._finish()

    def _has_work(self) -> bool:
        return bool(self._group.requests or self._quarantines or self._closing) or self._pause_s() == 0

    def _pause_s(self) -> float | None:
        return max(0.0, self._upkeep_not_before - time.monotonic()) if self._upkeep_due else None

    def _commit(self, group: _Group) -> None:
        extent = self.extent
        first_seq = extent.last_seq + 1
        rows = []
        for seq, (signal, body, items, received_ns) in enumerate(group.requests, first_seq):
            extent.items_through += items
            rows.append((seq, int(signal), items, extent.items_through, received_ns, body))
        try:
            with self._transaction() as connection:
                connection.executemany(_INSERT, rows)
        except Exception as error:  # whatever it is, every sender must get its answer
            group.error = self._trouble(error)
        with self._committed:
            self._queued_bytes -= group.queued_bytes
            if group.error is None:
                self.last_error = None
                self.commits += 1
                group.first_seq = first_seq
                extent.last_seq = extent.newest_seq = rows[-1][0]
                extent.stored_bytes += group.queued_bytes
                self._extent = extent
                self._committed.notify_all()
        group.settled.set()

    def _put_aside(self, request: _Quarantine) -> None:
        try:
            with self._transaction() as connection:
                connection.execute(_PUT_ASIDE, (request.now_ns, request.reason, request.seq))
                connection.execute("DELETE FROM entries WHERE seq = ?", (request.seq,))
                newest_seq, stored_bytes = read_newest(connection), read_stored_bytes(connection)
            with self._work:
                self._extent.newest_seq, self._extent.stored_bytes = newest_seq, stored_bytes
        except Exception as error:  # the indexer's thread waits for the answer
            request.error = self._trouble(error)
        request.settled.set()

    def _keep_up(self, committed_bytes: int) -> None:
        with self._work:
            trim_to, self._upkeep_due = self._trim_to, False
        freed = 0
        try:
            connection = self._connected()
            # A step as large as what was just committed keeps pace with any load.
            freed, trimmed = trim_step(connection, trim_to, max(STEP_BYTES, committed_bytes))
            more = not trimmed or give_space_step(connection)
        except Exception as error:  # upkeep must not end the thread that acknowledges
            self._trouble(error)
            self._upkeep_not_before = time.monotonic() + _UPKEEP_AGAIN_S
            more = True
        with self._work:
            self._extent.stored_bytes -= freed
            self._upkeep_due = self._upkeep_due or more

    def _finish(self) -> None:
        end = time.monotonic() + _UPKEEP_AT_CLOSE_S
        while self._upkeep_due and self._pause_s() == 0 and time.monotonic() < end:
            self._keep_up(0)
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _connected(self) -> sqlite3.Connection:
        # SQLite would go on writing into a deleted file, and every acknowledgement would be a lie.
        if self._path.stat().st_ino != self._inode:
            raise OSError(errno.ENOENT, "another file was put in its place")
        if self._connection is None:
            self._connection = connect_writer(self._path)
        return self._connection

    def _trouble(self, error: Exception) -> JournalError:
        if isinstance(error, sqlite3.Error) and not is_disk_full(error) and self._connection is not None:
            # After an I/O error the connection's idea of the file may be wrong; a new one reads it again. (Not when the
            # file is gone: while it is held open, no other file can get its number.)
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        trouble = write_error(error, self._path)
        if not isinstance(error, sqlite3.Error | OSError):
            logger.error("the intake journal's writer failed", exc_info=error)
        elif trouble.message != self.last_error:  # senders try again, and would fill the log with it
            logger.warning("%s", trouble.message)
        self.last_error = trouble.message
        return trouble


def read_newest(connection: sqlite3.Connection) -> int:
    """Return the position of the newest entry that is still there, or 0."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM entries").fetchone()[0])


def read_stored_bytes(connection: sqlite3.Connection) -> int:
    """Return the size of all bodies."""
    return int(connection.execute("SELECT coalesce(sum(length(body)), 0) FROM entries").fetchone()[0])
