"""Where the user was: back and forward over places. Qt-free."""

from __future__ import annotations

from typing import Generic, TypeVar

P = TypeVar("P")

_LONGEST = 200


class History(Generic[P]):
    """A line of places with one of them current."""

    def __init__(self) -> None:
        self._places: list[P] = []
        self._at = -1

    @property
    def current(self) -> P | None:
        """The place that is shown."""
        return self._places[self._at] if self._places else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before the current one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a place after the current one."""
        return self._at < len(self._places) - 1

    def visit(self, place: P) -> None:
        """Go to a new place; what lay forward is forgotten. The same place twice in a row is one."""
        if place == self.current:
            return
        self._places = [*self._places[: self._at + 1], place][-_LONGEST:]
        self._at = len(self._places) - 1

    def back(self) -> P | None:
        """Go one place back; None at the first."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self.current

    def forward(self) -> P | None:
        """Go one place forward; None at the last."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self.current
