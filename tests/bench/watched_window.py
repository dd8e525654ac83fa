"""The app as its command starts it, with a watcher that tells when the Traces page is filled. Used by `start`.

`python -m tests.bench.watched_window ARGUMENTS` prints `filled NANOSECONDS ROWS PROCESSOR_MS` (monotonic clock) once
the rows on screen have been painted with their texts, or the empty state, and `modules NUMBER LITELLM` a little later.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from PySide6.QtCore import QTimer

from junjo_desktop.cli.main import main
from junjo_desktop.shell import launch
from junjo_desktop.shell.launch import OpenWindow

IDLE_AFTER_MS = 2500


class _FirstPaint:
    """Prints the moment of the first painting of a list whose answer has come."""

    def __init__(self, opened: OpenWindow) -> None:
        from tests.bench.watching import PaintWatcher

        self._is_told = False
        self._watcher = PaintWatcher(opened, self._painted)
        self._table = self._watcher.table

    def _painted(self, traces: list[str]) -> None:
        is_filled = bool(traces) or self._table.empty_state.isVisible()
        if is_filled and not self._is_told:
            self._is_told = True
            rows, processor_ms = self._table.model.rowCount(), time.process_time() * 1e3
            print("filled", time.monotonic_ns(), rows, processor_ms, flush=True)
            QTimer.singleShot(IDLE_AFTER_MS, _tell_modules)


def _tell_modules() -> None:
    print("modules", len(sys.modules), "litellm" in sys.modules, flush=True)


def _build_and_watch(*arguments: Any, **options: Any) -> OpenWindow:
    opened = _build_window(*arguments, **options)
    _watchers.append(_FirstPaint(opened))
    return opened


if __name__ == "__main__":
    _build_window = launch.build_window
    _watchers: list[_FirstPaint] = []
    launch.build_window = _build_and_watch
    sys.exit(main())
