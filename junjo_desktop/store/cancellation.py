"""Lets one thread stop a query that another thread runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from junjo_desktop.errors import QueryCancelledError


class CancelToken:
    """Given to `Store.read`; `cancel` makes that read raise `QueryCancelledError`, now or when it begins.

    A token serves one read. Cancelling after its end does nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: duckdb.DuckDBPyConnection | None = None
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop the read. The statement under way ends within milliseconds; safe on any thread, any number of times."""
        with self._lock:
            self._cancelled = True
            if self._running is not None:
                self._running.interrupt()

    @contextmanager
    def guarding(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
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
