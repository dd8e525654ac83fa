"""Lets one thread stop a query that another thread runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from junjo_desktop.errors import QueryCancelledError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AGAIN_S = 0.02


class CancelToken:
    """Given to `Store.read`; `cancel` makes that read raise `QueryCancelledError`, now or when it begins.

    A token serves one read. Cancelling after its end does nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: DuckDBPyConnection | None = None
        self._cancelled = False
        self._ended = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop the read: the statement under way, or else the next one, ends within milliseconds.

        Safe on any thread, any number of times. Does not wait.
        """
        with self._lock:
            is_first, self._cancelled = not self._cancelled, True
            if not is_first or self._running is None:
                return
            self._running.interrupt()
        threading.Thread(target=self._insist, name="query-cancel", daemon=True).start()

    @contextmanager
    def guarding(self, cursor: DuckDBPyConnection) -> Iterator[None]:
        """Let `cancel` interrupt `cursor` within this block. Raises `QueryCancelledError` when it came before."""
        with self._lock:
            if self._cancelled:
                raise QueryCancelledError
            self._running = cursor
        try:
            yield
        finally:
            with self._lock:
                self._running = None
            self._ended.set()

    def _insist(self) -> None:
        # An interrupt that falls between two statements is forgotten by DuckDB when the next one begins.
        while not self._ended.wait(_AGAIN_S):
            with self._lock:
                if self._running is not None:
                    self._running.interrupt()
