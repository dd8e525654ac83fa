"""The journal's one connection for writing: made again after trouble, and never one to a file that is gone."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from junjo_desktop.receiver.journal_file import connect_writer


class JournalConnection:
    """Used by the journal's thread alone."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, without_readers: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """`without_readers` closes everybody else's connections and lets no new ones be made while its block lasts."""
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._inode = path.stat().st_ino
        self._has_log = False
        self._connection: sqlite3.Connection | None = connection
        self._without_readers = without_readers

    @property
    def is_open(self) -> bool:
        """Whether there is a connection at the moment."""
        return self._connection is not None

    def get(self) -> sqlite3.Connection:
        """Return the connection. Raises `OSError` when the file is gone, `sqlite3.Error` when it cannot be opened."""
        # SQLite would go on writing into a deleted file, and every acknowledgement would be a lie.
        if self._path.stat().st_ino != self._inode:
            raise OSError(errno.ENOENT, "another file was put in its place")
        if self._has_log and self._connection is not None and not self._log.exists():
            # The same for its write-ahead log, which nobody else can read now: the last one to close it saves it.
            with self._without_readers():
                self.close()
        if self._connection is None:
            self._connection = connect_writer(self._path)
            self._has_log = False
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection within a transaction that is on the disk when the block has ended."""
        connection = self.get()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
            self._has_log = True
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """Let the block put another file in the place of this one; nobody has either of them open meanwhile."""
        self.close()
        # A reader that opened the file now would read the old one for ever.
        with self._without_readers():
            yield
            self._inode = self._path.stat().st_ino

    def close(self) -> None:
        """Close it until it is needed again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
