"""The thread that reads the calls of models out of what is stored, soon after it came: nothing waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from itertools import accumulate, takewhile

from junjo_desktop.store.call_rows import BEFORE_NS, StaleTrace, save_look, stale_traces, write_calls
from junjo_desktop.store.database import Store
from junjo_desktop.store.quiet_work import QuietRhythm, QuietWork

_RHYTHM = QuietRhythm(first_s=2.0, look_s=0.5, longest_rest_s=2.0)
_ALL_S = 300.0
"""How often it looks at all traces, and not only at those of which something came lately."""

_LOOKED_FOR = 2048
_SPANS_AT_ONCE = 1_600
"""About 150 ms with the GIL handed over every 5; one trace, however large, is never divided."""
_SPANS_AT_ONCE_UNDER_LOAD = 400
"""While others write. Each portion costs 15 ms more, however few spans it has."""
_SAVED_S = 60.0
"""How often it is remembered at most that everything was looked at."""


class CallIndexing:
    """Works from `start` to `stop`. What goes wrong is tried again; until then calls are not listed yet."""

    def __init__(
        self,
        store: Store,
        on_change: Callable[[], None] | None = None,
        own_prices: Callable[[], Mapping[str, Mapping[str, object]]] = dict,
        rhythm: QuietRhythm | None = None,
    ) -> None:
        """`on_change` is called, on the thread, after each portion."""
        self._store = store
        self._on_change = on_change
        self._own_prices = own_prices
        self._work = QuietWork("Reading calls", rhythm or _RHYTHM, self.step, self._is_quiet)
        self._stepping = threading.Lock()
        self._own_commits = 0
        self._looked_commits = -1
        self._seen_commits = -1
        self._seen_changes = -1
        self._looked_ns = 0
        self._saves_from_s = 0.0
        self._to_remember_ns: int | None = None
        self._all_due_s = 0.0
        self._waiting: list[StaleTrace] = []

    def start(self) -> None:
        """Begin to read calls."""
        self._work.start()

    def stop(self) -> None:
        """End what is under way; returns when the thread has ended."""
        self._work.stop()

    def catch_up(self, timeout_s: float) -> bool:
        """Read all there is to read, on the calling thread; False when time was up before that. Raises `UserError`."""
        give_up_s = time.monotonic() + timeout_s
        while self.step():
            if time.monotonic() > give_up_s:
                return False
        return True

    def look_at_all(self) -> None:
        """Look at every trace with the next look: they may be read otherwise now."""
        self._all_due_s = 0.0

    def step(self) -> bool:
        """Read the calls of some traces; say whether there were any to read. On one thread at a time."""
        with self._stepping:
            return self._step()

    def _step(self) -> bool:
        if self._work.is_stopping:
            return False
        if not self._waiting:
            self._look()
        if not self._waiting:
            return False
        self._read(self._portion())
        return True

    def _look(self) -> None:
        commits, changes, now_s = self._commits_of_others(), self._store.changes, time.monotonic()
        is_all_due = now_s >= self._all_due_s or changes != self._seen_changes
        self._remember(now_s)
        if commits == self._seen_commits and not is_all_due:
            return
        self._looked_commits = commits
        since_ns = 0 if is_all_due else self._looked_ns
        looked_ns = time.time_ns()
        self._waiting = self._store.read(lambda cursor: stale_traces(cursor, since_ns, _LOOKED_FOR), self._work.token())
        if len(self._waiting) < _LOOKED_FOR:
            self._seen_commits, self._looked_ns = commits, looked_ns - BEFORE_NS
            self._to_remember_ns = looked_ns
            if is_all_due:
                self._seen_changes, self._all_due_s = changes, now_s + _ALL_S

    def _remember(self, now_s: float) -> None:
        """Save how far everything was looked at, now that what was found is read; not with every look."""
        if self._to_remember_ns is None or now_s < self._saves_from_s:
            return
        looked_ns, self._to_remember_ns = self._to_remember_ns, None
        self._saves_from_s = now_s + _SAVED_S
        with self._store.write(only_adds=True) as writer:
            save_look(writer, looked_ns)
        self._own_commits += 1

    def _commits_of_others(self) -> int:
        return self._store.commits - self._own_commits

    def _portion(self) -> list[StaleTrace]:
        most = _SPANS_AT_ONCE if self._is_quiet() else _SPANS_AT_ONCE_UNDER_LOAD
        spans = accumulate(trace.span_count for trace in self._waiting)
        count = max(1, sum(1 for _ in takewhile(lambda so_far: so_far <= most, spans)))
        portion, self._waiting = self._waiting[:count], self._waiting[count:]
        return portion

    def _read(self, portion: list[StaleTrace]) -> None:
        # What they need is loaded with the first calls: half a second of processor that no start waits for.
        from junjo_desktop.store.call_pricing import pricer
        from junjo_desktop.store.call_reading import read_calls

        price = pricer(self._own_prices())
        found = self._store.read(lambda cursor: read_calls(cursor, portion, price), self._work.token())
        with self._store.write(only_adds=True) as writer:
            write_calls(writer, found)
        self._own_commits += 1
        if self._on_change is not None:
            self._on_change()

    def _is_quiet(self) -> bool:
        """Whether nobody else has written since the last look, which may have left more to look for."""
        return self._commits_of_others() == self._looked_commits
