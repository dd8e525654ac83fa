"""What differs between two JSON values, as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT


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


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences. `root` is None when there are none; `count` counts the leaves."""

    root: ChangeNode | None
    count: int

    def leaves(self) -> Iterator[Change]:
        """Yield every difference, in the order of the tree."""
        yield from ()


def changes_between(before: Any, after: Any) -> Changes:
    """Return what differs. Parts that both share are not looked at."""
    return Changes(None, 0) if before is after else Changes(ChangeNode("", ChangeKind.CHANGED, before, after), 1)
