"""The selected rows of a list, held cheaply: a million of them are named only where that may take time. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from junjo_desktop.widgets.row_source import Ids


@dataclass(frozen=True, slots=True)
class SelectedIds:
    """Runs of rows, first and last of each, of a listing that does not change any more."""

    listed: Ids
    runs: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.runs)

    def __iter__(self) -> Iterator[Any]:
        """Yield the ids from top to bottom."""
        for first, last in self.runs:
            for row in range(first, last + 1):
                yield self.listed[row]
