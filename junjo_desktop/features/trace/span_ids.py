"""Ids of many spans in eight bytes each, and where each stands. Qt-free."""

from __future__ import annotations

import sys
from abc import abstractmethod
from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from typing import overload

_BYTES = 8
_DIGITS = frozenset("0123456789abcdef")


class SpanIds(Sequence[str]):
    """Span ids by position."""

    @abstractmethod
    def position(self, span_id: str) -> int | None:
        """Return where an id stands first; None when it is none of these."""

    @abstractmethod
    def holds(self, span_ids: Collection[str]) -> Iterable[bool]:
        """Return, position by position, whether the id is one of `span_ids`."""

    @abstractmethod
    def one(self, position: int) -> str:
        """Return the id at a position."""

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> list[str]: ...
    def __getitem__(self, position: int | slice) -> str | list[str]:
        if isinstance(position, slice):
            return [self.one(number) for number in range(*position.indices(len(self)))]
        return self.one(position)

    def chosen(self, positions: Iterable[int], span_ids: Collection[str]) -> array[int]:
        """Return those of `positions` (of all spans, in any order) whose ids are among `span_ids`."""
        is_held = bytes(self.holds(span_ids))
        order = array("i", positions)
        return array("i", compress(order, map(is_held.__getitem__, order)))


class PackedIds(SpanIds):
    """Ids of sixteen hexadecimal digits: all that are stored."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._numbers = memoryview(packed).cast("Q")

    def __len__(self) -> int:
        return len(self._numbers)

    def one(self, position: int) -> str:
        return f"{self._numbers[position]:016x}"

    def position(self, span_id: str) -> int | None:
        if not _is_packable(span_id):
            return None
        sought = int(span_id, 16).to_bytes(_BYTES, sys.byteorder)
        at = self._packed.find(sought)
        while at >= 0 and at % _BYTES:
            at = self._packed.find(sought, at + 1)
        return None if at < 0 else at // _BYTES

    def holds(self, span_ids: Collection[str]) -> Iterable[bool]:
        numbers = {int(span_id, 16) for span_id in span_ids if _is_packable(span_id)}
        return map(numbers.__contains__, self._numbers)


class TextIds(SpanIds):
    """Ids of any form."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = tuple(ids)
        self._positions = {span_id: place for place, span_id in reversed(list(enumerate(self._ids)))}

    def __len__(self) -> int:
        return len(self._ids)

    def one(self, position: int) -> str:
        return self._ids[position]

    def position(self, span_id: str) -> int | None:
        return self._positions.get(span_id)

    def holds(self, span_ids: Collection[str]) -> Iterable[bool]:
        return (span_id in span_ids for span_id in self._ids)


def span_ids(ids: Sequence[str]) -> SpanIds:
    """Return ids in as little memory as their form allows."""
    if all(map(_is_packable, ids)):
        return PackedIds(array("Q", (int(span_id, 16) for span_id in ids)).tobytes())
    return TextIds(ids)


def _is_packable(span_id: str) -> bool:
    return len(span_id) == 2 * _BYTES and _DIGITS.issuperset(span_id)
