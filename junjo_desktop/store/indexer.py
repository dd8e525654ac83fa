"""Moves what the journal holds into the store: one thread, woken by the journal, each entry exactly once.

The position in the journal is committed in the same transaction as the rows. After a crash at any point the position
in the store says where to go on; entries before it that the journal still holds are trimmed, not stored again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import duckdb

from junjo_desktop.errors import JunjoDesktopError, UserError
from junjo_desktop.store.batch import Batch, Position
from junjo_desktop.store.database import Store
from junjo_desktop.store.failures import MemoryLimitError
from junjo_desktop.store.portions import Group, PortionReader
from junjo_desktop.store.writer import BatchWriter, RepeatedSpansError
from junjo_desktop.telemetry.intake import IntakeSource

logger = logging.getLogger(__name__)

# A lone request is stored at once; while requests keep coming, batches start this far apart.
PACE_S = 0.1
# While a burst is being acknowledged, storing waits so long: senders are programs at work, and a window can wait.
STAND_BACK_S = 2.0
_LOOK_AGAIN_S = 0.02
# Data and `stop` wake the thread at once, so an idle one sleeps.
_SLEEP_S = 60.0
_ERRORS_OF_DATA = (
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.InvalidInputException,
    duckdb.NotSupportedError,
)
_TRIES_FOR_MEMORY = 5
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
        self._reader = PortionReader(source, self._put_aside, self._writer.chunk)
        self._decoder = ThreadPoolExecutor(1, thread_name_prefix="decoder")
        self._on_stored = on_stored
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._stopping = threading.Event()
        self._progress = threading.Condition()  # guards everything below
        self._position = Position()
        self._position_is_sure = False
        self._quarantined = 0
        self._last_error: str | None = None
        self._last_start = 0.0
        self._last_commit = 0.0
        self._too_large_for_memory = 0  # how often in a row a single request was

    @property
    def position(self) -> int:
        """How far the journal is stored, as far as known; 0 before `start` has looked."""
        return self._position.seq

    @property
    def waiting(self) -> int:
        """Items that are acknowledged and not stored yet."""
        return self._source.waiting(self.position)

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
        self._decoder.shutdown(wait=False)

    def forget_quarantined(self) -> None:
        """Delete what was put aside, too: the user wants everything gone."""
        self._source.forget_quarantined()

    def drain(self, timeout_s: float) -> bool:
        """Wait until all that is now in the source is stored; say whether it is."""
        target = self._source.newest_seq

        def reached() -> bool:
            return self.position >= target or self._source.waiting(self.position) == 0

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
        if not self._source.wait(self.position, 0):
            self._last_error = None
            if self._stopping.is_set() or not self._source.wait(self.position, _SLEEP_S):
                return
        self._stopping.wait(self._last_start + PACE_S - time.monotonic())
        self._last_start = time.monotonic()
        for group in self._decoded_ahead(self._reader.groups(self._position)):
            self._store(group)
            self._stand_back()
            if self._stopping.is_set():
                return

    def _resume(self) -> None:
        """Ask the store for the position: after a failure too, because the commit may have succeeded."""
        if not self._position_is_sure:
            position = self._writer.position()
            self._source.trim(position.seq)
            self._position, self._position_is_sure = position, True

    def _decoded_ahead(self, groups: Iterator[Group]) -> Iterator[Group]:
        """Yield `groups`; behind a full one, the next is decoded while that one is stored, which needs no GIL."""
        group = next(groups, None)
        while group is not None:
            following = self._decoder.submit(next, groups, None) if group.is_full else None
            try:
                yield group
            finally:
                # Also when storing has failed: nobody else may read from the source by then.
                decoded = following.result() if following else None
            group = decoded if following else next(groups, None)

    def _stand_back(self) -> None:
        until = self._last_commit + STAND_BACK_S
        while self._source.is_pressed and time.monotonic() < until and not self._stopping.wait(_LOOK_AGAIN_S):
            pass

    def _store(self, group: Group) -> None:
        """Store a group; where its rows do not go together, read them again, and store what goes alone."""
        try:
            self._writer.write(group.batch)
        except RepeatedSpansError:
            self._store_again(group, each_alone=False)
        except Exception as error:
            if not _is_of_the_data(error):
                raise
            if len(group.seqs) > 1:
                logger.warning("%d requests cannot be stored together (%r); trying each alone", len(group.seqs), error)
                self._store_again(group, each_alone=True)
            else:
                self._give_up(group, error)
        else:
            self._committed(group)

    def _store_again(self, group: Group, *, each_alone: bool) -> None:
        again = self._reader.groups_again(self._position, group.batch.position, each_alone=each_alone)
        # On the decoder's thread, behind the group that is decoded there meanwhile.
        while (part := self._decoder.submit(next, again, None).result()) is not None:
            self._store(part)

    def _give_up(self, group: Group, error: Exception) -> None:
        """Put the only request of a group aside, and go on behind it."""
        if isinstance(error, MemoryLimitError):
            # Somebody else's query may have needed the memory.
            self._too_large_for_memory += 1
            if self._too_large_for_memory < _TRIES_FOR_MEMORY:
                raise error
        self._put_aside(max(group.seqs), error)
        self._writer.write(Batch(position=Position(max(group.seqs))))
        self._committed(Group(Batch(position=Position(max(group.seqs))), received_ns=group.received_ns))

    def _committed(self, group: Group) -> None:
        self._too_large_for_memory = 0
        position = group.batch.position
        self._source.trim(position.seq)
        self._last_commit = time.monotonic()
        with self._progress:
            self._position = position
            self._last_error = None
            self._progress.notify_all()
        self._announce()

    def _put_aside(self, seq: int, error: Exception) -> None:
        """Quarantine an entry that fails by itself, as evidence of the bug. Also called by the decoder's thread."""
        logger.error("Request %d cannot be stored and is put aside", seq, exc_info=error)
        reason = str(error).partition("\n")[0] if isinstance(error, duckdb.Error) else repr(error)
        self._source.quarantine(seq, reason)
        with self._progress:
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
    return isinstance(error, MemoryLimitError) or not isinstance(error, JunjoDesktopError | OSError | MemoryError)
