"""What is not as it should be with the spans of a trace: each kind counted, with the spans concerned. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import overload

from junjo_desktop.features.trace.span_ids import SpanIds
from junjo_desktop.features.trace.tree import Mark, SpanTree


class ChosenIds(Sequence[str]):
    """The ids of some spans, held as positions: a trace may have half a million of a kind."""

    def __init__(self, ids: SpanIds, positions: array[int]) -> None:
        self._ids = ids
        self.positions = positions

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._ids.one(position) for position in self.positions[place]]
        return self._ids.one(self.positions[place])

    def index(self, span_id: object, start: int = 0, stop: int | None = None) -> int:
        position = self._ids.position(span_id) if isinstance(span_id, str) else None
        if position is None:
            raise ValueError(span_id)
        return self.positions.index(position, start, len(self) if stop is None else stop)

    def __contains__(self, span_id: object) -> bool:
        position = self._ids.position(span_id) if isinstance(span_id, str) else None
        return position is not None and position in self.positions


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind of oddness. `one` and `many` name it after a count."""

    key: str
    one: str
    many: str
    explanation: str
    span_ids: Sequence[str]
    """The spans concerned, in the order of the waterfall."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found, in the order in which it is told; kinds without spans are left out."""

    oddities: tuple[Oddity, ...] = ()
    failed_places: Sequence[int] = field(default_factory=lambda: array("i"))
    """Where in the order of the waterfall failed spans stand."""

    def oddity(self, key: str) -> Oddity | None:
        """Return one kind, None when no span is concerned."""
        return next((oddity for oddity in self.oddities if oddity.key == key), None)


_KINDS = (
    ("failures", "failure", "failures", "Spans that failed; E goes to the next one."),
    ("roots", "root", "roots", "More than one span names no parent; all of them are shown."),
    (
        "parents_missing",
        "parent missing",
        "parents missing",
        "Spans that name a parent which has not arrived stand at the root level.",
    ),
    ("cycles", "cycle", "cycles", "Spans that are their own ancestors; the circle is cut."),
    (
        "outside",
        "outside its parent",
        "outside their parents",
        "They reach beyond their parent by more than 1 ms: clocks differ, or work went on. Times are as sent.",
    ),
    ("odd_times", "odd time", "odd times", "Spans that end before they start, or tell no time. Times are as sent."),
    (
        "late",
        "late",
        "late",
        "Spans that were received more than a minute after the root span, when the trace seemed complete.",
    ),
    ("dropped", "item dropped", "items dropped", "Attributes, events and links that the senders dropped."),
)
_MARKS = {
    "parents_missing": Mark.PARENT_MISSING,
    "cycles": Mark.CYCLE,
    "outside": Mark.OUTSIDE_PARENT,
    "odd_times": Mark.ENDS_BEFORE_START | Mark.NO_TIME,
}


def find_oddities(tree: SpanTree) -> Health:
    """Look at every span."""
    columns, order = tree.columns, tree.order
    failed = bytes(map(columns.failed.__getitem__, order))
    found = {"failures": array("i", compress(order, failed))}
    roots = array("i", (position for position in tree.roots if not columns.parent_ids[position]))
    if len(roots) > 1:
        found["roots"] = roots
    if any(tree.marks.values):
        marks = bytes(map(tree.marks.values.__getitem__, order))
        for key, wanted in _MARKS.items():
            # A table for `translate` tells which values hold the mark: no step in Python for each span.
            table = bytes(bool(value & wanted.value) for value in range(256))
            found[key] = array("i", compress(order, marks.translate(table)))
    if columns.late:
        found["late"] = array("i", (position for position in order if position in columns.late))
    if columns.dropped:
        found["dropped"] = array("i", (position for position in order if position in columns.dropped))
    oddities = tuple(Oddity(*kind, ChosenIds(columns.ids, found[kind[0]])) for kind in _KINDS if found.get(kind[0]))
    return Health(oddities, array("i", compress(range(len(order)), failed)))
