"""Rows of a foldable list: what stands in each, and which of them are in sight. Qt-free.

The rows of a tree are held flat, in its order: a list of some thousand rows then opens, folds and grows in a
millisecond, and what a row says is made only when it is painted.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from junjo_desktop.features.run.selection import Step
from junjo_desktop.theme.roles import Role


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row shows, from left to right. Texts are as sent; whoever paints makes them safe.

    `strong` stands behind an arrow after the name. `badge` is a second tag, with the dim `reason` behind it.
    """

    name: str
    number: str = ""
    tag: tuple[str, Role] | None = None
    name_role: Role = "text"
    strong: str = ""
    note: str = ""
    badge: tuple[str, Role] | None = None
    reason: str = ""
    right: str = ""
    tip: str = ""

    @property
    def sentence(self) -> str:
        """Everything the row says, for copying and for screen readers."""
        name = f"{self.name} → {self.strong}" if self.strong else self.name
        tag, badge = (mark[0] if mark else "" for mark in (self.tag, self.badge))
        return ", ".join(part for part in (f"{tag} {name}".strip(), self.note, badge, self.reason, self.right) if part)


class Item(Protocol):
    """What stands in a row. `span_id` and `step` are what choosing the row selects; both None: nothing."""

    @property
    def span_id(self) -> str | None: ...
    @property
    def step(self) -> Step | None: ...
    def cells(self) -> Cells: ...


class Node(NamedTuple):
    """A row. `key` is the same for the same thing after an update; `end` is the position behind its last descendant."""

    key: Hashable
    depth: int
    end: int
    item: Item


class Outline:
    """The nodes of a tree in its order, and where each of them is by its key."""

    def __init__(self, nodes: Sequence[Node] = ()) -> None:
        self.nodes = tuple(nodes)
        self._positions = {node.key: position for position, node in enumerate(self.nodes)}

    def __len__(self) -> int:
        return len(self.nodes)

    def position_of(self, key: Hashable) -> int:
        """Return where a node is, -1 when it is not there."""
        return self._positions.get(key, -1)

    def is_parent(self, position: int) -> bool:
        """Whether something stands below a node."""
        return self.nodes[position].end > position + 1

    def ancestors(self, position: int) -> Iterator[int]:
        """Yield the nodes around one, the nearest first."""
        depth = self.nodes[position].depth
        for candidate in range(position - 1, -1, -1):
            if self.nodes[candidate].depth < depth:
                depth = self.nodes[candidate].depth
                yield candidate
                if depth == 0:
                    return

    def visible(self, folded: Collection[Hashable], kept: Collection[Hashable] | None = None) -> list[int]:
        """Return the positions in sight: not below a folded node; with `kept`, only those and what is around them."""
        wanted = None if kept is None else self._with_ancestors(kept)
        shown: list[int] = []
        position = 0
        while position < len(self.nodes):
            node = self.nodes[position]
            if wanted is not None and position not in wanted:
                position += 1
                continue
            shown.append(position)
            position = node.end if node.key in folded else position + 1
        return shown

    def _with_ancestors(self, kept: Collection[Hashable]) -> set[int]:
        wanted: set[int] = set()
        around: list[int] = []
        for position, node in enumerate(self.nodes):
            del around[node.depth :]
            around.append(position)
            if node.key in kept:
                wanted.update(around)
        return wanted


class OutlineBuilder:
    """Collects nodes in the order of the tree."""

    def __init__(self) -> None:
        self._found: list[tuple[Hashable, int, Item]] = []

    def add(self, key: Hashable, depth: int, item: Item) -> None:
        """Add the next row. `depth` may be at most one more than that of the row before."""
        self._found.append((key, depth, item))

    def build(self) -> Outline:
        """Return the outline."""
        ends = [0] * len(self._found)
        open_rows: list[int] = []
        for position, (_, depth, _) in enumerate(self._found):
            while len(open_rows) > depth:
                ends[open_rows.pop()] = position
            open_rows.append(position)
        for position in open_rows:
            ends[position] = len(self._found)
        return Outline([Node(key, depth, ends[at], item) for at, (key, depth, item) in enumerate(self._found)])
