"""The DuckDB file: one writer connection for the indexer, a small pool of cursors for everyone who reads."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from junjo_desktop.errors import DamagedDatabaseError, DatabaseError, DataFolderError, QueryCancelledError, UserError
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.failures import (
    Trouble,
    as_user_error,
    damage_mark,
    damaged_for_reading,
    damaged_for_writing,
    log_of,
    says_damage,
    trouble_of,
)
from junjo_desktop.store.marks import Mark, fill_marks
from junjo_desktop.store.occupancy import size_of
from junjo_desktop.store.opening import open_database, use_catalog

T = TypeVar("T")

logger = logging.getLogger(__name__)

_IDLE_CURSORS = 4
_CLOSE_PATIENCE_S = 5.0
_EXCHANGE_PATIENCE_S = 1.0

# A write that fills the disk during a checkpoint costs the open database; one that is not begun costs nothing.
_ROOM_BYTES = 96 << 20
_ROOM_TO_DELETE_BYTES = 8 << 20


class Store:
    """An open database. Reads may come from any thread, writes from one at a time.

    When DuckDB gives the open database up (a disk that fills during a checkpoint), the next use opens it again.
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, *, read_only: bool) -> None:
        """Use `open`."""
        self._path = path
        self._read_only = read_only
        self._connection: duckdb.DuckDBPyConnection | None = connection
        self._writing = threading.RLock()
        self._marking = threading.Lock()
        self._changed = threading.Condition()  # guards everything below
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._active: set[duckdb.DuckDBPyConnection] = set()
        self._reopening = False
        self._invalid = False
        self._closed = False
        self._damage: DamagedDatabaseError | None = None
        self._commits = 0
        self._changes = 0
        self._exchanges = 0
        self._marks: Sequence[Mark] = ()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """Open the file, made or brought up to date when needed.

        Raises `NewerDatabaseError`, `DamagedDatabaseError`, `AlreadyRunningError`, `DataFolderError` or another
        `DatabaseError`, and leaves the file as it is; read-only also `NotFoundError` when there is none.
        """
        return cls(path, open_database(path, read_only=read_only), read_only=read_only)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def damage(self) -> DamagedDatabaseError | None:
        """What to say about damage that was met since the database was opened; None when there was none."""
        return self._damage

    @property
    def commits(self) -> int:
        """How many writes have succeeded: while it stays the same, what was read is what is stored."""
        return self._commits

    @property
    def changes(self) -> int:
        """How many writes may have deleted rows or changed them in their place: all but those that only add."""
        return self._changes

    def size_bytes(self) -> int:
        """Return what the database takes on disk, its write-ahead log included."""
        return sum(size_of(file) for file in (self._path, log_of(self._path)))

    def read(self, query: Callable[[duckdb.DuckDBPyConnection], T], token: CancelToken | None = None) -> T:
        """Run `query` with a cursor in a read-only transaction: it sees one state of the data, whatever is written.

        The cursor is not to be kept. Raises `QueryCancelledError` when `token` is cancelled or the store closes,
        and a `UserError` for what the user can mend; an error of the statement itself stays DuckDB's.
        """
        exchanges = self._exchanges
        try:
            return self._read(query, token)
        except DatabaseError:
            if not self._invalid:
                raise
        except QueryCancelledError:
            # The file was exchanged under it, and that is nothing the caller has asked for.
            if self._exchanges == exchanges or self._closed or (token is not None and token.cancelled):
                raise
        return self._read(query, token)

    def _read(self, query: Callable[[duckdb.DuckDBPyConnection], T], token: CancelToken | None) -> T:
        self._recover()
        cursor = self._borrow()
        usable = False
        try:
            with (token or CancelToken()).guarding(cursor):
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                try:
                    return query(cursor)
                finally:
                    usable = _roll_back(cursor)
        except duckdb.Error as error:
            raise self._translated(error, damaged_for_reading) from error
        finally:
            self._give_back(cursor, usable=usable)

    @contextmanager
    def write(self, *, only_adds: bool = False, only_deletes: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield the writer connection within one transaction: committed at the end, undone when the block raises.

        `only_adds`: rows of spans, logs and metrics are appended, and a span is deleted only when a later version of it
        is appended. `only_deletes`: it is tried on a nearly full disk, too, because it makes room.

        Raises a `UserError` for the environment's failures. After one at the commit only the data says whether it is
        stored, so whoever writes keeps its position in the same transaction.
        """
        with self._writing:
            self._recover()
            self._require_room(_ROOM_TO_DELETE_BYTES if only_deletes else _ROOM_BYTES)
            connection = self._require_open()
            if not only_adds:
                self._changes += 1
            try:
                connection.begin()
                try:
                    yield connection
                except BaseException:
                    _roll_back(connection)
                    raise
                connection.commit()
                self._commits += 1
            except duckdb.Error as error:
                _roll_back(connection)
                raise self._translated(error, damaged_for_writing) from error

    @contextmanager
    def frozen(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield the writer connection, in no transaction, while nobody else writes. Raises as `write`."""
        with self._writing:
            self._recover()
            self._require_room(_ROOM_TO_DELETE_BYTES)
            try:
                yield self._require_open()
            except duckdb.Error as error:
                raise self._translated(error, damaged_for_writing) from error

    @contextmanager
    def borrowed(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor of its own, in no transaction, for work that takes long. Raises as `read`."""
        self._recover()
        cursor = self._borrow()
        try:
            yield cursor
        except duckdb.Error as error:
            raise self._translated(error, damaged_for_reading) from error
        finally:
            self._give_back(cursor, usable=False)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Have queries know these stars, tags and comments, also when the file is opened again. Raises as `read`."""
        # They are in memory beside the file: whoever writes that, for however long, does not hold them up.
        with self._marking:
            self._marks = marks
            with self.borrowed() as cursor:
                fill_marks(cursor, marks)

    def checkpoint(self) -> bool:
        """Empty the write-ahead log into the file: blocks of what was deleted are free then. Raises as `write`.

        False: somebody reads, and DuckDB does it only when nobody does.
        """
        with self.frozen() as connection:
            try:
                connection.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return False
        return True

    def exchange_file(self, exchange: Callable[[], None]) -> None:
        """Close the file, call `exchange`, and open what is in its place then; called within `frozen`.

        Who reads may end within a second, or begins again afterwards. What `exchange` raises comes back when the file
        is open again. Raises `DatabaseError` when a reader does not end.
        """
        with self._changed:
            self._reopening = True
            self._exchanges += 1
            self._changed.wait_for(lambda: not self._active, _EXCHANGE_PATIENCE_S)
        try:
            self._end_readers()
            if self._active:
                # What it holds open would go on as another database under the same name.
                raise DatabaseError(f"A query does not end, so {self._path} cannot be exchanged.", "It is as it was.")
            # If opening fails, the next use tries again.
            self._invalid = True
            self._release()
            try:
                exchange()
            finally:
                self._open_again()
        finally:
            with self._changed:
                self._reopening = False
                self._changed.notify_all()

    def close(self) -> None:
        """Interrupt what still reads, then close the file. A second call does nothing."""
        with self._writing:
            with self._changed:
                if self._closed:
                    return
                self._closed = True
            self._release()

    def _borrow(self) -> duckdb.DuckDBPyConnection:
        with self._changed:
            self._changed.wait_for(lambda: not self._reopening)
            connection = self._require_open()
            cursor = self._idle.pop() if self._idle else _new_cursor(connection)
            self._active.add(cursor)
            return cursor

    def _give_back(self, cursor: duckdb.DuckDBPyConnection, *, usable: bool) -> None:
        with self._changed:
            self._active.discard(cursor)
            keep = usable and len(self._idle) < _IDLE_CURSORS and not (self._closed or self._reopening or self._invalid)
            if keep:
                self._idle.append(cursor)
            else:
                cursor.close()
            self._changed.notify_all()

    def _recover(self) -> None:
        """Open the database again when DuckDB has given it up. Raises as `open`; the next use tries again then."""
        if not self._invalid:
            return
        with self._writing:
            with self._changed:
                if not self._invalid or self._closed:
                    return
                self._reopening = True
            try:
                logger.warning("Opening the database again after a failed write")
                self._release()
                self._open_again()
            finally:
                with self._changed:
                    self._reopening = False
                    self._changed.notify_all()

    def _open_again(self) -> None:
        connection = open_database(self._path, read_only=self._read_only)
        fill_marks(connection, self._marks)
        self._connection = connection
        self._invalid = False

    def _release(self) -> None:
        """Close every cursor and the connection. Readers are interrupted, again until none is left."""
        with self._changed:
            self._end_readers()
            while self._idle:
                self._idle.pop().close()
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _end_readers(self) -> None:
        """Interrupt all cursors in use until none is left, or the patience is over."""
        with self._changed:
            for _ in range(round(_CLOSE_PATIENCE_S / 0.05)):
                for cursor in self._active:
                    cursor.interrupt()
                if not self._active or self._changed.wait_for(lambda: not self._active, timeout=0.05):
                    break

    def _require_open(self) -> duckdb.DuckDBPyConnection:
        if self._closed:
            raise QueryCancelledError
        if self._connection is None:
            raise DatabaseError(f"The database {self._path} is not open.", "Start Junjo Desktop again.")
        return self._connection

    def _require_room(self, wanted: int) -> None:
        try:
            free = shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise DataFolderError(
                f"The folder of {self._path} cannot be reached ({error.strerror}).", "Bring it back, or start again."
            ) from error
        if free < wanted:
            raise DataFolderError(
                f"The disk of {self._path} has only {free >> 20} MB left, so nothing more is stored for now.",
                "Free some space. What is received meanwhile waits in the intake journal and is not lost.",
            )

    def _translated(self, error: duckdb.Error, damaged: Callable[[Path], DamagedDatabaseError]) -> Exception:
        trouble = trouble_of(error)
        if trouble is Trouble.INTERRUPTED:
            return QueryCancelledError()
        if trouble is Trouble.INVALIDATED:
            self._invalid = True
        if says_damage(error):
            return self._found_damage(damaged(self._path), is_writing=damaged is damaged_for_writing)
        translated: UserError | None = as_user_error(error, self._path)
        return translated or error

    def _found_damage(self, damage: DamagedDatabaseError, *, is_writing: bool) -> DamagedDatabaseError:
        """Remember damage; when it keeps anything more from being stored, also for the next start."""
        if is_writing or self._damage is None:
            self._damage = damage
        if is_writing:
            with suppress(OSError):
                damage_mark(self._path).touch()
        return damage


def _new_cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    cursor = connection.cursor()
    use_catalog(cursor)
    return cursor


def _roll_back(connection: duckdb.DuckDBPyConnection) -> bool:
    """End the transaction, if there is one; say whether the connection can be used further."""
    try:
        connection.rollback()
    except duckdb.TransactionException:
        return True  # a failed commit has ended it
    except duckdb.Error:
        return False
    return True
