"""The background work a widget needs, as far as widgets may know it. `shell.workbench.Workbench` gives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject

from junjo_desktop.widgets.background_reads import BackgroundReads


class Worker(Protocol):
    """Runs one job off the GUI thread; only the newest answer is delivered."""

    @property
    def busy(self) -> bool: ...
    def submit(self, job: Callable[[], Any], /) -> None: ...
    def cancel(self) -> None: ...


class BackgroundWork(Protocol):
    """Gives workers that live as long as their owner and answer on the GUI thread."""

    def worker(self, owner: QObject, on_result: Callable[[Any], None]) -> Worker: ...


class Background(BackgroundReads, BackgroundWork, Protocol):
    """Gives both, readers of the store and workers."""
