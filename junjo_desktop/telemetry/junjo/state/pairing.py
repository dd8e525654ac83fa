"""Which items of two arrays belong together: one that was put in or taken out must not make all others differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT
from junjo_desktop.telemetry.junjo.state.sameness import is_same

Pair = tuple[str | int, Any, Any]
"""Key or index, value before, value after; `ABSENT` where there is none."""

_MATCHED_ITEMS = 1_000
_TEXT_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def paired_items(before: Sequence[Any], after: Sequence[Any]) -> tuple[Sequence[Pair], int]:
    """Return the items that may differ, in order, and how many do not. The index is that after, if removed that before.

    What both arrays begin and end with is left out of the matching, which takes time that grows with the square;
    above 1,000 items in between, items at the same place are paired.
    """
    head = _common(zip(before, after, strict=False))
    tail = _common(zip(reversed(before[head:]), reversed(after[head:]), strict=False))
    first, second = before[head : len(before) - tail], after[head : len(after) - tail]
    pairs: list[Pair] = []
    for start, end, to_start, to_end in _blocks(first, second):
        pairs.extend(_block(first[start:end], second[to_start:to_end], head + start, head + to_start))
    return pairs, head + tail


def _common(pairs: Iterator[tuple[Any, Any]]) -> int:
    count = 0
    for one, other in pairs:
        if one is not other and not is_same(one, other):
            break
        count += 1
    return count


def _blocks(first: Sequence[Any], second: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    if not first or not second or len(first) + len(second) > _MATCHED_ITEMS:
        yield 0, len(first), 0, len(second)
        return
    matcher = SequenceMatcher(None, [*map(_text, first)], [*map(_text, second)], autojunk=False)
    for _, start, end, to_start, to_end in matcher.get_opcodes():
        yield start, end, to_start, to_end


def _block(first: Sequence[Any], second: Sequence[Any], at: int, to: int) -> Iterator[Pair]:
    shared = min(len(first), len(second))
    for offset in range(shared):
        yield to + offset, first[offset], second[offset]
    for offset in range(shared, len(first)):
        yield at + offset, first[offset], ABSENT
    for offset in range(shared, len(second)):
        yield to + offset, ABSENT, second[offset]


def _text(value: Any) -> bytes | str:
    try:
        return orjson.dumps(value, option=_TEXT_OPTIONS)
    except orjson.JSONEncodeError:
        return f"too deep for a text: {id(value)}"
