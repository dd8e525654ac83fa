"""Unfolds a tree piece by piece, from its top, so that the window answers in between."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from PySide6.QtCore import QModelIndex, QObject, QTimer

_SLICE_S = 0.005
_PAUSE_MS = 5
_STEP = 16


class Unfolds(Protocol):
    """A tree that unfolds rows without moving what is looked at."""

    def expand_still(self, indexes: Iterable[QModelIndex]) -> None: ...


class Unfolding(QObject):
    """Works for some milliseconds at a time until everything is unfolded, or `stop`."""

    def __init__(self, tree: Unfolds) -> None:
        super().__init__(tree if isinstance(tree, QObject) else None)
        self._tree = tree
        self._waiting: Iterator[QModelIndex] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be unfolded."""
        return self._timer.isActive()

    def start(self, indexes: Iterator[QModelIndex]) -> None:
        """Unfold these, given from top to bottom, instead of what was to be unfolded."""
        self._waiting = indexes
        self._timer.start()

    def stop(self) -> None:
        """Leave the rest as it is."""
        self._timer.stop()

    def _go_on(self) -> None:
        end = time.monotonic() + _SLICE_S
        self._tree.expand_still(self._until(end))

    def _until(self, end_s: float) -> Iterator[QModelIndex]:
        while piece := list(islice(self._waiting, _STEP)):
            yield from piece
            if time.monotonic() >= end_s:
                return
        self.stop()
