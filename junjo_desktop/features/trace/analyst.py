"""Works out in the background what the lenses in front show of a trace, one state of it at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.analysis import Analyse, Analysis, Part

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
        self._tree: SpanTree | None = None
        self._known: Analysis | None = None
        self._wanted: dict[Part, None] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)

    def show_trace(self, tree: SpanTree) -> None:
        """Work on another trace; forget any earlier one."""
        self.stop()
        self._tree = tree
        self._go_on()

    def grow(self, tree: SpanTree) -> None:
        """Work on a newer state of the same trace, once the one under way is done: a fast stream would starve it."""
        self._tree = tree
        if not self._rest.isActive():
            self._go_on()

    def want(self, part: object) -> None:
        """Work out a `Part`, too, from now on: a lens that shows it came to the front."""
        if isinstance(part, Part):
            self._wanted[part] = None
            self._go_on()

    def unwant(self, part: object) -> None:
        """Work out a `Part` no more."""
        if isinstance(part, Part):
            self._wanted.pop(part, None)

    def stop(self) -> None:
        """Forget what is under way."""
        self._tree = self._known = None
        self._rest.stop()
        self._worker.cancel()

    def _go_on(self) -> None:
        if self._tree is None or self._worker.busy:
            return
        known = self._known if self._known is not None and self._known.tree is self._tree else None
        missing = tuple(part for part in self._wanted if known is None or not known.has(part))
        if known is None and self._known is None and missing:
            # What bars need first: it is what is seen, and the parts go on from there.
            missing = ()
        if known is None or missing:
            self._worker.submit(_Timed(Analyse(self._tree, missing, known)))

    def _done(self, done: tuple[Analysis, float]) -> None:
        analysis, took_s = done
        is_first, self._known = self._known is None, analysis
        self.analysed.emit(analysis)
        if is_first or analysis.tree is self._tree:
            self._go_on()
        if not self._worker.busy:
            self._rest.start(round(took_s * _IDLE_SHARE * 1000))


@dataclass(frozen=True, slots=True)
class _Timed:
    job: Analyse

    def __call__(self) -> tuple[Analysis, float]:
        started = time.monotonic()
        with collection_held_back():
            analysis = self.job()
        return analysis, time.monotonic() - started
