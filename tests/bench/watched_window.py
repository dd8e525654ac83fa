"""The app as its command starts it, with a watcher that tells when the Traces page is filled. Used by `start`.

`python -m tests.bench.watched_window ARGUMENTS` prints `filled NANOSECONDS PROCESSOR_MS` (monotonic clock) once the
rows on screen have been painted with their texts, or the empty state; `whole NANOSECONDS ROWS` once all traces are
listed; and `modules NUMBER LITELLM` when the app has been idle for a while.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from PySide6.QtCore import QTimer

from junjo_desktop.cli.main import main
from junjo_desktop.shell import launch
from junjo_desktop.shell.launch import OpenWindow

IDLE_AFTER_MS = 5000
"""Longer than the app waits before it gives back the memory that only its start needed."""


class _FirstPaints:
    """Prints the moments of the first painting of a list whose answer has come, and of the whole list."""

    def __init__(self, opened: OpenWindow) -> None:
        from tests.bench.watching import PaintWatcher

        self._told: set[str] = set()
        self._watcher = PaintWatcher(opened, self._painted)
        self._table = self._watcher.table

    def _painted(self, traces: list[str]) -> None:
        if traces or self._table.empty_state.isVisible():
            self._tell("filled", time.process_time() * 1e3)
            if not self._table.model.listing.is_partial and self._tell("whole", self._table.model.rowCount()):
                QTimer.singleShot(IDLE_AFTER_MS, _tell_modules)

    def _tell(self, word: str, figure: float) -> bool:
        is_new = word not in self._told
        if is_new:
            self._told.add(word)
            print(word, time.monotonic_ns(), figure, flush=True)
        return is_new


def _tell_modules() -> None:
    print("modules", len(sys.modules), "litellm" in sys.modules, flush=True)


def _build_and_watch(*arguments: Any, **options: Any) -> OpenWindow:
    opened = _build_window(*arguments, **options)
    _watchers.append(_FirstPaints(opened))
    return opened


if __name__ == "__main__":
    _build_window = launch.build_window
    _watchers: list[_FirstPaints] = []
    launch.build_window = _build_and_watch
    sys.exit(main())
