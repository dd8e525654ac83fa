"""What becomes of a database that turns out to be damaged: it is kept under another name, and a new one is made.

Only damage leads here. A database that is newer, held by another process, of another program or not permitted is
refused by `open_database` and stays where it is. The intake journal has what is not stored yet, and it begins at the
position that the database says: a new one says none, so everything that the journal still holds is stored in it.
"""

from __future__ import annotations

import logging
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from junjo_desktop.errors import DamagedDatabaseError, DataFolderError, UserError
from junjo_desktop.store.database import Store
from junjo_desktop.store.failures import damage_mark, log_of

logger = logging.getLogger(__name__)

_BAD_LOG_ENTRY = re.compile(r"Corrupt WAL file: entry at byte position (\d+)")
_OF_THE_LOG = re.compile(r"WAL file", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """An open store, and what the user must be told about how it was opened."""

    store: Store
    notice: UserError | None = None


def open_or_begin_anew(path: Path) -> OpenedStore:
    """Open the database for writing; one that is damaged, or that a write has found damaged, is set aside first.

    Of a damaged write-ahead log everything before the damage is kept. Raises as `Store.open`, but for damage.
    """
    try:
        return _open_or_cut_log(path)
    except DamagedDatabaseError as error:
        aside = _set_aside(path)
        logger.warning("The database %s is damaged (%s) and is kept as %s", path, error.__cause__ or error, aside)
    return OpenedStore(
        Store.open(path),
        UserError(
            f"The database {path} was damaged; it is kept as {aside} and a new one was made.",
            "What was stored before is not shown; what was received and not yet stored is in the new one. "
            "Restore a copy if you have one, or keep the file to have it looked at.",
        ),
    )


def _open_or_cut_log(path: Path) -> OpenedStore:
    try:
        store = Store.open(path)
    except DamagedDatabaseError as error:
        if not _OF_THE_LOG.search(str(error.__cause__)):
            raise
        return _open_with_cut_log(path, str(error.__cause__))
    try:
        _look_closer(store)
    except BaseException:
        store.close()
        raise
    return OpenedStore(store)


def _look_closer(store: Store) -> None:
    """Look for damage that keeps anything more from being stored. Raises `DamagedDatabaseError`."""
    if damage_mark(store.path).exists():
        raise DamagedDatabaseError("A write has found it damaged.")
    store.read(lambda cursor: cursor.execute("FROM intake_position").fetchall())


def _open_with_cut_log(path: Path, trouble: str) -> OpenedStore:
    """Open the database with what its log holds before the damage: the transactions that are whole."""
    log = log_of(path)
    aside = log_of(_name_for(path))
    found = _BAD_LOG_ENTRY.search(trouble)
    try:
        log.rename(aside)
        if found:
            _copy_beginning(aside, log, int(found[1]))
        store = Store.open(path)
    except DamagedDatabaseError:
        # The database itself is damaged too: let it be kept with its whole log.
        aside.replace(log)
        raise
    except OSError as error:
        raise _cannot_rename(log, error) from error
    logger.warning("The write-ahead log of %s is damaged (%s); the whole of it is kept as %s", path, trouble, aside)
    return OpenedStore(
        store,
        UserError(
            f"The end of the write-ahead log of {path} was damaged; the whole of it is kept as {aside}.",
            "The last things stored before the damage may be missing; everything older is there.",
        ),
    )


def _copy_beginning(source: Path, target: Path, size: int) -> None:
    with source.open("rb") as whole, target.open("xb") as beginning:
        shutil.copyfileobj(whole, beginning)
        beginning.truncate(size)


def _set_aside(path: Path) -> Path:
    """Rename the database and its log. Stopped at any point, the next start finds a state that it understands."""
    aside = _name_for(path)
    try:
        # A mark without its database would condemn the next one; a log without its database would be replayed into it.
        damage_mark(path).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            log_of(path).rename(log_of(aside))
        path.rename(aside)
    except OSError as error:
        raise _cannot_rename(path, error) from error
    return aside


def _name_for(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return path.with_name(f"{path.name}.damaged-{stamp}")


def _cannot_rename(path: Path, error: OSError) -> DataFolderError:
    return DataFolderError(
        f"{path} is damaged and cannot be set aside ({error.strerror}).",
        "Correct the permissions of its folder or free some space, or name another folder with --data-dir.",
    )
