"""Works out in the background what lenses show of a trace, one state of it at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from junjo_desktop.features.trace.analysis import Analyse, Analysis

if TYPE_CHECKING:
    from junjo_desktop.features.trace.tree import SpanTree
    from junjo_desktop.shell.workbench import Workbench


class Analyst(QObject):
    """`analysed` carries an `Analysis`."""

    analysed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = workbench.worker(self, self._done)
        self._waiting: SpanTree | None = None

    def show_trace(self, tree: SpanTree) -> None:
        """Work on another trace; forget any earlier one."""
        self._waiting = None
        self._worker.submit(Analyse(tree))

    def grow(self, tree: SpanTree) -> None:
        """Work on a newer state of the same trace, after the one under way: else a fast stream would starve it."""
        if self._worker.busy:
            self._waiting = tree
        else:
            self._worker.submit(Analyse(tree))

    def stop(self) -> None:
        """Forget what is under way."""
        self._waiting = None
        self._worker.cancel()

    def _done(self, analysis: Analysis) -> None:
        self.analysed.emit(analysis)
        if self._waiting is not None:
            tree, self._waiting = self._waiting, None
            self._worker.submit(Analyse(tree))
