"""Events and log records as marks on bars: which there are, and how many become one where they are dense. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from junjo_desktop.features.trace.queries import TraceHead, event_marks
from junjo_desktop.store.trace_logs import find_log_marks
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.figures import counted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NEAR_PX = 5.0
"""Marks that are nearer to each other become one."""
_NAMED = 6


@dataclass(frozen=True, slots=True)
class BarMark:
    """One event or log record on the bar of its span."""

    time_ns: int
    words: str
    """The event's name, or the beginning of the record's body: text of a sender."""
    severity: Severity = Severity.UNKNOWN
    is_log: bool = False
    is_exception: bool = False

    @property
    def weight(self) -> int:
        """How much it is to be seen: an exception, or how severe the record is."""
        return int(Severity.FATAL) + 1 if self.is_exception else int(self.severity)


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """Marks that stand together. Pixels from the left of the lane."""

    left: float
    right: float
    marks: tuple[BarMark, ...]

    @property
    def gravest(self) -> BarMark:
        """The one that is to be seen most."""
        return max(self.marks, key=lambda mark: mark.weight)

    @property
    def words(self) -> str:
        """What hovering says: each of a few, the number of many."""
        named = "\n".join(_mark_words(mark) for mark in self.marks[:_NAMED])
        rest = len(self.marks) - _NAMED
        if rest <= 0:
            return named
        return (
            f"{counted(len(self.marks), 'event or log record', 'events and log records')}\n{named}\nand {rest:,} more"
        )


def _mark_words(mark: BarMark) -> str:
    if mark.is_log:
        return f"{mark.severity.word if mark.severity else 'log'}: {mark.words}"
    return f"exception: {mark.words}" if mark.is_exception and mark.words != "exception" else mark.words


def grouped(marks: Sequence[BarMark], lefts: Sequence[float]) -> list[MarkGroup]:
    """Return marks, in order of time, by the pixels at which they stand."""
    groups: list[MarkGroup] = []
    first = 0
    for place in range(1, len(marks) + 1):
        if place == len(marks) or lefts[place] - lefts[place - 1] >= NEAR_PX:
            groups.append(MarkGroup(lefts[first], lefts[place - 1], tuple(marks[first:place])))
            first = place
    return groups


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """A read: the marks of some spans, by span id; those without any have an empty tuple."""

    head: TraceHead
    span_ids: tuple[str, ...]

    def __call__(self, cursor: DuckDBPyConnection) -> Mapping[str, tuple[BarMark, ...]]:
        marks: dict[str, list[BarMark]] = {span_id: [] for span_id in self.span_ids}
        for span_id, events in event_marks(cursor, self.head, self.span_ids).items():
            marks[span_id].extend(
                BarMark(event.time_ns, event.name, is_exception=event.is_exception) for event in events
            )
        for span_id, records in find_log_marks(cursor, self.head.trace_id, self.span_ids).items():
            marks[span_id].extend(BarMark(one.time_ns, one.words, one.severity, is_log=True) for one in records)
        return {span_id: tuple(sorted(found, key=lambda mark: mark.time_ns)) for span_id, found in marks.items()}
