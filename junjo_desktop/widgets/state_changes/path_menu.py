"""What can be done with a path, as entries of a context menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.telemetry.junjo.state.pointer import pointer_text

Path = tuple[str | int, ...]


class PathMenu:
    """Pins the path of the current row, shows its history, or copies it as a JSON pointer."""

    def __init__(
        self,
        path: Callable[[], Path | None],
        pin: Callable[[str], object],
        show: Callable[[str], object],
        *,
        has_history: bool = True,
    ) -> None:
        """`path` returns that of the current row; None where it has none. Without a history it is only copied."""
        self._path = path
        self._pin = pin
        self._show = show
        self._has_history = has_history

    def fill(self, menu: QMenu) -> None:
        """Add the entries, if there is a path."""
        if self._path() is None:
            return
        if self._has_history:
            menu.addAction("Show history of path").triggered.connect(self.show_history)
            menu.addAction("Pin path").triggered.connect(self.pin_path)
        menu.addAction("Copy JSON pointer").triggered.connect(self.copy_pointer)

    def show_history(self) -> None:
        """Show the history of the path."""
        self._with_pointer(self._show)

    def pin_path(self) -> None:
        """Pin the path."""
        self._with_pointer(self._pin)

    def copy_pointer(self) -> None:
        """Copy the path as a JSON pointer."""
        self._with_pointer(QGuiApplication.clipboard().setText)

    def _with_pointer(self, use: Callable[[str], object]) -> None:
        path = self._path()
        if path is not None:
            use(pointer_text(path))
