"""Making derived data again: in the app that has the folder open, or by opening it for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

from junjo_desktop.cli.access import CLAIM_S, holds_telemetry, running_or_here
from junjo_desktop.cli.aside import Aside
from junjo_desktop.paths import DataDir
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.derivation import Position, Rebuilt

if TYPE_CHECKING:
    from junjo_desktop.link.client import LinkClient
    from junjo_desktop.store.database import Store

OnProgress = Callable[[Position], None]


class Rebuilder(Protocol):
    """Rebuilds."""

    def rebuild(self, on_progress: OnProgress, *, restart: bool) -> Rebuilt | None:
        """Return how it ended; None: nothing is stored. Raises `UserError`.

        `on_progress` is called on another thread. Ctrl-C ends it after the portion under way.
        """


@contextmanager
def open_rebuilder(data_dir: DataDir) -> Iterator[Rebuilder]:
    """Give the means to rebuild what is in the folder. Raises `UserError`."""
    with ExitStack() as undo:
        aside = Aside()
        undo.callback(aside.close)
        found = running_or_here(data_dir, undo, partial(_open_here, data_dir, undo, aside))
        yield found if isinstance(found, _Here) else _Running(found, aside)


class _Running:
    """An app that does it."""

    def __init__(self, client: LinkClient, aside: Aside) -> None:
        self._client = client
        self._aside = aside

    def rebuild(self, on_progress: OnProgress, *, restart: bool) -> Rebuilt | None:
        token = CancelToken()
        return self._aside.run(partial(self._rebuild, on_progress, token, restart), cancel=token.cancel)

    def _rebuild(self, on_progress: OnProgress, token: CancelToken, restart: bool) -> Rebuilt:
        first = found = self._client.rebuild_some(restart=restart)
        while not found.is_finished and not token.cancelled:
            on_progress(found.position)
            found = self._client.rebuild_some(restart=False)
        on_progress(found.position)
        return Rebuilt(found.is_finished, first.is_resumed, found.position)


class _Here:
    """This process does it; without a store, nothing was ever received."""

    def __init__(self, store: Store | None, aside: Aside) -> None:
        self._store = store
        self._aside = aside

    def rebuild(self, on_progress: OnProgress, *, restart: bool) -> Rebuilt | None:
        if self._store is None:
            return None
        from junjo_desktop.store.rebuild import rebuild

        token = CancelToken()
        return self._aside.run(partial(rebuild, self._store, on_progress, token, restart=restart), cancel=token.cancel)


def _open_here(data_dir: DataDir, undo: ExitStack, aside: Aside) -> _Here:
    if not holds_telemetry(data_dir):
        return _Here(None, aside)
    from junjo_desktop.link.claim import claim
    from junjo_desktop.store.database import Store

    # What waits in the journal is stored by the next start, with the meaning of its version.
    undo.callback(claim(data_dir, CLAIM_S).release)
    store = aside.run(partial(Store.open, data_dir.telemetry))
    undo.callback(aside.run, store.close)
    return _Here(store, aside)
