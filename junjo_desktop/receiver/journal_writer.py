"""The one thread that writes to the journal.

Requests that arrive while it commits wait together and are committed together (group commit), so the number of fsyncs
does not grow with the number of senders. Upkeep runs on the same thread, one short step between two commits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from junjo_desktop.receiver.journal_connection import JournalConnection
from junjo_desktop.receiver.journal_error import (
    JournalError,
    backlog_full_error,
    closing_error,
    is_disk_full,
    is_journal_damage,
    queue_full_error,
    slow_disk_error,
    write_error,
)
from junjo_desktop.receiver.journal_extent import (
    Extent,
    JournalLimits,
    read_extent,
    read_newest,
    read_stored_bytes,
    read_trimmed,
)
from junjo_desktop.receiver.journal_group import LONGEST_PAUSE_S, Group, Submission, expected_next
from junjo_desktop.receiver.journal_pressure import Pressure
from junjo_desktop.receiver.journal_rescue import INSERT, OpenedFile, Rescue, begin_anew
from junjo_desktop.receiver.journal_upkeep import KEPT_FREE_BYTES, STEP_BYTES, forget_all, give_space_step, trim_step
from junjo_desktop.telemetry.intake import Signal

logger = logging.getLogger(__name__)

_PUT_ASIDE = (
    "INSERT OR IGNORE INTO quarantine (seq, signal, items, items_through, received_ns, quarantined_ns, reason, body) "
    "SELECT seq, signal, items, items_through, received_ns, ?, ?, body FROM entries WHERE seq = ?"
)
_UPKEEP_AGAIN_S = 1.0
_UPKEEP_AT_CLOSE_S = 2.0


@dataclass(slots=True)
class _Quarantine:
    seq: int
    reason: str
    now_ns: int
    settled: threading.Event = field(default_factory=threading.Event)
    error: JournalError | None = None


class JournalWriter:
    """Owns the write connection and the numbers that change with it. Thread-safe."""

    def __init__(
        self,
        path: Path,
        opened: OpenedFile,
        limits: JournalLimits,
        without_readers: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """For `without_readers` see `JournalConnection`."""
        self._path = path
        self._journal_id = opened.journal_id
        self._connection = JournalConnection(path, opened.writer, without_readers)
        self._limits = limits
        lock = threading.Lock()  # guards what follows
        self._work = threading.Condition(lock)
        self._committed = threading.Condition(lock)
        self._extent = read_extent(opened.writer)
        self._group = Group()
        self._queued = 0
        self._queued_bytes = 0
        self._expected = 1
        self._pressure = Pressure()
        self._commit_since: float | None = None
        self._is_damaged = False
        self._quarantines: list[_Quarantine] = []
        self._trim_to = read_trimmed(opened.writer, self._extent.last_seq)
        self._upkeep_due = True
        self._forget_quarantined = False
        self._upkeep_not_before = 0.0
        self._is_woken = False
        self._closing = False
        self.last_error: str | None = None
        self.rescue: Rescue | None = opened.rescue
        self.commits = 0
        self._thread = threading.Thread(target=self._run, name="intake-journal", daemon=True)
        self._thread.start()

    @property
    def extent(self) -> Extent:
        """The numbers as they are now."""
        with self._work:
            return replace(self._extent)

    @property
    def queued(self) -> int:
        """How many requests wait for a commit, that under way included."""
        with self._work:
            return self._queued

    @property
    def is_pressed(self) -> bool:
        """Whether requests come in so fast that other work should stand back."""
        return self._pressure.is_high

    def submit(
        self, signal: Signal, body: bytes, items: int, received_ns: int, on_settled: Callable[[], None] | None = None
    ) -> Submission:
        """Have the request committed soon. Raises `JournalFullError`, `JournalError`.

        `on_settled` is called on the thread that commits: it must be quick.
        """
        with self._work:
            self._refuse_when_full(len(body))
            group, index = self._group, len(self._group.requests)
            group.requests.append((signal, body, items, received_ns))
            if on_settled is not None:
                group.on_settled.append(on_settled)
            group.queued_bytes += len(body)
            self._queued_bytes += len(body)
            self._queued += 1
            self._pressure.note(len(body))
            if index == 0 or group.is_worth_a_commit(self._expected):  # in between there is nothing to do about it
                self._work.notify()
        return Submission(group, index, self._take_back)

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

    def forget_quarantined(self) -> None:
        """Have all that was put aside deleted soon, and what was trimmed overwritten."""
        with self._work:
            self._forget_quarantined = self._upkeep_due = True
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

    def continue_after(self, seq: int) -> None:
        """Hand out only positions after `seq`."""
        with self._work:
            self._extent.last_seq = max(self._extent.last_seq, seq)

    def report_damage(self) -> None:
        """Have the file replaced: a reader has found it damaged."""
        with self._work:
            self._is_damaged = True
            self._work.notify()

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
        if self._commit_since is not None and time.monotonic() - self._commit_since > self._limits.commit_s:
            raise slow_disk_error(self._path, self._limits.commit_s)

    def _take_back(self, group: Group, index: int) -> JournalError | None:
        """Refuse a request that waits behind a slow commit; not one that is being written: it may be on the disk."""
        with self._work:
            request = group.requests[index] if group is self._group else None
            if request is None:
                return None
            group.requests[index] = None
            group.queued_bytes -= len(request[1])
            self._queued_bytes -= len(request[1])
            self._queued -= 1
        return slow_disk_error(self._path, self._limits.commit_s)

    def _refuse_when_closing(self) -> None:
        if self._closing:
            raise closing_error()

    def _run(self) -> None:
        while True:
            with self._work:
                self._work.wait_for(self._has_work, self._pause_s())
                if self._group.requests:
                    self._work.wait_for(self._is_gathered, LONGEST_PAUSE_S)
                    self._expected = expected_next(self._expected, len(self._group.requests))
                self._commit_since = time.monotonic() if self._group.requests else None
                group, self._group = self._group, Group()
                quarantines, self._quarantines = self._quarantines, []
                if self._closing and not group.requests and not quarantines:
                    break
            if self._is_damaged:
                self._try_to_begin_anew()
            if group.requests:
                self._commit(group)
            for request in quarantines:
                self._put_aside(request)
            if self._pause_s() == 0:
                self._keep_up(group.queued_bytes)
        self._finish()

    def _has_work(self) -> bool:
        is_asked = self._group.requests or self._quarantines or self._is_damaged or self._closing
        return bool(is_asked) or self._pause_s() == 0

    def _is_gathered(self) -> bool:
        return self._closing or self._group.is_worth_a_commit(self._expected)

    def _pause_s(self) -> float | None:
        return max(0.0, self._upkeep_not_before - time.monotonic()) if self._upkeep_due else None

    def _commit(self, group: Group) -> None:
        extent = self.extent
        try:
            first_seq = self._insert(group, extent)
        except Exception as error:  # whatever it is, every sender must get its answer
            group.error = self._trouble(error)
        with self._committed:
            self._commit_since = None
            self._queued_bytes -= group.queued_bytes
            self._queued -= sum(request is not None for request in group.requests)
            if group.error is None:
                self.last_error = None
                self.commits += 1
                group.first_seq = first_seq
                self._extent = extent
                self._committed.notify_all()
        group.settle()

    def _insert(self, group: Group, extent: Extent) -> int:
        """Put the requests on the disk and add them to `extent`; return the position of the first."""
        try:
            return self._insert_once(group, extent)
        except sqlite3.Error as error:
            if not is_journal_damage(error):
                raise
            self._begin_anew()
            found = self.extent
            extent.last_seq, extent.newest_seq = found.last_seq, found.newest_seq
            extent.items_through, extent.stored_bytes = found.items_through, found.stored_bytes
            return self._insert_once(group, extent)

    def _insert_once(self, group: Group, extent: Extent) -> int:
        first_seq = extent.last_seq + 1
        items_through = extent.items_through
        rows = []
        for seq, request in enumerate(group.requests, first_seq):
            if request is not None:
                signal, body, items, received_ns = request
                items_through += items
                rows.append((seq, int(signal), items, items_through, received_ns, body))
        if rows:
            with self._connection.transaction() as connection:
                connection.executemany(INSERT, rows)
            extent.last_seq = extent.newest_seq = rows[-1][0]
            extent.items_through = items_through
            extent.stored_bytes += group.queued_bytes
        return first_seq

    def _try_to_begin_anew(self) -> None:
        try:
            self._begin_anew()
        except Exception as error:  # the next reader or writer reports it again
            self._trouble(error)
            self._is_damaged = False

    def _begin_anew(self) -> None:
        """Replace the damaged file: acknowledging goes on, and what the old one had is still handed to the indexer."""
        extent = self.extent
        with self._connection.replacing():
            self.rescue = begin_anew(
                self._path, journal_id=self._journal_id, last_seq=extent.last_seq, trimmed_to=self._trim_to
            )
            self._is_damaged = False
        found = read_extent(self._connection.get())
        with self._committed:
            self._extent = found
            self._committed.notify_all()

    def _put_aside(self, request: _Quarantine) -> None:
        try:
            with self._connection.transaction() as connection:
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
            connection = self._connection.get()
            # A step as large as what was just committed keeps pace with any load.
            freed, trimmed = trim_step(connection, trim_to, max(STEP_BYTES, committed_bytes))
            # While much waits behind what was trimmed, that lies at the end of the file and would have to be moved.
            is_small = self.extent.stored_bytes - freed <= KEPT_FREE_BYTES
            if trimmed and is_small and self._forget_quarantined:
                self._forget_quarantined = not forget_all(connection)
            more = not trimmed or self._forget_quarantined or (is_small and give_space_step(connection))
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
        self._connection.close()

    def _trouble(self, error: Exception) -> JournalError:
        if isinstance(error, sqlite3.Error) and not is_disk_full(error) and self._connection.is_open:
            # After an I/O error the connection's idea of the file may be wrong; a new one reads it again. (Not when the
            # file is gone: while it is held open, no other file can get its number.)
            self._connection.close()
            self._is_damaged = self._is_damaged or is_journal_damage(error)
        trouble = write_error(error, self._path)
        if not isinstance(error, sqlite3.Error | OSError):
            logger.error("the intake journal's writer failed", exc_info=error)
        elif trouble.message != self.last_error:  # senders try again, and would fill the log with it
            logger.warning("%s", trouble.message)
        self.last_error = trouble.message
        return trouble
