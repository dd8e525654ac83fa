"""What Space shows below a list where a row is much more than its cells: a pane that holds everything of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFrame, QWidget


class PeekPane(QFrame):
    """Hidden until it is asked for; then it follows the current row until it is asked again. As `RowPeek`."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Any = None
        self.setAccessibleName(name)
        self.hide()

    @property
    def row(self) -> Any:
        """The row that is shown; None while there is none."""
        return self._row

    @abstractmethod
    def show_row(self, row: Any | None) -> None:
        """Show a row, or that none is chosen."""

    @abstractmethod
    def save_state(self, state: QSettings) -> None:
        """Write how it shows what it shows."""

    @abstractmethod
    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""

    def mark(self, texts: Sequence[str]) -> None:
        """Let what the list was searched for stand out, where the pane can."""

    def toggle(self, row: object | None) -> None:
        """Show `row`, or hide."""
        if self.isHidden() and row is not None:
            self.show()
            self.follow(row)
        else:
            self.hide()

    def follow(self, row: object | None) -> None:
        """Another row is current; None when there is none."""
        if self.isHidden():
            self._row = None
        elif row is None or row != self._row:
            self._row = row
            self.show_row(row)
