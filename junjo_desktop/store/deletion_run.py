"""Deleting what was received so far, whether it is stored or still waits to be, and sparing what is starred."""

from __future__ import annotations

import time
from collections.abc import Callable

from junjo_desktop.state.notes import Notes
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import delete, toll_of
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.marks import MarkKeeper
from junjo_desktop.store.selection import Selection, Toll

_COUNT_WAIT_S = 2.0
_DELETE_WAIT_S = 30.0
_STEP_S = 0.5


class Deletion:
    """Deletes from a store that `indexer` fills, with the notes on what goes. Thread-safe.

    `starred` says at any time which traces are starred.
    """

    def __init__(
        self, store: Store, indexer: Indexer, starred: Callable[[], frozenset[str]], notes: Notes, marks: MarkKeeper
    ) -> None:
        self._store = store
        self._indexer = indexer
        self._starred = starred
        self._notes = notes
        self._marks = marks

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take now. Raises `UserError`."""
        self._wait_for_what_came(_COUNT_WAIT_S, CancelToken())
        kept = self._kept(selection)
        self._marks.refresh()
        return self._store.read(lambda cursor: toll_of(cursor, selection, kept))

    def delete(
        self,
        selection: Selection,
        on_progress: Callable[[Toll], None] | None = None,
        token: CancelToken | None = None,
    ) -> Toll:
        """Delete; return what was deleted, also when `token` was cancelled. Raises as `Store.write`."""
        noted = self._stored_of(self._notes.traces())
        try:
            return self._delete(selection, on_progress, token or CancelToken())
        finally:
            gone = noted - self._stored_of(noted)
            if gone:
                self._notes.forget(gone)

    def _stored_of(self, trace_ids: frozenset[str]) -> frozenset[str]:
        if not trace_ids:
            return trace_ids
        query, params = "SELECT trace_id FROM traces WHERE trace_id IN (SELECT unnest(?))", [list(trace_ids)]
        return self._store.read(lambda cursor: frozenset(row[0] for row in cursor.execute(query, params).fetchall()))

    def _delete(self, selection: Selection, on_progress: Callable[[Toll], None] | None, token: CancelToken) -> Toll:
        has_all = self._wait_for_what_came(_DELETE_WAIT_S, token)
        kept = self._kept(selection)
        deleted = delete(self._store, selection, on_progress, token, kept)
        if not has_all and selection.everything and self._wait_for_what_came(_DELETE_WAIT_S, token):
            # What could not be stored for want of room is stored now.
            before = deleted
            deleted += delete(self._store, selection, _added(before, on_progress), token, kept)
        if selection.everything and not token.cancelled:
            self._indexer.forget_quarantined()
        if selection.everything and not kept and not token.cancelled:
            # Nearly all of the file is free, and a checkpoint cuts that off its end.
            self._store.checkpoint()
        return deleted

    def _kept(self, selection: Selection) -> frozenset[str]:
        return frozenset() if selection.starred_too or selection.trace_ids else self._starred()

    def _wait_for_what_came(self, timeout_s: float, token: CancelToken) -> bool:
        """Wait until all that was acknowledged by now is stored; say whether it is."""
        give_up = time.monotonic() + timeout_s
        while not self._indexer.drain(_STEP_S):
            # Where the disk is full, say, waiting longer helps nobody, and deleting does.
            if self._indexer.last_error or token.cancelled or time.monotonic() > give_up:
                return False
        return True


def _added(before: Toll, on_progress: Callable[[Toll], None] | None) -> Callable[[Toll], None] | None:
    return None if on_progress is None else lambda so_far: on_progress(before + so_far)
