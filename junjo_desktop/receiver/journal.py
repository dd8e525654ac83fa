"""The intake journal: every acknowledged request, on the disk before its sender is told, until it is indexed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from junjo_desktop.errors import UserError
from junjo_desktop.receiver.journal_error import (
    JournalError,
    JournalFullError,
    closing_error,
    is_journal_damage,
    read_error,
)
from junjo_desktop.receiver.journal_extent import JournalLimits
from junjo_desktop.receiver.journal_file import connect_reader
from junjo_desktop.receiver.journal_group import Submission
from junjo_desktop.receiver.journal_rescue import open_file
from junjo_desktop.receiver.journal_writer import JournalWriter
from junjo_desktop.telemetry.intake import IntakeEntry, Signal

__all__ = ["Journal", "JournalError", "JournalFullError", "JournalLimits"]

T = TypeVar("T")


class Journal:
    """An `IntakeSource` in a SQLite file. Thread-safe. Methods raise `JournalError` when the disk refuses."""

    def __init__(self, path: Path, *, limits: JournalLimits | None = None) -> None:
        """Open or make the file. Raises as `open_file`; a damaged file is set aside, see `notice`."""
        opened = open_file(path)
        self._path = path
        self._journal_id = opened.journal_id
        self._reading = threading.Lock()
        self._reader: sqlite3.Connection | None = None
        self._closed = False
        self._limits = limits or JournalLimits()
        self._writer = JournalWriter(path, opened, self._limits, self._without_readers)

    @property
    def journal_id(self) -> str:
        """Identity of this file; a new file has a new one."""
        return self._journal_id

    @property
    def newest_seq(self) -> int:
        """Position of the newest entry that is committed and still there; 0 when there is none."""
        return self._writer.extent.newest_seq

    @property
    def last_error(self) -> str | None:
        """Why the last write failed; None again after one that did not."""
        return self._writer.last_error

    @property
    def notice(self) -> UserError | None:
        """What the user should be told: that a damaged file was set aside, at the start or later, and where it is."""
        rescue = self._writer.rescue
        return None if rescue is None else rescue.notice

    @property
    def commits(self) -> int:
        """How many commits there were since the start; fewer than requests when senders shared them."""
        return self._writer.commits

    @property
    def queued(self) -> int:
        """How many requests wait for their commit."""
        return self._writer.queued

    @property
    def stored_bytes(self) -> int:
        """The size of all bodies that are not indexed and trimmed yet."""
        return self._writer.extent.stored_bytes

    @property
    def quarantined(self) -> int:
        """How many entries were put aside because they cannot be stored."""
        return self._read(lambda reader: int(reader.execute("SELECT count(*) FROM quarantine").fetchone()[0]))

    @property
    def limits(self) -> JournalLimits:
        """Where it says "later"."""
        return self._limits

    @property
    def is_pressed(self) -> bool:
        """Whether requests come in so fast just now that other work should stand back; costs nothing to ask."""
        return self._writer.is_pressed

    def append(self, signal: Signal, body: bytes, items: int, received_ns: int) -> int:
        """Return the entry's position once it is on the disk. Raises `JournalFullError` when it must be sent later."""
        submission = self._writer.submit(signal, body, items, received_ns)
        if not submission.wait(self._limits.commit_s) and not submission.take_back():
            submission.wait()
        return submission.position()

    def submit(
        self, signal: Signal, body: bytes, items: int, received_ns: int, on_settled: Callable[[], None]
    ) -> Submission:
        """Begin to append, and return at once. Raises as `append`.

        `on_settled` is called on the journal's thread when the position, or the error, is known; it must be quick.
        """
        return self._writer.submit(signal, body, items, received_ns, on_settled)

    def read_after(self, seq: int, max_bytes: int) -> Sequence[IntakeEntry]:
        """Return entries after `seq`, in order, until their bodies reach `max_bytes`; at least one if there is any."""

        def read(reader: sqlite3.Connection) -> list[IntakeEntry]:
            entries: list[IntakeEntry] = []
            size = 0
            with closing(reader.execute(_READ_AFTER, (seq,))) as rows:
                for entry_seq, signal, received_ns, body in rows:
                    entries.append(IntakeEntry(entry_seq, Signal(signal), received_ns, body))
                    size += len(body)
                    if size >= max_bytes:
                        break
            return entries

        return self._read(read)

    def trim(self, up_to: int) -> None:
        """Have entries up to `up_to` deleted, in the background: they are stored elsewhere now."""
        self._writer.trim(up_to)

    def quarantine(self, seq: int, reason: str) -> None:
        """Put an entry that cannot be stored aside, with its reason."""
        self._writer.quarantine(seq, reason)

    def forget_quarantined(self) -> None:
        """Have all that was put aside deleted, and what was trimmed overwritten, in the background."""
        self._writer.forget_quarantined()

    def continue_after(self, seq: int) -> None:
        """Hand out only positions after `seq`: the store has those up to it, and would take new ones for them.

        A journal that was restored from a copy, or has lost its last commits, does not know them.
        """
        self._writer.continue_after(seq)

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until an entry after `seq` is committed, the time is over or the journal is closed; say which."""
        return self._writer.wait(seq, timeout_s)

    def wake(self) -> None:
        """End the `wait` under way, or else the next one, at once."""
        self._writer.wake()

    def waiting(self, seq: int) -> int:
        """Return how many items stand after `seq`."""
        extent = self._writer.extent
        if seq >= extent.newest_seq:
            return 0
        return self._read(lambda reader: int(reader.execute(_WAITING, {"seq": seq}).fetchone()[0]))

    def close(self) -> None:
        """Commit what waits for it and close the file."""
        self._writer.close()
        with self._reading:
            self._closed = True
            self._close_reader()

    def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        with self._reading:
            if self._closed:
                raise closing_error()
            try:
                if self._reader is None:
                    self._reader = connect_reader(self._path)
                return query(self._reader)
            except sqlite3.Error as error:
                self._close_reader()
                if is_journal_damage(error):
                    self._writer.report_damage()  # while nobody can have replaced the file that was read
                raise read_error(error, self._path) from error

    @contextmanager
    def _without_readers(self) -> Iterator[None]:
        """Within the block nobody has the file open for reading, or opens it."""
        with self._reading:
            self._close_reader()
            yield

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


_READ_AFTER = "SELECT seq, signal, received_ns, body FROM entries WHERE seq > ? ORDER BY seq"

# Items after `seq` are those up to the last entry, less those before the first one after `seq`. Entries that were put
# aside in between are still counted in `items_through`, so they are taken off.
_WAITING = """
WITH first AS (SELECT seq, items_through - items AS before FROM entries WHERE seq > :seq ORDER BY seq LIMIT 1),
     last AS (SELECT seq, items_through AS through FROM entries ORDER BY seq DESC LIMIT 1)
SELECT coalesce(
    (SELECT last.through - first.before FROM first, last)
    - (SELECT coalesce(sum(items), 0) FROM quarantine
       WHERE seq > (SELECT seq FROM first) AND seq < (SELECT seq FROM last)),
    0)
"""
