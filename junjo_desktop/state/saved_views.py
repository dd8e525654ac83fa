"""Saved views of lists: what is asked of what, and how it is laid out."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from junjo_desktop.errors import NotFoundError, UsageError
from junjo_desktop.state.database import open_state, translated

LONGEST_NAME = 80

_COLUMNS = "name, page, subject, query, filters, columns, sort_key, descending"


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view. `page` is the list it is a view of; `filters` and `columns` are JSON text that this page wrote.

    `sort_key` is the key of a column; "" leaves the order as it is.
    """

    name: str
    page: str
    subject: str
    query: str = ""
    filters: str = "{}"
    columns: str = "[]"
    sort_key: str = ""
    descending: bool = False


class SavedViews:
    """The views of one state file, which another process may change at any time. Thread-safe.

    Names are told apart without regard to the case of (Latin) letters. Methods raise `DatabaseError` when the file
    cannot be read or written.
    """

    def __init__(self, state_db: Path, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._path = state_db
        self._now_ns = now_ns
        self._lock = threading.Lock()
        # Opened with the first question: a start needs none.
        self._connection: sqlite3.Connection | None = None

    def all(self) -> tuple[SavedView, ...]:
        """Return the views by name."""
        with self._using() as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM saved_views ORDER BY name").fetchall()  # noqa: S608 - our own names
        return tuple(map(_view, found))

    def named(self, name: str) -> SavedView:
        """Return one view. Raises `NotFoundError`."""
        key = name.strip()
        with self._using() as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM saved_views WHERE name = ?", (key,)).fetchone()  # noqa: S608 - our own names
        if found is None:
            raise _unknown(key)
        return _view(found)

    def save(self, view: SavedView) -> None:
        """Keep a view; one of the same name is overwritten. Raises `UsageError` for a name that is none."""
        name = checked_name(view.name)
        row = (name, view.page, view.subject, view.query, view.filters, view.columns, view.sort_key, view.descending)
        with self._using() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO saved_views ({_COLUMNS}, changed_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
                (*row, self._now_ns()),
            )

    def rename(self, old: str, new: str) -> None:
        """Give a view another name. Raises `NotFoundError`, and `UsageError` for a name that is none or is taken."""
        new = checked_name(new)
        with self._using() as connection:
            try:
                changed = connection.execute("UPDATE saved_views SET name = ? WHERE name = ?", (new, old)).rowcount
            except sqlite3.IntegrityError as error:
                raise UsageError(f"There is a view “{new}” already.", "Choose another name.") from error
        if not changed:
            raise _unknown(old)

    def delete(self, name: str) -> None:
        """Forget a view, if there is one."""
        with self._using() as connection:
            connection.execute("DELETE FROM saved_views WHERE name = ?", (name,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                self._connection = open_state(self._path)
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error


def checked_name(name: str) -> str:
    """Return a name without space around it. Raises `UsageError` when it cannot be one."""
    found = name.strip()
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        raise UsageError(
            "This is no name for a view.", f"Expected one line of at most {LONGEST_NAME} printable characters."
        )
    return found


def _view(row: tuple[Any, ...]) -> SavedView:
    return replace(SavedView(*row), descending=bool(row[-1]))


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(f"There is no view “{name}”.", "`junjo-desktop views` lists those that are saved.")
