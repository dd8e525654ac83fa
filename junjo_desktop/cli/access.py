"""Asking the stored telemetry: through the app that has it open, or by opening it for a moment."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from junjo_desktop.cli.output import remark
from junjo_desktop.errors import AlreadyRunningError, DataFolderError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

if TYPE_CHECKING:
    from junjo_desktop.link.client import LinkClient
    from junjo_desktop.store.database import Store
    from junjo_desktop.store.indexer import Indexer

# How long another short command may hold the folder, or an app take to start, before we give up.
PATIENCE_S = 10.0
_STEP_S = 0.1
_INDEX_TIMEOUT_S = 600.0


class Access(Protocol):
    """Answers queries by name with a JSON document. Raises `UserError`."""

    def query(self, name: str, params: Mapping[str, Any]) -> bytes: ...


@contextmanager
def open_access(data_dir: DataDir) -> Iterator[Access]:
    """Give access to what is stored in the folder. Raises `UserError`."""
    with ExitStack() as closing:
        yield _first_answering(data_dir, closing)


def connect(data_dir: DataDir) -> LinkClient | None:
    """Return the app that has the folder open, or None when there is none. Raises `UserError`."""
    endpoint = read_endpoint(data_dir)
    if endpoint is None:
        return None
    from junjo_desktop.link.client import LinkClient, NobodyThereError

    client = LinkClient(endpoint)
    try:
        client.hello()
    except NobodyThereError:
        client.close()
        return None
    except BaseException:
        client.close()
        raise
    return client


def _first_answering(data_dir: DataDir, closing: ExitStack) -> Access:
    give_up = time.monotonic() + PATIENCE_S
    while True:
        client = connect(data_dir)
        if client is not None:
            closing.callback(client.close)
            return client
        try:
            return _open_here(data_dir, closing)
        except AlreadyRunningError:
            # Another short command, or an app that starts or ends this very moment.
            if time.monotonic() > give_up:
                raise


class _OwnAccess:
    def __init__(self, store: Store) -> None:
        self._store = store

    def query(self, name: str, params: Mapping[str, Any]) -> bytes:
        from junjo_desktop.store.answers import answer

        return self._store.read(lambda cursor: answer(cursor, name, params))


def _open_here(data_dir: DataDir, closing: ExitStack) -> Access:
    if not _holds_telemetry(data_dir):
        # Nothing was ever received: an empty store answers, and asking leaves nothing behind.
        folder = Path(tempfile.mkdtemp(prefix="junjo-"))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        return _OwnAccess(_open_store(folder / data_dir.telemetry.name, closing))
    from junjo_desktop.link.claim import claim

    try:
        claimed = claim(data_dir, _STEP_S)
    except DataFolderError:
        remark("The data folder is read-only: what was received and not yet indexed is not shown.")
        return _OwnAccess(_open_store(data_dir.telemetry, closing, read_only=True))
    closing.callback(claimed.release)
    store = _open_store(data_dir.telemetry, closing)
    if data_dir.journal.exists():
        _index_what_waits(data_dir, store)
    return _OwnAccess(store)


def _holds_telemetry(data_dir: DataDir) -> bool:
    try:
        if data_dir.root.exists() and not data_dir.root.is_dir():
            raise DataFolderError(f"{data_dir.root} is not a folder.", "Name a folder with --data-dir.")
        return data_dir.telemetry.exists() or data_dir.journal.exists()
    except OSError as error:
        raise DataFolderError(
            f"The data folder {data_dir.root} cannot be read ({error.strerror}).",
            "Correct its permissions, or name another folder with --data-dir.",
        ) from error


def _open_store(path: Path, closing: ExitStack, *, read_only: bool = False) -> Store:
    from junjo_desktop.store.database import Store

    store = Store.open(path, read_only=read_only)
    closing.callback(store.close)
    return store


def _drained(indexer: Indexer) -> bool:
    """Wait until everything is indexed; say False when something is in the way of it."""
    give_up = time.monotonic() + _INDEX_TIMEOUT_S
    said = False
    while not indexer.drain(1.0):
        if indexer.last_error or time.monotonic() > give_up:
            return False
        if not said:
            remark(f"Indexing {indexer.waiting:,} items that were received before …")
            said = True
    return True


def _index_what_waits(data_dir: DataDir, store: Store) -> None:
    from junjo_desktop.receiver.journal import Journal
    from junjo_desktop.store.indexer import Indexer

    journal = Journal(data_dir.journal)
    try:
        indexer = Indexer(store, journal, lambda: None)
        indexer.start()
        try:
            if not _drained(indexer):
                trouble = f" ({indexer.last_error})" if indexer.last_error else ""
                remark(f"{indexer.waiting:,} received items are not indexed yet and not shown{trouble}.")
        finally:
            indexer.stop()
    finally:
        journal.close()
