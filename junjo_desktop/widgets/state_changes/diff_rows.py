"""Two JSON values side by side: lines that stand beside each other, with what is equal folded away. Qt-free.

The lines follow the changes, not a comparison of texts: two values of several megabytes with one difference are a
handful of rows, and a moved key is no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice, zip_longest
from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.state import ABSENT, ChangeKind, ChangeNode, Changes
from junjo_desktop.widgets.json_nodes import value_text

_CONTEXT = 2
_UNFOLDED_AT_ONCE = 1_000
_LONGEST_BLOCK = 20_000
_MATCHED_LINES = 2_000
_INDENT = "  "


class RowKind(StrEnum):
    """What a row says."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a fold hides: members of an object or items of an array, equal on both sides."""

    depth: int
    members: tuple[tuple[str | int, Any], ...]
    is_object: bool


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line at the left and one at the right; None where there is none."""

    kind: RowKind
    left: str | None
    right: str | None
    hidden: Hidden | None = None


def diff_rows(changes: Changes) -> tuple[DiffRow, ...]:
    """Return the rows of all changes; none when there are none."""
    return () if changes.root is None else tuple(_rows(changes.root, 0, is_member=False))


def unfolded(fold: DiffRow) -> tuple[DiffRow, ...]:
    """Return the rows that a fold stands for; of very many the first thousand, and a fold of the rest."""
    hidden = fold.hidden
    if hidden is None:
        return (fold,)
    rows: list[DiffRow] = []
    for key, value in hidden.members[:_UNFOLDED_AT_ONCE]:
        rows.extend(_equal(key, value, hidden.depth, is_member=hidden.is_object))
    rest = hidden.members[_UNFOLDED_AT_ONCE:]
    if rest:
        rows.append(_fold(Hidden(hidden.depth, rest, hidden.is_object)))
    return tuple(rows)


def longest_of(lines: Sequence[DiffRow | str]) -> int:
    """Return how many characters the longest line has."""
    texts = (text for line in lines for text in ((line,) if isinstance(line, str) else (line.left, line.right)))
    return max((len(text) for text in texts if text is not None), default=0)


def _rows(node: ChangeNode, depth: int, *, is_member: bool) -> Iterator[DiffRow]:
    label = _label(node.key, is_member=is_member)
    match node.kind:
        case ChangeKind.WITHIN:
            yield from _within(node, depth, label)
        case ChangeKind.ADDED:
            for line in _lines(label, node.after, depth):
                yield DiffRow(RowKind.ADDED, None, line)
        case ChangeKind.REMOVED:
            for line in _lines(label, node.before, depth):
                yield DiffRow(RowKind.REMOVED, line, None)
        case _:
            yield from _changed(node, depth, label)


def _within(node: ChangeNode, depth: int, label: str) -> Iterator[DiffRow]:
    is_object = isinstance(node.after, dict)
    opened, closed = ("{", "}") if is_object else ("[", "]")
    yield _same(f"{_INDENT * depth}{label}{opened}")
    pending: list[tuple[str | int, Any]] = []
    is_behind = False
    for part in _parts(node):
        if isinstance(part, ChangeNode):
            yield from _context(pending, depth + 1, is_object, is_behind=is_behind, is_ahead=True)
            pending, is_behind = [], True
            yield from _rows(part, depth + 1, is_member=is_object)
        else:
            pending.append(part)
    yield from _context(pending, depth + 1, is_object, is_behind=is_behind, is_ahead=False)
    yield _same(f"{_INDENT * depth}{closed}")


def _parts(node: ChangeNode) -> Iterator[ChangeNode | tuple[str | int, Any]]:
    """Yield what differs and what does not, in the order after the change; removed parts where they were."""
    changed = {child.key: child for child in node.children if child.kind is not ChangeKind.REMOVED}
    removed = {child.key: child for child in node.children if child.kind is ChangeKind.REMOVED}
    if isinstance(node.after, dict):
        waiting = list(removed)
        order = {key: place for place, key in enumerate(node.before)} if waiting else {}
        for key, value in node.after.items():
            while waiting and key in order and order[waiting[0]] < order[key]:
                yield removed[waiting.pop(0)]
            yield changed.get(key, (key, value))
        yield from (removed[key] for key in waiting)
        return
    at = 0
    for index, value in enumerate(node.after):
        child = changed.get(index)
        if child is None or child.kind is not ChangeKind.ADDED:
            while at in removed:
                yield removed[at]
                at += 1
            at += 1
        yield child or (index, value)
    yield from (removed[key] for key in sorted(key for key in removed if isinstance(key, int) and key >= at))


def _context(
    parts: Sequence[tuple[str | int, Any]], depth: int, is_object: bool, *, is_behind: bool, is_ahead: bool
) -> Iterator[DiffRow]:
    """Show what is next to a change (`is_behind` one, or one `is_ahead`), and fold the rest."""
    first = _CONTEXT if is_behind else 0
    last = len(parts) - (_CONTEXT if is_ahead else 0)
    if last - first <= 1:
        first, last = len(parts), len(parts)
    for key, value in parts[:first]:
        yield from _equal(key, value, depth, is_member=is_object)
    if first < last:
        yield _fold(Hidden(depth, tuple(parts[first:last]), is_object))
    for key, value in parts[last:]:
        yield from _equal(key, value, depth, is_member=is_object)


def _equal(key: str | int, value: Any, depth: int, *, is_member: bool) -> Iterator[DiffRow]:
    label = _label(key, is_member=is_member)
    if isinstance(value, dict | list) and value:
        hidden = Hidden(
            depth + 1, tuple(value.items() if isinstance(value, dict) else enumerate(value)), isinstance(value, dict)
        )
        yield DiffRow(RowKind.FOLD, *(2 * (f"{_INDENT * depth}{label}{value_text(value)}",)), hidden)
    else:
        yield _same(f"{_INDENT * depth}{label}{_scalar(value)}")


def _fold(hidden: Hidden) -> DiffRow:
    noun = (
        ("key" if len(hidden.members) == 1 else "keys")
        if hidden.is_object
        else "item" + "s" * (len(hidden.members) != 1)
    )
    text = f"{_INDENT * hidden.depth}⋯ {len(hidden.members):,} {noun} unchanged"
    return DiffRow(RowKind.FOLD, text, text, hidden)


def _changed(node: ChangeNode, depth: int, label: str) -> Iterator[DiffRow]:
    before, after = node.before, node.after
    if isinstance(before, str) and isinstance(after, str) and ("\n" in before or "\n" in after):
        yield _same(f'{_INDENT * depth}{label}"')
        yield from _texts(before.split("\n"), after.split("\n"), _INDENT * (depth + 1))
        yield _same(f'{_INDENT * depth}"')
        return
    for left, right in zip_longest(_lines(label, before, depth), _lines(label, after, depth)):
        yield DiffRow(_kind(left, right), left, right)


def _kind(left: str | None, right: str | None) -> RowKind:
    if left == right:
        return RowKind.SAME
    return RowKind.REMOVED if right is None else RowKind.ADDED if left is None else RowKind.CHANGED


def _texts(before: Sequence[str], after: Sequence[str], indent: str) -> Iterator[DiffRow]:
    if len(before) + len(after) > _MATCHED_LINES:
        blocks = [("replace", 0, len(before), 0, len(after))]
    else:
        blocks = [*SequenceMatcher(None, before, after, autojunk=False).get_opcodes()]
    for _, start, end, to_start, to_end in blocks:
        for left, right in zip_longest(before[start:end], after[to_start:to_end]):
            shown_left = None if left is None else indent + left
            shown_right = None if right is None else indent + right
            yield DiffRow(_kind(shown_left, shown_right), shown_left, shown_right)


def _lines(label: str, value: Any, depth: int) -> Iterator[str]:
    """Yield the lines of a value; of a very large one the beginning, and a line that says so."""
    indent = _INDENT * depth
    if not isinstance(value, dict | list) or not value:
        yield f"{indent}{label}{_scalar(value)}"
        return
    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:
        text = value_text(value)
    lines = text.split("\n")
    yield f"{indent}{label}{lines[0]}"
    yield from (indent + line for line in islice(lines, 1, _LONGEST_BLOCK))
    if len(lines) > _LONGEST_BLOCK:
        yield f"{indent}⋯ {len(lines) - _LONGEST_BLOCK:,} more lines; the states themselves show all"


def _same(text: str) -> DiffRow:
    return DiffRow(RowKind.SAME, text, text)


def _label(key: str | int, *, is_member: bool) -> str:
    return f"{json.dumps(key, ensure_ascii=False)}: " if is_member else ""


def _scalar(value: Any) -> str:
    return "" if value is ABSENT else json.dumps(value, ensure_ascii=False)
