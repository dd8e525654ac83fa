"""What narrows a list of runs, and the columns it is sorted by. Free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RunKind(StrEnum):
    """Which runs a list has. The values are kept in the window's state."""

    WORKFLOWS = "workflows"
    AGENTS = "agents"


class RunOutcome(StrEnum):
    """How a run ended, or how far it is. The values are shown."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RUNNING = "running"
    LOST = "lost"
    """It has not ended, and nothing of its trace was received for `execution.LOST_AFTER_NS`."""


class RunSortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    OUTCOME = "outcome"
    NAME = "name"
    SERVICE = "service"
    VERSION = "version"
    STARTED = "started"
    DURATION = "duration"
    NODES = "nodes"
    FAILURES = "failures"
    ERROR = "error"
    TERMINATION = "termination"
    MODEL_REQUESTS = "model_requests"
    TOOL_CALLS = "tool_calls"
    TOKENS = "tokens"
    CORRELATION = "correlation"
    TYPE = "type"
    TRACE_ID = "trace_id"
    RUNTIME_ID = "runtime_id"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class RunSort:
    """An order of the list; ties are newest first, so that it is stable."""

    by: RunSortBy = RunSortBy.STARTED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a run must satisfy to be listed; by default every workflow is. Times and durations in nanoseconds.

    Texts are matched whole, but for `text`, which is a query asked of runs.
    """

    kind: RunKind = RunKind.WORKFLOWS
    with_subflows: bool = False
    service: str | None = None
    name: str | None = None
    version: str | None = None
    outcomes: frozenset[RunOutcome] = frozenset()
    """Empty: all."""
    since_ns: int | None = None
    until_ns: int | None = None
    min_duration_ns: int | None = None
    """A run that has not ended lasts until now, or until it was last heard of when it is lost."""
    max_duration_ns: int | None = None
    correlation_id: str | None = None
    termination_reason: str | None = None
    text: str = ""
