"""The spans of a trace as columns: some fifty bytes a span, whatever their number. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from junjo_desktop.features.trace.span_ids import SpanIds, span_ids
from junjo_desktop.features.trace.span_row import SpanRow

NO_TOKENS = -1


class Label(NamedTuple):
    """What many spans have in common."""

    service_name: str
    name: str
    span_type: str
    is_run: bool
    host_name: str


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """Spans by position, in any order. Times in nanoseconds since the epoch, as sent."""

    ids: SpanIds
    parent_ids: Sequence[str]
    """As sent; empty for a span that names no parent."""
    labels: tuple[Label, ...]
    label_of: array[int]
    """Which of `labels` a span has."""
    starts: array[int]
    ends: array[int]
    failed: bytes
    event_counts: array[int]
    tokens: array[int]
    """`NO_TOKENS` for a span that reported none."""
    dropped: Mapping[int, int]
    """By position, for the few whose senders dropped something."""
    late: frozenset[int] = frozenset()
    """Positions of those that were received long after the root span."""

    def __len__(self) -> int:
        return len(self.starts)

    def row(self, position: int) -> SpanRow:
        """Return one span."""
        label = self.labels[self.label_of[position]]
        tokens = self.tokens[position]
        return SpanRow(
            self.ids.one(position),
            self.parent_ids[position] or None,
            label.service_name,
            label.name,
            label.span_type,
            self.starts[position],
            self.ends[position],
            bool(self.failed[position]),
            self.event_counts[position],
            label.is_run,
            None if tokens == NO_TOKENS else tokens,
            self.dropped.get(position, 0),
            label.host_name,
        )

    def has_times(self, position: int) -> bool:
        """Whether both times of a span were told."""
        return self.starts[position] > 0 and self.ends[position] > 0

    def takes_time(self, position: int) -> bool:
        """Whether its times were told and it does not end before it starts; it may take no time at all."""
        return 0 < self.starts[position] <= self.ends[position]


class SpanRows(Sequence[SpanRow]):
    """The same spans as rows, each made when it is asked for."""

    def __init__(self, columns: SpanColumns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, position: int) -> SpanRow: ...
    @overload
    def __getitem__(self, position: slice) -> list[SpanRow]: ...
    def __getitem__(self, position: int | slice) -> SpanRow | list[SpanRow]:
        if isinstance(position, slice):
            return [self._columns.row(number) for number in range(*position.indices(len(self)))]
        if not -len(self) <= position < len(self):
            raise IndexError(position)
        return self._columns.row(position % len(self))


class ParentIds(Sequence[str]):
    """Ids of parents, empty for none: the packed zero, which is no span's id."""

    def __init__(self, packed: bytes) -> None:
        self._numbers = memoryview(packed).cast("Q")

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> list[str]: ...
    def __getitem__(self, position: int | slice) -> str | list[str]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        number = self._numbers[position]
        return f"{number:016x}" if number else ""


def columns_of(rows: Sequence[SpanRow]) -> SpanColumns:
    """Return rows as columns, in their order."""
    codes: dict[Label, int] = {}
    label_of = array(
        "i",
        (
            codes.setdefault(
                Label(row.service_name, row.name, row.span_type, row.is_run, row.host_name),
                len(codes),
            )
            for row in rows
        ),
    )
    return SpanColumns(
        ids=span_ids([row.span_id for row in rows]),
        parent_ids=tuple(row.parent_span_id or "" for row in rows),
        labels=tuple(codes),
        label_of=label_of,
        starts=array("q", (row.start_ns for row in rows)),
        ends=array("q", (row.end_ns for row in rows)),
        failed=bytes(row.is_error for row in rows),
        event_counts=array("q", (row.event_count for row in rows)),
        tokens=array("q", (NO_TOKENS if row.tokens is None else row.tokens for row in rows)),
        dropped={place: row.dropped_count for place, row in enumerate(rows) if row.dropped_count},
    )
