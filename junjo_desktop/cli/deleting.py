"""Deleting what is stored: through the app that has it open, or by opening it for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from junjo_desktop.cli.access import CLAIM_S, drained, holds_telemetry, running_or_here
from junjo_desktop.cli.aside import Aside
from junjo_desktop.cli.output import remark
from junjo_desktop.errors import UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.selection import Selection, Toll

if TYPE_CHECKING:
    from junjo_desktop.link.client import LinkClient
    from junjo_desktop.store.database import Store
    from junjo_desktop.store.deletion_run import Deletion

OnProgress = Callable[[Toll], None]


class Deleter(Protocol):
    """Deletes. Methods raise `UserError`."""

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take."""

    def delete(self, selection: Selection, on_progress: OnProgress) -> None:
        """Delete; `on_progress` is called, on another thread, with what is deleted so far, the last time with all.

        Ctrl-C ends it after the transaction under way, which `on_progress` is told of, too.
        """

    def give_space_back(self) -> int:
        """Make the file smaller where that pays; return by how many bytes. Ctrl-C leaves it as it is."""


@contextmanager
def open_deleter(data_dir: DataDir) -> Iterator[Deleter]:
    """Give the means to delete from the folder. Raises `UserError`."""
    with ExitStack() as undo:
        aside = Aside()
        undo.callback(aside.close)
        found = running_or_here(data_dir, undo, partial(_open_here, data_dir, undo, aside))
        yield found if isinstance(found, _Here | _Nothing) else _Running(found, aside)


class _Running:
    """An app that does it."""

    def __init__(self, client: LinkClient, aside: Aside) -> None:
        self._client = client
        self._aside = aside

    def toll_of(self, selection: Selection) -> Toll:
        return self._client.toll_of(selection)

    def delete(self, selection: Selection, on_progress: OnProgress) -> None:
        token = CancelToken()
        self._aside.run(partial(self._delete, selection, on_progress, token), cancel=token.cancel)

    def give_space_back(self) -> int:
        return 0  # the app does so by itself when it is quiet

    def _delete(self, selection: Selection, on_progress: OnProgress, token: CancelToken) -> None:
        deleted, is_finished = Toll(), False
        while not is_finished and not token.cancelled:
            taken, is_finished = self._client.delete_some(selection)
            deleted += taken
            on_progress(deleted)


class _Here:
    """This process does it."""

    def __init__(self, store: Store, deletion: Deletion, journal: Path, aside: Aside) -> None:
        self._store = store
        self._deletion = deletion
        self._journal = journal
        self._aside = aside

    def toll_of(self, selection: Selection) -> Toll:
        return self._aside.run(lambda: self._deletion.toll_of(selection))

    def delete(self, selection: Selection, on_progress: OnProgress) -> None:
        token = CancelToken()
        self._aside.run(partial(self._deletion.delete, selection, on_progress, token), cancel=token.cancel)

    def give_space_back(self) -> int:
        token = CancelToken()
        return self._aside.run(partial(self._give_space_back, token), cancel=token.cancel)

    def _give_space_back(self, token: CancelToken) -> int:
        from junjo_desktop.store.copying import ChangedMeanwhileError
        from junjo_desktop.store.occupancy import occupancy_of
        from junjo_desktop.store.rewriting import pays, rewrite

        self._store.checkpoint()
        occupancy = self._store.read(lambda cursor: occupancy_of(cursor, self._store.path, self._journal))
        if not pays(occupancy):
            return 0
        remark("Giving the space back to the disk …")
        try:
            return rewrite(self._store, occupancy, lambda _share: None, token)
        except (ChangedMeanwhileError, UserError) as trouble:
            remark(f"The space is free for what comes, but not given back now. {trouble}".rstrip())
            return 0


class _Nothing:
    """Nothing was ever received, and nothing is left behind by looking."""

    def toll_of(self, _selection: Selection) -> Toll:
        return Toll()

    def delete(self, _selection: Selection, _on_progress: OnProgress) -> None:
        return

    def give_space_back(self) -> int:
        return 0


def _open_here(data_dir: DataDir, undo: ExitStack, aside: Aside) -> _Here | _Nothing:
    if not holds_telemetry(data_dir):
        return _Nothing()
    from junjo_desktop.link.claim import claim
    from junjo_desktop.receiver.journal import Journal
    from junjo_desktop.state.notes import Notes
    from junjo_desktop.state.stars import Stars
    from junjo_desktop.store.database import Store
    from junjo_desktop.store.deletion_run import Deletion
    from junjo_desktop.store.indexer import Indexer
    from junjo_desktop.store.marks import MarkKeeper

    undo.callback(claim(data_dir, CLAIM_S).release)
    stars, notes = Stars(data_dir.state), Notes(data_dir.state)
    undo.callback(stars.close)
    undo.callback(notes.close)
    store = aside.run(partial(Store.open, data_dir.telemetry))
    undo.callback(aside.run, store.close)
    journal = Journal(data_dir.journal)
    undo.callback(journal.close)
    indexer = Indexer(store, journal, lambda: None)
    indexer.start()
    undo.callback(indexer.stop)
    if not drained(indexer):
        trouble = f" ({indexer.last_error})" if indexer.last_error else ""
        remark(f"{indexer.waiting:,} received items cannot be indexed now{trouble}; what they hold is not counted.")
    marks = MarkKeeper(store, notes, stars.starred)
    deletion = Deletion(store, indexer, stars.starred, notes, marks)
    return _Here(store, deletion, data_dir.journal, aside)
