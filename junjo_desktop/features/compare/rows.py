"""The rows of a comparison: what stands in each, flat in the order of the tree, and which are in sight. Qt-free.

A list of ten thousand rows then opens and folds in milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from junjo_desktop.theme.roles import Role

_NOTABLE_SHARE = 0.03
"""A difference of a smaller share of the longer one is not coloured."""
_NOTABLE_NS = 1_000_000
_STATE_SIGNS = "✕⊘ "


@dataclass(frozen=True, slots=True)
class Side:
    """What one side has in a row. `span_id` is where it leads; None: that side does not have it."""

    span_id: str | None = None
    text: str = ""
    role: Role = "text"
    lasted_ns: int | None = None
    state: str = ""
    """How it ended, where it did not end well; in `text` a sign stands for it."""
    mark_ns: int | None = None
    """Where a line crosses its bar."""


NO_SIDE = Side()


@dataclass(slots=True, eq=False)
class ComparedRow:
    """A row. `key` is its position in the comparison; None for the sentence that says where both part."""

    key: int | None
    name: str
    depth: int = 0
    tag: tuple[str, Role] | None = None
    note: str = ""
    note_role: Role = "dim"
    left: Side = NO_SIDE
    right: Side = NO_SIDE
    difference: str = ""
    difference_role: Role = "dim"
    sign: str = ""
    """+ − or ~, at the beginning of the row."""
    tip: str = ""
    is_quiet: bool = False
    is_path: bool = True
    end: int = 0
    """Position in the list behind its last descendant."""

    @property
    def is_sentence(self) -> bool:
        """Whether it is a sentence across all columns."""
        return self.key is None

    @property
    def spoken(self) -> str:
        """Everything it says, for copying and for screen readers."""
        if self.is_sentence:
            return self.name
        tag = f"{self.tag[0]} " if self.tag else ""
        sides = (
            f"{which} {side.state} {side.text.strip(_STATE_SIGNS) or 'none'}".replace("  ", " ")
            for which, side in (("left", self.left), ("right", self.right))
        )
        name = f"{self.sign} {tag}{self.name}".strip()
        return ", ".join(part for part in (name, self.note, *sides, self.difference) if part)


@dataclass(slots=True)
class ComparedRows:
    """All rows of a list. `longest_ns` is what the longest bar stands for."""

    rows: Sequence[ComparedRow] = ()
    longest_ns: int = 0
    differing: Sequence[int] = ()
    """Keys of the rows that have a sign, in order."""
    folded_at_first: frozenset[int] = frozenset()
    """Keys of rows that are there to be looked at, not to be gone through: nothing right below is part of a path."""
    in_sight_at_first: Sequence[int] = ()
    _places: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[ComparedRow]) -> ComparedRows:
        """Take rows in the order of the tree; their depths say what stands below what."""
        around: list[int] = []
        for place, row in enumerate(rows):
            while len(around) > row.depth:
                rows[around.pop()].end = place
            around.append(place)
        for place in around:
            rows[place].end = len(rows)
        sides = (side.lasted_ns or 0 for row in rows for side in (row.left, row.right))
        made = cls(
            rows,
            max(sides, default=0),
            [row.key for row in rows if row.sign and row.key is not None],
            _places={row.key: place for place, row in enumerate(rows) if row.key is not None},
        )
        made.folded_at_first = frozenset(made._without_a_path())
        made.in_sight_at_first = made.in_sight(made.folded_at_first)
        return made

    def place_of(self, key: int | None) -> int:
        """Return where a row is by its key; -1 when it is not there."""
        return -1 if key is None else self._places.get(key, -1)

    def is_parent(self, place: int) -> bool:
        """Whether something stands below a row."""
        return self.rows[place].end > place + 1

    def around(self, place: int) -> Iterator[int]:
        """Yield the rows around one, the nearest first."""
        depth = self.rows[place].depth
        for candidate in range(place - 1, -1, -1):
            if not depth:
                return
            if self.rows[candidate].depth < depth and not self.rows[candidate].is_sentence:
                depth = self.rows[candidate].depth
                yield candidate

    def _without_a_path(self) -> Iterator[int]:
        for place, row in enumerate(self.rows):
            if row.key is None or not self.is_parent(place):
                continue
            if not any(child.is_path for child in self._right_below(place)):
                yield row.key

    def _right_below(self, place: int) -> Iterator[ComparedRow]:
        at, end = place + 1, self.rows[place].end
        while at < end:
            yield self.rows[at]
            at = self.rows[at].end

    def in_sight(self, folded: Collection[int], *, only_differing: bool = False) -> list[int]:
        """Return the places of rows that are not below a folded one; if asked, only those that differ or hold such."""
        wanted = self._differing() if only_differing else None
        shown: list[int] = []
        place = 0
        while place < len(self.rows):
            row = self.rows[place]
            if wanted is not None and place not in wanted:
                place = row.end
                continue
            shown.append(place)
            place = row.end if row.key in folded else place + 1
        return shown

    def holds_difference(self, place: int) -> bool:
        """Whether something below a row differs."""
        return any(row.sign or row.is_sentence for row in self.rows[place + 1 : self.rows[place].end])

    def _differing(self) -> set[int]:
        found: set[int] = set()
        around: list[int] = []
        for place, row in enumerate(self.rows):
            del around[row.depth :]
            around.append(place)
            if row.sign or row.is_sentence:
                found.update(around)
        return found


def notable_ns(left_ns: int | None, right_ns: int | None) -> int:
    """Return from which difference on a duration is coloured, where the whole took so long at both sides."""
    return max(_NOTABLE_NS, round(max(left_ns or 0, right_ns or 0) * _NOTABLE_SHARE))
