"""The thread that keeps the index of words up to date, when little else happens: nothing waits for it."""

from __future__ import annotations

from junjo_desktop.store.database import Store
from junjo_desktop.store.quiet_work import QuietRhythm, QuietWork
from junjo_desktop.store.word_index import changed_groups, next_group, remove_groups, write_words
from junjo_desktop.store.word_reading import read_words

_RHYTHM = QuietRhythm(first_s=20.0, look_s=5.0, rests_under_load=19.0)


class WordIndexing:
    """Works from `start` to `stop`. What goes wrong is tried again: without the index, queries only take longer."""

    def __init__(self, store: Store, rhythm: QuietRhythm | None = None) -> None:
        self._store = store
        self._work = QuietWork("Reading words", rhythm or _RHYTHM, self._step, self._is_quiet)
        self._commits = 0
        self._changes = -1

    def start(self) -> None:
        """Begin to read words."""
        self._work.start()

    def stop(self) -> None:
        """End what is under way; returns when the thread has ended."""
        self._work.stop()

    def _is_quiet(self) -> bool:
        return self._store.commits == self._commits + 1

    def _step(self) -> bool:
        """Read the words of one group, or forget those that have lost spans; say whether there was anything to do."""
        changes = self._store.changes
        if changes != self._changes:
            self._forget_changed()
            self._changes = changes
        group = self._store.read(next_group, self._work.token())
        if group is None:
            return False
        self._commits = self._store.commits
        found = self._store.read(lambda cursor: read_words(cursor, group), self._work.token())
        with self._store.write(only_adds=True) as writer:
            write_words(writer, found)
        return True

    def _forget_changed(self) -> None:
        numbers = self._store.read(changed_groups, self._work.token())
        if numbers:
            with self._store.write(only_adds=True) as writer:
                remove_groups(writer, numbers)
