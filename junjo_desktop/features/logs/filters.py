"""What narrows the list of log records, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.list_filter import ListFilter, ListSort, quoted

_ID_CHARACTERS = 8


class SortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    TIME = "time"
    SEVERITY = "severity"
    SERVICE = "service"
    EVENT = "event"
    BODY = "body"
    SCOPE = "scope"
    TRACE_ID = "trace_id"
    SPAN_ID = "span_id"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Sort(ListSort):
    """An order of the list."""

    by: SortBy = SortBy.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter(ListFilter):
    """What a record must satisfy to be listed. The default lets every record through.

    `least`: how severe it is at least; UNKNOWN is any.
    """

    HAS_DURATION = False

    least: Severity = Severity.UNKNOWN
    trace_id: str | None = None
    span_id: str | None = None

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words: dict[str, str] = {}
        if self.least is not Severity.UNKNOWN:
            words["least"] = f"{self.least.word} and above" if self.least < Severity.FATAL else self.least.word
        if self.trace_id is not None:
            words["trace_id"] = f"trace {quoted(self.trace_id[:_ID_CHARACTERS])}"
        if self.span_id is not None:
            words["span_id"] = f"span {quoted(self.span_id[:_ID_CHARACTERS])}"
        return words
