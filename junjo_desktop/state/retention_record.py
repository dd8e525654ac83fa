"""What retention remembers from one run of the app to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from junjo_desktop.state.database import open_state, translated


@dataclass(frozen=True, slots=True)
class RetentionRecord:
    """The one row of `retention`; its migration says what the columns mean. Times in nanoseconds since the epoch."""

    believed_ns: int
    done_before_ns: int = 0
    odd_count: int = 0
    odd_since_ns: int = 0


class RetentionRecords:
    """Reads and writes the record of one state file. Methods raise `DatabaseError`."""

    def __init__(self, state_db: Path) -> None:
        self._path = state_db

    def load(self) -> RetentionRecord | None:
        """Return the record; None where none was ever written. Makes no file."""
        if not self._path.exists():
            return None
        with self._opened() as connection:
            row = connection.execute(
                "SELECT believed_ns, done_before_ns, odd_count, odd_since_ns FROM retention"
            ).fetchone()
        return RetentionRecord(*row) if row else None

    def save(self, record: RetentionRecord) -> None:
        """Write the record."""
        with self._opened() as connection:
            connection.execute("INSERT OR REPLACE INTO retention VALUES (1, ?, ?, ?, ?)", astuple(record))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        # Asked once in minutes: not worth a connection that stays open.
        with closing(open_state(self._path)) as connection:
            try:
                yield connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
