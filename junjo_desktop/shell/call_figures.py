"""What the calls of the trace in front add up to, read again as more of them are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from junjo_desktop.shell.workbench import Workbench


class CallFigures(QObject):
    """`changed` comes when the answer of `read` for what is shown is another one than before."""

    changed = Signal()

    def __init__(self, workbench: Workbench, read: Callable[..., Any], parent: QObject) -> None:
        """`read` gets a cursor and what `show` was called with."""
        super().__init__(parent)
        self._read = read
        self._asked: tuple[Any, ...] = ()
        self._is_stale = False
        self.figures: Any = None
        """None until they are known."""
        self._reader = workbench.reader(self, self._take)
        workbench.batch_stored.connect(self.renew)

    def show(self, *asked: Any) -> None:
        """Have the figures of something else, or of the same thing again; of nothing where nothing is given."""
        if asked != self._asked:
            self._reader.cancel()
            self.figures = None
            self._asked = asked
        self.renew()

    def renew(self) -> None:
        """Read them again."""
        self._is_stale = self._reader.busy
        if self._asked and not self._is_stale:
            self._reader.submit(partial(_ask, self._read, self._asked))

    def _take(self, answer: tuple[tuple[Any, ...], Any]) -> None:
        asked, figures = answer
        if asked == self._asked and figures != self.figures:
            self.figures = figures
            self.changed.emit()
        if self._is_stale:
            self.renew()


def _ask(read: Callable[..., Any], asked: tuple[Any, ...], cursor: object) -> tuple[tuple[Any, ...], Any]:
    return asked, read(cursor, *asked)
