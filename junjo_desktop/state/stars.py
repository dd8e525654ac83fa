"""Starred traces: those that retention never removes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from junjo_desktop.state.database import open_state, translated


class Stars:
    """The stars of one state file, which another process may change at any time. Thread-safe.

    Methods raise `DatabaseError` when the file cannot be read or written.
    """

    def __init__(self, state_db: Path, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._path = state_db
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._connection = open_state(state_db)

    def starred(self) -> frozenset[str]:
        """Return the ids of the starred traces, whether or not anything of them is stored."""
        with self._using() as connection:
            return frozenset(trace_id for (trace_id,) in connection.execute("SELECT trace_id FROM stars"))

    def star(self, trace_id: str) -> None:
        """Star a trace; a star that is there already stays."""
        with self._using() as connection:
            connection.execute("INSERT OR IGNORE INTO stars VALUES (?, ?)", (trace_id.lower(), self._now_ns()))

    def unstar(self, trace_id: str) -> None:
        """Take the star away, if there is one."""
        with self._using() as connection:
            connection.execute("DELETE FROM stars WHERE trace_id = ?", (trace_id.lower(),))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
