"""What becomes of a damaged journal: it is kept under another name, and a new one takes over what can still be read."""

from __future__ import annotations

import logging
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from junjo_desktop.errors import DataFolderError, UserError
from junjo_desktop.receiver.journal_file import (
    DamagedJournalError,
    connect_writer,
    create,
    identity_of,
    open_journal,
)
from junjo_desktop.receiver.journal_salvage import SavedEntry, connect_damaged, read_identity, read_last_seq, salvage
from junjo_desktop.state.sqlite_file import COMPANIONS, create_private

logger = logging.getLogger(__name__)

INSERT = "INSERT INTO entries (seq, signal, items, items_through, received_ns, body) VALUES (?, ?, ?, ?, ?, ?)"
_PORTION_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Rescue:
    """What was done about a damaged journal. `missing` positions were handed out and could not be read."""

    path: Path
    set_aside: Path
    kept: int
    missing: int

    @property
    def notice(self) -> UserError:
        """What the user is told."""
        kept = "nothing could be taken" if not self.kept else f"{self.kept:,} waiting requests were taken"
        lost = f" Up to {self.missing:,} could not be read and are not shown." if self.missing else ""
        return UserError(
            f"The intake journal {self.path} was damaged; it is kept as {self.set_aside} and a new one was made.",
            f"From the old one {kept} over.{lost} Keep the file if you want to have it looked at.",
        )


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A journal file ready for use; `rescue` says what became of a damaged one, if there was one."""

    writer: sqlite3.Connection
    journal_id: str
    rescue: Rescue | None


def open_file(path: Path) -> OpenedFile:
    """Open or make the journal. One that is damaged or no journal is set aside, and a new one takes its entries over.

    Raises `NewerDatabaseError` for a newer file (left untouched), `DataFolderError` when nothing can be opened there.
    """
    try:
        try:
            writer = open_journal(path)
            rescue = None
        except DamagedJournalError as damage:
            logger.warning("the intake journal %s is damaged (%s)", path, damage)
            rescue = begin_anew(path)
            writer = open_journal(path)
        return OpenedFile(writer, identity_of(writer), rescue)
    except (sqlite3.Error, OSError, DamagedJournalError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataFolderError(
            f"The intake journal {path} cannot be opened ({reason}).",
            "Free some space or correct its permissions, or name another folder with --data-dir.",
        ) from error


def begin_anew(
    path: Path, *, journal_id: str | None = None, last_seq: int = 0, trimmed_to: int | None = None
) -> Rescue:
    """Put a new journal in the place of a damaged one that nobody has open, with the entries that can be read.

    What is known from memory says more than the file: its identity, the last position handed out, and up to where
    entries are trimmed. Raises `sqlite3.Error` or `OSError`; then the damaged file is where it was.
    """
    staged = path.with_name(path.name + ".new")
    for companion in COMPANIONS:
        staged.with_name(staged.name + companion).unlink(missing_ok=True)
    counted = _Counted(trimmed_to)
    with closing(connect_damaged(path)) as damaged:
        last_seq = max(last_seq, read_last_seq(damaged))
        with closing(_new_journal(staged, journal_id or read_identity(damaged) or uuid.uuid4().hex)) as target:
            _fill(target, counted.pass_on(salvage(damaged)))
            last_seq = max(last_seq, counted.last_seq)
            _continue_after(target, last_seq)
    # Up to here a crash leaves the damaged file where it was, and the next start does all of this again.
    aside = _set_aside(path)
    staged.rename(path)
    _flush_names(path.parent)
    rescue = Rescue(path, aside, counted.kept, counted.missing(last_seq))
    logger.warning("the damaged intake journal is kept as %s; %d kept, %d missing", aside, rescue.kept, rescue.missing)
    return rescue


class _Counted:
    """Counts what is taken over."""

    def __init__(self, trimmed_to: int | None) -> None:
        self._trimmed_to = trimmed_to
        self.kept = 0
        self.last_seq = 0

    def pass_on(self, entries: Iterable[SavedEntry]) -> Iterator[SavedEntry]:
        for entry in entries:
            if self._trimmed_to is None:
                self._trimmed_to = entry.seq - 1
            if entry.seq > self._trimmed_to:
                self.kept += 1
                self.last_seq = entry.seq
                yield entry

    def missing(self, last_seq: int) -> int:
        """Positions without an entry; where nothing is known of trimming, from the first that could be read."""
        return max(0, last_seq - (self._trimmed_to or 0) - self.kept)


def _new_journal(path: Path, journal_id: str) -> sqlite3.Connection:
    create_private(path)
    target = connect_writer(path)
    try:
        create(target, journal_id)
    except BaseException:
        target.close()
        raise
    return target


def _fill(target: sqlite3.Connection, entries: Iterable[SavedEntry]) -> None:
    items_through = size = 0
    for entry in entries:
        if not target.in_transaction:
            target.execute("BEGIN IMMEDIATE")
        items_through += entry.items
        target.execute(INSERT, (*entry[:3], items_through, *entry[3:]))
        size += len(entry.body)
        if size >= _PORTION_BYTES:
            target.execute("COMMIT")
            size = 0
    if target.in_transaction:
        target.execute("COMMIT")


def _continue_after(target: sqlite3.Connection, last_seq: int) -> None:
    """Hand out no position again: the store would take it for one that it has."""
    target.execute("BEGIN IMMEDIATE")
    target.execute("DELETE FROM sqlite_sequence WHERE name = 'entries'")
    target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entries', ?)", (last_seq,))
    target.execute("COMMIT")


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    # The file itself last: a write-ahead log that is left alone would be taken for that of the new file.
    for companion in reversed(COMPANIONS):
        found = path.with_name(path.name + companion)
        if found.exists():
            found.rename(target.with_name(target.name + companion))
    return target


def _flush_names(folder: Path) -> None:
    """Put the new names on the disk; else a power cut could bring the damaged file back under its old one."""
    with suppress(OSError):  # Windows cannot open a folder, and needs no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
