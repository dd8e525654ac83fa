"""The background reads a widget needs, as far as widgets may know them. `shell.workbench.Workbench` gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject


class BackgroundReader(Protocol):
    """Runs functions of a read cursor off the GUI thread; only the newest answer is delivered."""

    @property
    def busy(self) -> bool: ...
    def submit(self, query: Callable[[Any], Any], /) -> None: ...
    def cancel(self) -> None: ...


class BackgroundReads(Protocol):
    """Gives readers that live as long as their owner and answer on the GUI thread."""

    def reader(
        self,
        owner: QObject,
        on_result: Callable[[Any], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> BackgroundReader: ...
    def report_error(self, error: Exception) -> None:
        """Tell the user that something failed."""
