"""What narrows the list of traces, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.store.trace_narrowing import TraceNarrowing
from junjo_desktop.widgets.list_filter import ListFilter, ListSort, quoted
from junjo_desktop.widgets.time_range import MINUTE_NS

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
    COST = "cost"
    TRACE_ID = "trace_id"
    ROOTS = "roots"
    DROPPED = "dropped"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Sort(ListSort):
    """An order of the list."""

    by: SortBy = SortBy.STARTED


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFilter(ListFilter):
    """What a trace must satisfy to be listed. The default lets every trace through."""

    errors_only: bool = False
    has_llm: bool = False
    starred_only: bool = False
    name: str | None = None

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words = {"errors_only": "errors only", "has_llm": "with LLM calls", "starred_only": "starred only"}
        found = {part: text for part, text in words.items() if getattr(self, part)}
        return found if self.name is None else {"name": f"named {quoted(self.name)}", **found}

    def narrowing(self, now_ns: int, starred: Collection[str]) -> TraceNarrowing:
        """Return what the store is asked for beside the query; `starred` are the starred traces."""
        since_ns, until_ns = self.time_range.bounds(now_ns)
        return TraceNarrowing(
            service=self.service,
            name=self.name,
            since_ns=since_ns,
            until_ns=until_ns,
            min_duration_ns=self.min_duration_ns,
            max_duration_ns=self.max_duration_ns,
            errors_only=self.errors_only,
            has_llm=self.has_llm,
            trace_ids=starred if self.starred_only else None,
        )


def outcome(
    root_span_id: str | None, lead_status_code: int, last_received_ns: int, now_ns: int | None = None
) -> Outcome:
    """Tell how a trace ended; without a root it is running while spans still arrive."""
    if root_span_id is None:
        now_ns = time.time_ns() if now_ns is None else now_ns
        return Outcome.RUNNING if now_ns - last_received_ns <= QUIET_AFTER_NS else Outcome.ROOT_MISSING
    return Outcome.FAILED if lead_status_code == 2 else Outcome.OK
