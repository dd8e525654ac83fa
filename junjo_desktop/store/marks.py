"""Stars, tags and comments where queries can ask for them: copied from the state file into memory beside the database.

They are few, and known to every cursor of an open database; the file of the telemetry never holds them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from junjo_desktop.errors import DatabaseError

if TYPE_CHECKING:
    import duckdb

    from junjo_desktop.state.notes import Notes
    from junjo_desktop.store.database import Store

MARKS = "memory.main.marks"
"""The table, in the empty database in memory beside which the file is attached."""
STAR, TAG, COMMENT = "star", "tag", "note"
NOTED = f"trace_id IN (SELECT trace_id FROM {MARKS} WHERE kind <> '{STAR}')"  # noqa: S608 - our own name
"""The condition on a row of traces that something is written on the trace or on a span of it."""

_log = logging.getLogger(__name__)


class Mark(NamedTuple):
    """A row: something that stands on a trace, or (`span_id` is not None) on one of its spans."""

    trace_id: str
    span_id: str | None
    kind: str
    text: str


def make_marks(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table."""
    connection.execute(
        f"CREATE TABLE {MARKS}"
        " (trace_id VARCHAR NOT NULL, span_id VARCHAR, kind VARCHAR NOT NULL, text VARCHAR NOT NULL)"
    )


def fill_marks(cursor: duckdb.DuckDBPyConnection, marks: Sequence[Mark]) -> None:
    """Have exactly these marks in the table."""
    columns = [list(column) for column in zip(*marks, strict=True)] or [[], [], [], []]
    cursor.begin()
    try:
        cursor.execute(f"DELETE FROM {MARKS}")  # noqa: S608 - our own name
        cursor.execute(
            f"INSERT INTO {MARKS} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]),"
            " unnest(?::VARCHAR[])",
            columns,
        )
        cursor.commit()
    except BaseException:
        cursor.rollback()
        raise


class MarkKeeper:
    """Keeps the marks of a store those of the state file, whoever changes that. Thread-safe."""

    def __init__(self, store: Store, notes: Notes, starred: Callable[[], frozenset[str]]) -> None:
        self._store = store
        self._notes = notes
        self._starred = starred
        self._lock = threading.Lock()
        self._version: tuple[int, int] | None = None
        self._marks: Sequence[Mark] = ()

    def refresh(self) -> None:
        """Copy what has changed; to be called before queries are asked. Costs microseconds while nothing changes."""
        with self._lock:
            try:
                version = self._notes.version()
                if version == self._version:
                    return
                marks = self._read()
                if marks != self._marks:
                    self._store.set_marks(marks)
            except DatabaseError:
                # Whoever shows notes says so; everything else can be asked all the same.
                _log.warning("Stars and notes cannot be read for queries", exc_info=True)
                return
            self._version, self._marks = version, marks

    def _read(self) -> Sequence[Mark]:
        marks = [Mark(trace_id, None, STAR, "") for trace_id in sorted(self._starred())]
        for (trace_id, span_id), note in self._notes.all().items():
            marks += [Mark(trace_id, span_id or None, TAG, tag) for tag in note.tags]
            if note.comment:
                marks.append(Mark(trace_id, span_id or None, COMMENT, note.comment))
        return marks
