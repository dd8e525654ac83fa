"""Fuzzy matching for the command palette. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_WORD_START = 8
_IN_A_ROW = 5
_HIT = 1
_PREFIX = 12


def score(query: str, text: str) -> int | None:
    """Return how well `query` matches `text` (more is better), None when its letters do not appear in that order.

    Letters at the start of words and letters in a row count most; an empty query matches everything equally.
    """
    wanted = query.casefold().replace(" ", "")
    if not wanted:
        return 0
    letters = text.casefold()
    best: int | None = None
    start = letters.find(wanted[0])
    while start >= 0:
        found = _score_from(wanted, letters, start)
        if found is not None and (best is None or found > best):
            best = found
        start = letters.find(wanted[0], start + 1)
    return None if best is None else best - len(letters) // 8


def ranked(query: str, items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """Return the items that match, best first; equal ones keep their order."""
    scored = [(score(query, text(item)), item) for item in items]
    matching = [(found, item) for found, item in scored if found is not None]
    return [item for _, item in sorted(matching, key=lambda pair: -pair[0])]


def _score_from(wanted: str, letters: str, start: int) -> int | None:
    total, at, previous = (_PREFIX if start == 0 else 0), start, -2
    for letter in wanted:
        at = letters.find(letter, max(at, previous + 1))
        if at < 0:
            return None
        total += _HIT
        if at == 0 or not letters[at - 1].isalnum():
            total += _WORD_START
        if at == previous + 1:
            total += _IN_A_ROW
        previous = at
    return total
