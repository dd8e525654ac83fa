"""What differs between two JSON values, as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT
from junjo_desktop.telemetry.junjo.state.pairing import Pair, paired_items
from junjo_desktop.telemetry.junjo.state.pointer import pointer_text
from junjo_desktop.telemetry.junjo.state.sameness import is_same

_DEEPEST = 200
"""Below this, a difference is told of the whole object or array: Python's recursion has an end."""


class ChangeKind(StrEnum):
    """What happened to the value at one place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WITHIN = "within"
    """An object or array that is still there, with differences further down."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` has keys and indexes; a removed item of an array has the index it had before.

    `before` of something added and `after` of something removed are `ABSENT`.
    """

    kind: ChangeKind
    pointer: str
    path: tuple[str | int, ...]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangeNode:
    """A place with a difference at it or below it. `unchanged` counts the children that do not differ."""

    key: str | int
    kind: ChangeKind
    before: Any = ABSENT
    after: Any = ABSENT
    children: tuple[ChangeNode, ...] = ()
    unchanged: int = 0

    @property
    def count(self) -> int:
        """How many differences there are at it and below it. (Counts them each time.)"""
        return sum(child.count for child in self.children) if self.kind is ChangeKind.WITHIN else 1


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences. `root` is None when there are none; `count` counts the leaves."""

    root: ChangeNode | None
    count: int

    def leaves(self) -> Iterator[Change]:
        """Yield every difference, in the order of the tree."""
        pending: list[tuple[tuple[str | int, ...], ChangeNode]] = [] if self.root is None else [((), self.root)]
        while pending:
            path, node = pending.pop()
            if node.kind is ChangeKind.WITHIN:
                pending.extend(((*path, child.key), child) for child in reversed(node.children))
            else:
                yield Change(node.kind, pointer_text(path), path, node.before, node.after)


def changes_between(before: Any, after: Any) -> Changes:
    """Return what differs. Parts that both share are not looked at; items of arrays are matched up where that helps."""
    root = _difference("", before, after, 0)
    return Changes(root, 0 if root is None else root.count)


def _difference(key: str | int, before: Any, after: Any, depth: int) -> ChangeNode | None:
    if before is after:
        return None
    if depth < _DEEPEST:
        if isinstance(before, dict) and isinstance(after, dict):
            return _within(key, before, after, *_paired_members(before, after), depth)
        if isinstance(before, list) and isinstance(after, list):
            return _within(key, before, after, *paired_items(before, after), depth)
    return None if is_same(before, after) else ChangeNode(key, ChangeKind.CHANGED, before, after)


def _within(
    key: str | int, before: Any, after: Any, pairs: Sequence[Pair], unchanged: int, depth: int
) -> ChangeNode | None:
    children: list[ChangeNode] = []
    for child_key, old, new in pairs:
        if old is ABSENT:
            children.append(ChangeNode(child_key, ChangeKind.ADDED, ABSENT, new))
        elif new is ABSENT:
            children.append(ChangeNode(child_key, ChangeKind.REMOVED, old, ABSENT))
        else:
            child = _difference(child_key, old, new, depth + 1)
            if child is None:
                unchanged += 1
            else:
                children.append(child)
    return ChangeNode(key, ChangeKind.WITHIN, before, after, tuple(children), unchanged) if children else None


def _paired_members(before: dict[str, Any], after: dict[str, Any]) -> tuple[Sequence[Pair], int]:
    """Return the members that are not one object in both, and how many are."""
    pairs: list[Pair] = [(key, old, new) for key, old in before.items() if (new := after.get(key, ABSENT)) is not old]
    shared = len(before) - len(pairs)
    removed = sum(new is ABSENT for _, _, new in pairs)
    if len(after) > len(before) - removed:
        pairs.extend((key, ABSENT, new) for key, new in after.items() if key not in before)
    return pairs, shared
