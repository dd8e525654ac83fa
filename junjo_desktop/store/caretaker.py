"""The thread that keeps the store small: retention soon after the start and then regularly, and space for the disk.

It looks at the sizes of the files every few seconds, which costs nothing, so that the size limit is kept under load,
too. Its transactions are short, with rests of the same length between them; the file is rewritten only when that pays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from junjo_desktop.errors import QueryCancelledError, UserError
from junjo_desktop.store import rewriting
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.copying import ChangedMeanwhileError
from junjo_desktop.store.database import Store
from junjo_desktop.store.occupancy import Occupancy
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_run import Retention
from junjo_desktop.store.selection import Toll

logger = logging.getLogger(__name__)

_LONGEST_REST_S = 0.5
_TRIES = 3
# An empty database takes more than that; rewriting it for less may make it larger.
_LEAST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the caretaker works, in seconds."""

    first_s: float = 15.0
    every_s: float = 600.0
    look_s: float = 5.0
    """How often the sizes of the files are looked at."""
    rewrite_after_s: float = 600.0
    """How long rewriting must have paid before it is done: under load, what is free is soon written again."""


class Caretaker:
    """Works from `start` to `stop`. `on_removed` is called on its thread when a run has removed something."""

    def __init__(
        self,
        store: Store,
        retention: Retention,
        policy: RetentionPolicy,
        on_removed: Callable[[], None],
        rhythm: Rhythm | None = None,
    ) -> None:
        self._store = store
        self._retention = retention
        self._policy = policy
        self._on_removed = on_removed
        self._rhythm = rhythm or Rhythm()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._rewriting = threading.Lock()
        self._token = CancelToken()
        self._pays_since: float | None = None
        self._step_began = 0.0
        self.last_error: str | None = None
        """Why the last run failed, in a sentence for the user; None when it did not."""

    def start(self) -> None:
        """Begin to look after the store."""
        rewriting.discard_leftovers(self._store.path)
        self._thread.start()

    def stop(self) -> None:
        """End what is under way, within the transaction it is in; returns when the thread has ended."""
        self._stopping.set()
        self._woken.set()
        self._token.cancel()
        if self._thread.is_alive():
            self._thread.join()
        with self._rewriting:
            pass  # one that was asked for from elsewhere ends, too: its steps look at `_stopping`

    def apply(self, policy: RetentionPolicy) -> None:
        """Keep to other limits from now on."""
        self._policy = policy
        self.wake()

    def wake(self) -> None:
        """Look after the store now: something large was deleted, say."""
        self._pays_since = float("-inf")
        self._woken.set()

    def give_back_space(self, on_progress: Callable[[float], None] | None, token: CancelToken) -> int:
        """Rewrite the file if anything is free; return how many bytes smaller it is, 0 when `token` was cancelled.

        Raises `UserError` when there is no room for it, or when others wrote so much that it could not end.
        """

        def on_step(share: float) -> None:
            if self._stopping.is_set():
                raise QueryCancelledError
            if on_progress is not None:
                on_progress(share)

        with self._rewriting:
            for _ in range(_TRIES):
                occupancy = self._retention.occupancy()
                if occupancy.reclaimable_bytes < _LEAST_BYTES:
                    return 0
                try:
                    return max(0, rewriting.rewrite(self._store, occupancy, on_step, token))
                except ChangedMeanwhileError as change:
                    logger.info("Rewriting the database begins again: %s", change or "others wrote")
                except QueryCancelledError:
                    return 0
        raise UserError(
            "The space could not be given back: too much was deleted or received meanwhile.",
            "Try again when it is calm.",
        )

    def _run(self) -> None:
        due = time.monotonic() + self._rhythm.first_s
        while not self._stopping.is_set():
            self._woken.wait(min(self._rhythm.look_s, max(0.0, due - time.monotonic())))
            if self._woken.is_set() or time.monotonic() >= due or self._is_over_limit():
                self._woken.clear()
                self._look_after()
                due = time.monotonic() + self._rhythm.every_s

    def _is_over_limit(self) -> bool:
        limit = self._policy.size_bytes
        return limit is not None and self._retention.on_disk_bytes() > limit

    def _look_after(self) -> None:
        removed = Toll()

        def on_transaction(taken: Toll, seconds: float) -> None:
            nonlocal removed
            removed += taken
            self._rest(seconds)

        try:
            self._retention.run(self._policy, on_transaction)
            self._give_back_if_it_pays()
            self.last_error = None
        except QueryCancelledError:
            pass
        except UserError as error:
            logger.warning("Retention waits: %s", error)
            self.last_error = str(error)
        except Exception as error:
            # Retention must not end the app; the next run tries again.
            logger.exception("Retention failed and is tried again")
            self.last_error = repr(error)
        if removed:
            logger.info("Retention removed %s", removed)
            self._on_removed()

    def _give_back_if_it_pays(self) -> None:
        now = time.monotonic()
        if not self._pays(self._retention.occupancy()):
            self._pays_since = None
            return
        if self._pays_since is None:
            self._pays_since = now
        if now - self._pays_since < self._rhythm.rewrite_after_s:
            return
        self._pays_since = None
        with self._rewriting:
            self._store.checkpoint()
            occupancy = self._retention.occupancy()
            if not self._pays(occupancy):
                return
            self._step_began = now
            try:
                given = rewriting.rewrite(self._store, occupancy, self._on_step, self._token)
                logger.info("The database was rewritten and is %s bytes smaller", given)
            except ChangedMeanwhileError as change:
                logger.info("Rewriting the database is put off: %s", change or "others wrote")

    def _pays(self, occupancy: Occupancy) -> bool:
        return rewriting.pays(occupancy, self._policy.size_bytes)

    def _on_step(self, _share: float) -> None:
        self._rest(time.monotonic() - self._step_began)
        self._step_began = time.monotonic()

    def _rest(self, seconds: float) -> None:
        """Rest as long as the work took, so that others have the disk and the processor half the time."""
        if self._stopping.wait(min(seconds, _LONGEST_REST_S)):
            raise QueryCancelledError
