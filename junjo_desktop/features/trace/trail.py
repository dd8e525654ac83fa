"""Spans to go through one after the other: those that a count stands for, or the ones of a group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal


class Trail(QObject):
    """`stepped` carries the id of the span to go to; `changed` comes after every change of what is said of it."""

    stepped = Signal(str)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: Sequence[str] = ()
        self._at = -1
        self.words = ""
        """What the spans have in common: text of a sender, maybe."""
        self.oddity = ""
        """The kind of `health.Oddity` they are; empty for others."""

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def place(self) -> int:
        """Which of the spans is the selected one, from 1; 0 for none of them."""
        return self._at + 1

    @property
    def is_set(self) -> bool:
        """Whether there is something to go through."""
        return bool(self._ids)

    def set(self, words: str, span_ids: Sequence[str], selected: str, oddity: str = "") -> None:
        """Go through other spans, given from top to bottom."""
        self.words, self._ids, self.oddity = words, span_ids, oddity
        self.follow(selected)

    def clear(self) -> None:
        """Forget the spans."""
        self.set("", (), "")

    def follow(self, selected: str) -> None:
        """Another span was selected; where it is none of these, the place is kept for the next step."""
        if selected in self._ids:
            self._at = self._ids.index(selected)
        elif self._at >= len(self._ids):
            self._at = -1
        self.changed.emit()

    def step(self, forward: bool) -> None:
        """Go to the next or previous one, round the end."""
        if self._ids:
            first = 0 if forward else len(self._ids) - 1
            self._at = first if self._at < 0 else (self._at + (1 if forward else -1)) % len(self._ids)
            self.changed.emit()
            self.stepped.emit(self._ids[self._at])

    def next(self) -> None:
        """Go to the next one."""
        self.step(True)

    def previous(self) -> None:
        """Go to the previous one."""
        self.step(False)
