"""The thread that keeps the index of words up to date, when little else happens: nothing waits for it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from junjo_desktop.errors import QueryCancelledError, UserError
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.word_index import changed_groups, next_group, remove_groups, write_words
from junjo_desktop.store.word_reading import read_words

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexingRhythm:
    """When words are read, in seconds."""

    first_s: float = 20.0
    """After the start, when the window is filled and given back what that took."""
    look_s: float = 5.0
    """How often it looks for spans that are not read yet."""
    rests: float = 1.0
    """How long it rests after each group, in times of what that took; while others write, `rests_under_load`."""
    rests_under_load: float = 19.0


class WordIndexing:
    """Works from `start` to `stop`. What goes wrong is tried again: without the index, queries only take longer."""

    def __init__(self, store: Store, rhythm: IndexingRhythm | None = None) -> None:
        self._store = store
        self._rhythm = rhythm or IndexingRhythm()
        self._thread = threading.Thread(target=self._run, name="word-index", daemon=True)
        self._stopping = threading.Event()
        self._token = CancelToken()
        self._commits = 0
        self._changes = -1

    def start(self) -> None:
        """Begin to read words."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way; returns when the thread has ended."""
        self._stopping.set()
        self._token.cancel()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause_s = self._rhythm.first_s
        while not self._stopping.wait(pause_s):
            begun = time.monotonic()
            pause_s = self._rhythm.look_s
            try:
                if self._step():
                    pause_s = (time.monotonic() - begun) * self._rests()
            except QueryCancelledError:
                pass  # it stops, or the file is exchanged
            except UserError as error:
                logger.info("Reading words waits: %s", error)
            except Exception:
                logger.exception("Reading words failed and is tried again")

    def _rests(self) -> float:
        is_quiet = self._store.commits == self._commits + 1
        self._commits = self._store.commits
        return self._rhythm.rests if is_quiet else self._rhythm.rests_under_load

    def _step(self) -> bool:
        """Read the words of one group, or forget those that have lost spans; say whether there was anything to do."""
        self._token = CancelToken()
        if self._stopping.is_set():
            return False
        changes = self._store.changes
        if changes != self._changes:
            self._forget_changed()
            self._changes = changes
        group = self._store.read(next_group, self._token)
        if group is None:
            return False
        self._commits = self._store.commits
        token = self._token = CancelToken()
        found = self._store.read(lambda cursor: read_words(cursor, group), token)
        with self._store.write(only_adds=True) as writer:
            write_words(writer, found)
        return True

    def _forget_changed(self) -> None:
        numbers = self._store.read(changed_groups, self._token)
        if numbers:
            with self._store.write(only_adds=True) as writer:
                remove_groups(writer, numbers)
