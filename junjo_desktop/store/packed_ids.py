"""Ids of one length in order, packed into one text: a million of 32 characters take 32 MB and no time to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class PackedIds:
    """A subclass says how many characters an id has."""

    CHARS: ClassVar[int]

    packed: str = ""

    def __len__(self) -> int:
        return len(self.packed) // self.CHARS

    def __getitem__(self, row: int) -> str:
        return self.packed[row * self.CHARS : (row + 1) * self.CHARS]

    def page(self, first: int, count: int) -> list[str]:
        """Return up to `count` ids from row `first`."""
        return [self[row] for row in range(first, min(first + count, len(self)))]

    def find(self, row_id: str) -> int:
        """Return the row of an id, -1 when it is not listed."""
        at = self.packed.find(row_id)
        while at >= 0 and at % self.CHARS:
            at = self.packed.find(row_id, at + 1)
        return at // self.CHARS if at >= 0 else -1

    def without(self, row_id: str) -> Self:
        """Return the ids without one of them."""
        row = self.find(row_id)
        if row < 0:
            return self
        return type(self)(self.packed[: row * self.CHARS] + self.packed[(row + 1) * self.CHARS :])

    def split(self, row: int) -> tuple[Self, Self]:
        """Return the ids before `row`, and those from it on."""
        return type(self)(self.packed[: row * self.CHARS]), type(self)(self.packed[row * self.CHARS :])
