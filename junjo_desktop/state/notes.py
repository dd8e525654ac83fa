"""Notes: tags and a comment that people write on traces and on their spans."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from junjo_desktop.errors import UsageError
from junjo_desktop.state.database import open_state, translated

LONGEST_TAG = 60
LONGEST_COMMENT = 20_000
MOST_TAGS = 50


class NotedPlace(NamedTuple):
    """What a note is on: a trace, or (`span_id` is not "") one of its spans."""

    trace_id: str
    span_id: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is written on one place. Tags are in the order of the alphabet, each once whatever its case."""

    tags: tuple[str, ...] = ()
    comment: str = ""

    def __bool__(self) -> bool:
        return bool(self.tags or self.comment)


NotesByPlace = Mapping[NotedPlace, Note]


def checked_tag(text: str) -> str:
    """Return a tag as it is kept. Raises `UsageError` for one that is none."""
    tag = " ".join(text.split())
    if not tag or len(tag) > LONGEST_TAG or "," in tag or not tag.isprintable():
        raise UsageError(
            f"A tag has 1 to {LONGEST_TAG} characters, and no comma.", "Several tags are written one after the other."
        )
    return tag


def checked_note(note: Note) -> Note:
    """Return a note as it is kept. Raises `UsageError` for what cannot be."""
    tags = {tag.casefold(): tag for tag in map(checked_tag, note.tags)}
    if len(tags) > MOST_TAGS:
        raise UsageError(f"{len(tags)} tags are too many.", f"At most {MOST_TAGS} can be kept on one trace or span.")
    comment = note.comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise UsageError(f"A note has at most {LONGEST_COMMENT:,} characters.", "Shorten it.")
    return Note(tuple(tags[key] for key in sorted(tags)), comment)


class Notes:
    """The notes of one state file, which another process may change at any time. Thread-safe.

    Methods raise `DatabaseError` when the file cannot be read or written.
    """

    def __init__(self, state_db: Path, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._path = state_db
        self._now_ns = now_ns
        self._lock = threading.Lock()
        # Opened with the first question: a start needs none.
        self._connection: sqlite3.Connection | None = None
        self._own_changes = 0

    def version(self) -> tuple[int, int]:
        """Return what changes with every change of the whole state file, whoever makes it; takes microseconds."""
        with self._using() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0]), self._own_changes

    def all(self) -> NotesByPlace:
        """Return every note, whether or not anything of its trace is stored."""
        with self._using() as connection:
            tags = connection.execute("SELECT trace_id, span_id, tag FROM tags ORDER BY tag").fetchall()
            comments = connection.execute("SELECT trace_id, span_id, comment FROM comments").fetchall()
        by_place: dict[NotedPlace, list[str]] = {}
        for trace_id, span_id, tag in tags:
            by_place.setdefault(NotedPlace(trace_id, span_id), []).append(tag)
        told = {NotedPlace(trace_id, span_id): comment for trace_id, span_id, comment in comments}
        return {
            place: Note(tuple(by_place.get(place, ())), told.get(place, ""))
            for place in dict.fromkeys((*by_place, *told))
        }

    def of(self, place: NotedPlace) -> Note:
        """Return the note on one place, an empty one where there is none."""
        where = "trace_id = ? AND span_id = ?"
        with self._using() as connection:
            tags = connection.execute(f"SELECT tag FROM tags WHERE {where} ORDER BY tag", place).fetchall()  # noqa: S608 - put together from constants
            told = connection.execute(f"SELECT comment FROM comments WHERE {where}", place).fetchone()  # noqa: S608 - put together from constants
        return Note(tuple(tag for (tag,) in tags), told[0] if told else "")

    def write(self, place: NotedPlace, note: Note) -> Note:
        """Have exactly this note on a place, nothing if it is empty; return it as kept. Raises `UsageError`."""
        kept, now_ns = checked_note(note), self._now_ns()
        with self._writing() as connection:
            before = dict(
                connection.execute(
                    "SELECT tag, tagged_ns FROM tags WHERE trace_id = ? AND span_id = ?", place
                ).fetchall()
            )
            connection.execute("DELETE FROM tags WHERE trace_id = ? AND span_id = ?", place)
            connection.execute("DELETE FROM comments WHERE trace_id = ? AND span_id = ?", place)
            connection.executemany(
                "INSERT INTO tags VALUES (?, ?, ?, ?)", [(*place, tag, before.get(tag, now_ns)) for tag in kept.tags]
            )
            if kept.comment:
                connection.execute("INSERT INTO comments VALUES (?, ?, ?, ?)", (*place, kept.comment, now_ns))
        return kept

    def forget(self, trace_ids: Collection[str]) -> None:
        """Remove whatever is written on these traces and on their spans."""
        with self._writing() as connection:
            for table in ("tags", "comments"):
                connection.executemany(
                    f"DELETE FROM {table} WHERE trace_id = ?",  # noqa: S608 - one of two names
                    [(trace_id,) for trace_id in trace_ids],
                )

    def traces(self) -> frozenset[str]:
        """Return the ids of the traces on which, or on spans of which, anything is written."""
        with self._using() as connection:
            rows: Iterable[tuple[str]] = connection.execute(
                "SELECT trace_id FROM tags UNION SELECT trace_id FROM comments"
            )
            return frozenset(trace_id for (trace_id,) in rows)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
            self._own_changes += 1

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = open_state(self._path)
                yield self._connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
