"""Works out in the background what lenses show of a trace, one state of it at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.analysis import Analyse, Analysis

if TYPE_CHECKING:
    from junjo_desktop.features.trace.tree import SpanTree
    from junjo_desktop.shell.workbench import Workbench

_IDLE_SHARE = 6
"""Work on a growing trace is followed by a pause of this many times its own time: others need the processor."""


class Analyst(QObject):
    """`analysed` carries an `Analysis`."""

    analysed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = workbench.worker(self, self._done)
        self._waiting: SpanTree | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)

    def show_trace(self, tree: SpanTree) -> None:
        """Work on another trace; forget any earlier one."""
        self.stop()
        self._worker.submit(_Timed(Analyse(tree)))

    def grow(self, tree: SpanTree) -> None:
        """Work on a newer state of the same trace, once the one under way is done: a fast stream would starve it."""
        self._waiting = tree
        if not self._worker.busy and not self._rest.isActive():
            self._go_on()

    def stop(self) -> None:
        """Forget what is under way."""
        self._waiting = None
        self._rest.stop()
        self._worker.cancel()

    def _go_on(self) -> None:
        if self._waiting is not None:
            tree, self._waiting = self._waiting, None
            self._worker.submit(_Timed(Analyse(tree)))

    def _done(self, done: tuple[Analysis, float]) -> None:
        analysis, took_s = done
        self._rest.start(round(took_s * _IDLE_SHARE * 1000))
        self.analysed.emit(analysis)


@dataclass(frozen=True, slots=True)
class _Timed:
    job: Analyse

    def __call__(self) -> tuple[Analysis, float]:
        started = time.monotonic()
        with collection_held_back():
            analysis = self.job()
        return analysis, time.monotonic() - started
