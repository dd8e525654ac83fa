"""Moves what the journal holds into the store: one thread, woken by the journal, each entry exactly once.

The position in the journal is committed in the same transaction as the rows. After a crash at any point the position
in the store says where to go on; entries before it that the journal still holds are trimmed, not stored again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import duckdb

from junjo_desktop.errors import JunjoDesktopError, UserError
from junjo_desktop.store.batch import Batch
from junjo_desktop.store.database import Store
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.decode import DecodedBatch, decode
from junjo_desktop.telemetry.intake import IntakeEntry, IntakeSource

_Decoded: TypeAlias = tuple[IntakeEntry, DecodedBatch]

logger = logging.getLogger(__name__)

BATCH_ROWS = 8_192
READ_BYTES = 8 << 20
# A lone request is stored at once; while requests keep coming, batches start this far apart.
PACE_S = 0.1
# Senders that never pause do not keep the first rows of a batch waiting longer.
LINGER_S = 0.2
# Data and `stop` wake the thread at once, so an idle one sleeps.
_SLEEP_S = 60.0
_ERRORS_OF_DATA = (
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.InvalidInputException,
    duckdb.NotSupportedError,
)
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0


class Indexer:
    """Stores the entries of one journal. `on_stored` is called on its thread after every commit.

    What the environment refuses (disk full, damaged file) is tried again with growing pauses, and `last_error` says it;
    nothing is trimmed before it is stored. An entry that cannot be stored by itself is quarantined with its reason.
    """

    def __init__(self, store: Store, source: IntakeSource, on_stored: Callable[[], None]) -> None:
        self._writer = BatchWriter(store, source.journal_id)
        self._source = source
        self._on_stored = on_stored
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._stopping = threading.Event()
        self._progress = threading.Condition()  # guards everything below
        self._position = 0
        self._position_is_sure = False
        self._stored_until_ns = 0  # everything that was received by then is stored
        self._quarantined = 0
        self._last_error: str | None = None
        self._last_start = 0.0

    @property
    def position(self) -> int:
        """How far the journal is stored, as far as known; 0 before `start` has looked."""
        return self._position

    @property
    def waiting(self) -> int:
        """Items that are acknowledged and not stored yet."""
        return self._source.waiting(self._position)

    @property
    def quarantined(self) -> int:
        """Entries put aside since the start."""
        return self._quarantined

    @property
    def last_error(self) -> str | None:
        """What keeps entries from being stored at the moment, in a sentence for the user."""
        return self._last_error

    def start(self) -> None:
        """Begin to store, at the position where an earlier run has stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch under way and end the thread. What is left stays in the journal.

        `on_stored` may call it, too; then it does not wait.
        """
        self._stopping.set()
        self._source.wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def drain(self, timeout_s: float) -> bool:
        """Wait until all that is now in the source is stored; say whether it is."""
        now = time.time_ns()

        def reached() -> bool:
            # Under a steady stream the source is never empty, but what came later shows that this is stored.
            return self._stored_until_ns >= now or self._source.waiting(self._position) == 0

        with self._progress:
            return self._progress.wait_for(reached, timeout_s)

    def _run(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                self._step()
                pause = _FIRST_PAUSE_S
            except Exception as error:
                # Nothing is lost, whatever it is, and the next try may succeed.
                self._fail(error)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _step(self) -> None:
        """Store what waits, or wait for something to store."""
        self._resume()
        if not self._source.wait(self._position, 0):
            self._last_error = None
            if self._stopping.is_set() or not self._source.wait(self._position, _SLEEP_S):
                return
        self._stopping.wait(self._last_start + PACE_S - time.monotonic())
        self._last_start = time.monotonic()
        for group in self._groups(self._position):
            self._commit(group)
            if self._stopping.is_set():
                return

    def _resume(self) -> None:
        """Ask the store for the position: after a failure too, because the commit may have succeeded."""
        if not self._position_is_sure:
            position = self._writer.position()
            self._source.trim(position)
            self._position, self._position_is_sure = position, True

    def _groups(self, position: int) -> Iterator[list[_Decoded]]:
        """Yield what waits behind `position`, decoded, in portions that are worth a commit."""
        group: list[_Decoded] = []
        rows = 0
        due = time.monotonic() + LINGER_S
        while entries := self._source.read_after(position, READ_BYTES):
            for entry in entries:
                group.append((entry, self._decode(entry)))
                rows += _size(group[-1][1])
                if rows >= BATCH_ROWS or time.monotonic() > due:
                    yield group
                    group, rows, due = [], 0, time.monotonic() + LINGER_S
            position = entries[-1].seq
        if group:
            yield group

    def _decode(self, entry: IntakeEntry) -> DecodedBatch:
        try:
            return decode(entry)
        except Exception as error:
            # It was acknowledged, so what fails here is a bug of ours, whatever its type.
            self._put_aside(entry, error)
            return DecodedBatch()

    def _commit(self, group: Sequence[_Decoded]) -> None:
        batch = Batch()
        for entry, decoded in group:
            batch.add(entry.seq, decoded)
        try:
            self._writer.write(batch)
        except Exception as error:
            if not _is_of_the_data(error):
                raise
            if len(group) > 1:
                logger.warning("%d requests cannot be stored together (%r); trying one by one", len(group), error)
                for one in group:
                    self._commit([one])
                return
            self._put_aside(group[0][0], error)
            self._writer.write(Batch(last_seq=batch.last_seq))
        self._source.trim(batch.last_seq)
        with self._progress:
            self._position = batch.last_seq
            self._stored_until_ns = max(self._stored_until_ns, group[-1][0].received_ns - 1)
            self._last_error = None
            self._progress.notify_all()
        self._announce()

    def _put_aside(self, entry: IntakeEntry, error: Exception) -> None:
        """Quarantine an entry that fails by itself, as evidence of the bug."""
        logger.error("Request %d cannot be stored and is put aside", entry.seq, exc_info=error)
        reason = str(error).partition("\n")[0] if isinstance(error, duckdb.Error) else repr(error)
        self._source.quarantine(entry.seq, reason)
        self._quarantined += 1

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            logger.warning("Indexing waits: %s", error)
        else:
            logger.error("Indexing failed and is tried again", exc_info=error)
        self._position_is_sure = False
        self._last_error = str(error) or repr(error)

    def _announce(self) -> None:
        try:
            self._on_stored()
        except Exception:
            logger.exception("A listener for stored batches failed")


def _is_of_the_data(error: Exception) -> bool:
    """Whether rows are at fault: then other rows can be stored. What the environment refuses, it refuses to all."""
    if isinstance(error, duckdb.Error):
        return isinstance(error, _ERRORS_OF_DATA)
    return not isinstance(error, JunjoDesktopError | OSError | MemoryError)


def _size(decoded: DecodedBatch) -> int:
    return len(decoded.spans) + len(decoded.logs) + len(decoded.metrics)
