"""Everything that keeps one open store small and quick to search, and says how large it is: what the engine starts,
asks and stops.
"""

from __future__ import annotations

from collections.abc import Callable

from junjo_desktop.paths import DataDir
from junjo_desktop.state.retention_record import RetentionRecords
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.caretaker import Caretaker, Rhythm
from junjo_desktop.store.database import Store
from junjo_desktop.store.forecast import RetentionForecast
from junjo_desktop.store.quiet_work import QuietRhythm
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_moment import Clocks
from junjo_desktop.store.retention_run import Retention
from junjo_desktop.store.statistics import StorageReport, next_removal, storage_report
from junjo_desktop.store.word_indexing import WordIndexing


class Upkeep:
    """Runs from `start` to `stop`. `starred` says at any time which traces are kept; `on_removed` is called on the
    caretaker's thread. Methods raise `UserError`.
    """

    def __init__(
        self,
        store: Store,
        data_dir: DataDir,
        policy: RetentionPolicy,
        starred: Callable[[], frozenset[str]],
        on_removed: Callable[[], None],
        rhythm: Rhythm | None = None,
        clocks: Clocks | None = None,
        indexing: QuietRhythm | None = None,
    ) -> None:
        self._store = store
        self._data_dir = data_dir
        self._policy = policy
        self._starred = starred
        records = RetentionRecords(data_dir.state)
        self._retention = Retention(store, data_dir.journal, records, starred, clocks)
        self._caretaker = Caretaker(store, self._retention, policy, on_removed, rhythm)
        self._words = WordIndexing(store, indexing)

    def start(self) -> None:
        """Begin to look after the store, on threads of its own."""
        self._caretaker.start()
        self._words.start()

    def stop(self) -> None:
        """End what is under way, within the transaction it is in."""
        self._words.stop()
        self._caretaker.stop()

    def wake(self) -> None:
        """Look after the store now: something large was deleted, say."""
        self._caretaker.wake()

    @property
    def last_error(self) -> str | None:
        """Why the last run of retention failed; None when it did not."""
        return self._caretaker.last_error

    def apply(self, policy: RetentionPolicy) -> None:
        """Keep to other limits from now on."""
        if policy != self._policy:
            self._policy = policy
            self._caretaker.apply(policy)

    def report(self, quarantined: int) -> StorageReport:
        """Return what is stored and what it takes; some 100 ms in a large store."""
        moment = self._retention.preview(self._policy)
        return storage_report(self._store, self._data_dir, self._policy, moment, self._starred(), quarantined)

    def forecast(self, policy: RetentionPolicy) -> RetentionForecast | None:
        """Return what would be removed next with these limits."""
        moment = self._retention.preview(policy)
        return next_removal(self._store, self._data_dir, policy, moment, self._starred())

    def give_back_space(
        self, on_progress: Callable[[float], None] | None = None, token: CancelToken | None = None
    ) -> int:
        """Give what deletions freed back to the disk; return how many bytes. Blocks; progress from 0 to 1."""
        return self._caretaker.give_back_space(on_progress, token or CancelToken())
