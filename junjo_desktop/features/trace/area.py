"""A stretch of time that is looked at for its totals. One for all lenses of a trace."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Area(QObject):
    """`changed` after every change; `settled` when the user let go, and when it was left."""

    changed = Signal()
    settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start_ns = 0
        self.end_ns = 0

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return self.end_ns > self.start_ns

    def drag(self, first_ns: int, last_ns: int) -> None:
        """Show it while the user draws it."""
        self.start_ns, self.end_ns = sorted((first_ns, last_ns))
        self.changed.emit()

    def settle(self) -> None:
        """The user let go."""
        self.settled.emit()

    def clear(self) -> None:
        """Leave it."""
        if self.is_set:
            self.start_ns = self.end_ns = 0
            self.changed.emit()
            self.settled.emit()
