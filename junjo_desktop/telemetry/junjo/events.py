"""What happened within spans: updates of stores, failures, errors of hooks."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.payload import Payload


@dataclass(frozen=True)
class StateEvent:
    """A `set_state` event, on whatever span it sits. The sequence (from 1) and the revisions are G2's, else None.

    `arrival` is that of its span, `index` its place among the events of that span.
    """

    event_id: str | None
    store_id: str
    store_name: str
    action: str
    patch: Payload
    sequence: int | None
    revision_before: int | None
    revision_after: int | None
    time_ns: int
    span_id: str
    arrival: int
    index: int


@dataclass(frozen=True)
class Failure:
    """A span that failed: by `error.type`, an `exception` event, or status ERROR. A failing hook is none.

    `cause` is the innermost exception of the stack trace ("ValueError: boom"), "" where nothing is behind the failure
    itself. `is_origin` marks the span where a failure arose; spans around it only pass it on.
    """

    span_id: str
    name: str
    type: str
    message: str
    stacktrace: str
    escaped: bool
    time_ns: int
    cause: str
    is_origin: bool


@dataclass(frozen=True)
class HookError:
    """A user's hook that raised, on the span that it observed. It does not fail the run."""

    span_id: str
    hook_event: str
    callback: str
    type: str
    message: str
    stacktrace: str
    time_ns: int
