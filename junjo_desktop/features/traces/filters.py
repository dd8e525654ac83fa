"""What narrows the list of traces, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum

MINUTE_NS = 60 * 1_000_000_000
QUIET_AFTER_NS = 5 * MINUTE_NS
"""A trace without a root counts as running this long after its last span was received."""


class Outcome(StrEnum):
    """How a trace ended, as far as its spans tell. The values are shown."""

    OK = "ok"
    FAILED = "failed"
    RUNNING = "running"
    ROOT_MISSING = "root missing"


class SortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    OUTCOME = "outcome"
    NAME = "name"
    SERVICE = "service"
    STARTED = "started"
    DURATION = "duration"
    SPANS = "spans"
    ERRORS = "errors"
    LLM = "llm"
    TOKENS = "tokens"
    TRACE_ID = "trace_id"
    ROOTS = "roots"
    DROPPED = "dropped"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list; ties are newest first, so that it is stable."""

    by: SortBy = SortBy.STARTED
    descending: bool = True

    @property
    def newest_first(self) -> bool:
        """Whether new traces come in at the top."""
        return self == Sort()


@dataclass(frozen=True, slots=True)
class TimeRange:
    """When a trace started: the last `last_ns`, or between two moments (nanoseconds since the epoch), or any time."""

    last_ns: int | None = None
    since_ns: int | None = None
    until_ns: int | None = None

    def bounds(self, now_ns: int) -> tuple[int | None, int | None]:
        """Return the first and last start that fit, None for open."""
        if self.last_ns is not None:
            return now_ns - self.last_ns, None
        return self.since_ns, self.until_ns

    @property
    def is_open(self) -> bool:
        """Whether every time fits."""
        return self == TimeRange()


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """What a trace must satisfy to be listed. The default lets every trace through."""

    service: str | None = None
    errors_only: bool = False
    has_llm: bool = False
    starred_only: bool = False
    time_range: TimeRange = TimeRange()
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether every trace is listed."""
        return self == TraceFilter()

    def without(self, part: str) -> TraceFilter:
        """Return this filter with one part cleared: a field's name, or `duration` for both of its ends."""
        default = TraceFilter()
        if part == "duration":
            return replace(self, min_duration_ns=None, max_duration_ns=None)
        return replace(self, **{part: getattr(default, part)})


def outcome(
    root_span_id: str | None, lead_status_code: int, last_received_ns: int, now_ns: int | None = None
) -> Outcome:
    """Tell how a trace ended; without a root it is running while spans still arrive."""
    if root_span_id is None:
        now_ns = time.time_ns() if now_ns is None else now_ns
        return Outcome.RUNNING if now_ns - last_received_ns <= QUIET_AFTER_NS else Outcome.ROOT_MISSING
    return Outcome.FAILED if lead_status_code == 2 else Outcome.OK
