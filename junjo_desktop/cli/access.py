"""Asking the stored telemetry: through the app that has it open, or by opening it for a moment."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from junjo_desktop.cli.aside import Aside
from junjo_desktop.cli.output import remark
from junjo_desktop.errors import AlreadyRunningError, DataFolderError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

if TYPE_CHECKING:
    from junjo_desktop.link.client import LinkClient
    from junjo_desktop.store.database import Store
    from junjo_desktop.store.indexer import Indexer

T = TypeVar("T")

# How long another short command may hold the folder, or an app take to start, before we give up.
PATIENCE_S = 10.0
CLAIM_S = 0.1
"""How long to wait for the folder before looking again whether an app answers."""
_INDEX_TIMEOUT_S = 600.0
_CALLS_TIMEOUT_S = 60.0
"""How long calls are read before what is read is told; the answer says what is left."""


class Access(Protocol):
    """Answers queries by name with a JSON document. Raises `UserError`."""

    def query(self, name: str, params: Mapping[str, Any]) -> bytes: ...


@contextmanager
def open_access(data_dir: DataDir, *, reads_calls: bool = False) -> Iterator[Access]:
    """Give access to what is stored in the folder; with `reads_calls`, calls of models are read first.

    Raises `UserError`.
    """
    with ExitStack() as undo:
        yield running_or_here(data_dir, undo, partial(_open_here, data_dir, undo, reads_calls=reads_calls))


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


def running_or_here(data_dir: DataDir, undo: ExitStack, open_here: Callable[[], T]) -> LinkClient | T:
    """Return the app that has the folder open, else what `open_here` returns. Raises `UserError`.

    `open_here` raises `AlreadyRunningError` while somebody else holds the folder, and is called again then.
    """
    give_up = time.monotonic() + PATIENCE_S
    while True:
        client = connect(data_dir)
        if client is not None:
            undo.callback(client.close)
            return client
        try:
            return open_here()
        except AlreadyRunningError:
            # Another short command, or an app that starts or ends this very moment.
            if time.monotonic() > give_up:
                raise
            time.sleep(CLAIM_S)


class _OwnAccess:
    def __init__(self, data_dir: DataDir, store: Store, aside: Aside) -> None:
        self._data_dir = data_dir
        self._store = store
        self._aside = aside

    def query(self, name: str, params: Mapping[str, Any]) -> bytes:
        if name == "storage":
            from junjo_desktop.cli.storage import storage_answer

            return self._aside.run(lambda: storage_answer(self._store, self._data_dir))
        from junjo_desktop.store.answers import answer
        from junjo_desktop.store.cancellation import CancelToken

        if params.get("query"):
            self._aside.run(self._take_marks)
        token = CancelToken()
        return self._aside.run(
            lambda: self._store.read(lambda cursor: answer(cursor, name, params), token), cancel=token.cancel
        )

    def _take_marks(self) -> None:
        """Have the query know stars, tags and comments."""
        if self._data_dir.state.exists():
            from junjo_desktop.state.notes import Notes
            from junjo_desktop.state.stars import Stars
            from junjo_desktop.store.marks import MarkKeeper

            with closing(Notes(self._data_dir.state)) as notes, closing(Stars(self._data_dir.state)) as stars:
                MarkKeeper(self._store, notes, stars.starred).refresh()


def _open_here(data_dir: DataDir, undo: ExitStack, *, reads_calls: bool) -> Access:
    from junjo_desktop.link.claim import claim

    is_writable = False
    if holds_telemetry(data_dir):
        try:
            undo.callback(claim(data_dir, CLAIM_S).release)
            is_writable = True
        except DataFolderError:
            remark("The data folder is read-only: what was received and not yet indexed is not shown.")
    waits = is_writable and _holds_entries(data_dir)
    path = data_dir.telemetry
    if not path.exists() and not waits:
        # Nothing was ever received: an empty store answers, and asking leaves nothing behind.
        folder = Path(tempfile.mkdtemp(prefix="junjo-"))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        path, is_writable = folder / path.name, True
    aside = Aside()
    undo.callback(aside.close)
    reads_calls = reads_calls and is_writable
    store = aside.run(lambda: _open_store(path, must_write=waits or reads_calls, is_writable=is_writable))
    undo.callback(aside.run, store.close)
    if waits:
        _index_what_waits(data_dir, store, aside)
    if reads_calls:
        aside.run(lambda: _read_calls(store, data_dir))
    return _OwnAccess(data_dir, store, aside)


def holds_telemetry(data_dir: DataDir) -> bool:
    """Whether anything was ever received into the folder. Raises `DataFolderError` when that cannot be seen."""
    try:
        if data_dir.root.exists() and not data_dir.root.is_dir():
            raise DataFolderError(f"{data_dir.root} is not a folder.", "Name a folder with --data-dir.")
        return data_dir.telemetry.exists() or data_dir.journal.exists()
    except OSError as error:
        raise DataFolderError(
            f"The data folder {data_dir.root} cannot be read ({error.strerror}).",
            "Correct its permissions, or name another folder with --data-dir.",
        ) from error


def _holds_entries(data_dir: DataDir) -> bool:
    from junjo_desktop.receiver.journal_file import holds_entries

    return holds_entries(data_dir.journal)


def _open_store(path: Path, *, must_write: bool, is_writable: bool) -> Store:
    """Open for reading where that will do: it takes half the time."""
    from junjo_desktop.store.database import Store
    from junjo_desktop.store.opening import OlderDatabaseError

    if not must_write and path.exists():
        try:
            return Store.open(path, read_only=True)
        except OlderDatabaseError:
            if not is_writable:
                raise
    return Store.open(path)


def _read_calls(store: Store, data_dir: DataDir) -> None:
    """Read the calls of models that are not read yet: there is no app that does it in the background."""
    from junjo_desktop.state.own_prices import OwnPrices
    from junjo_desktop.store.call_indexing import CallIndexing
    from junjo_desktop.store.own_prices import take_own_prices

    own = {}
    if data_dir.state.exists():
        with closing(OwnPrices(data_dir.state)) as prices:
            own = dict(prices.all())
    take_own_prices(store, own)
    in_force = {model: price.prices for model, price in own.items()}
    CallIndexing(store, own_prices=lambda: in_force).catch_up(_CALLS_TIMEOUT_S)


def drained(indexer: Indexer) -> bool:
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


def _index_what_waits(data_dir: DataDir, store: Store, aside: Aside) -> None:
    from junjo_desktop.receiver.journal import Journal
    from junjo_desktop.store.indexer import Indexer
    from junjo_desktop.store.writer import BatchWriter

    with closing(Journal(data_dir.journal)) as journal:
        if not journal.waiting(aside.run(BatchWriter(store, journal.journal_id).position).seq):
            return
        indexer = Indexer(store, journal, lambda: None)
        indexer.start()
        try:
            if not drained(indexer):
                trouble = f" ({indexer.last_error})" if indexer.last_error else ""
                remark(f"{indexer.waiting:,} received items are not indexed yet and not shown{trouble}.")
        finally:
            indexer.stop()
