"""What lists of runs are made of. Free of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from junjo_desktop.store.packed_ids import PackedIds
from junjo_desktop.store.run_filters import RunOutcome
from junjo_desktop.telemetry.llm.call_sums import CallSums

_TRACE_ID_CHARS = 32


@dataclass(frozen=True, slots=True)
class RunKey:
    """Which run: it stays the same when the run ends and its owner arrives."""

    trace_id: str
    owner_span_id: str

    def text(self) -> str:
        """The id of a row in a list of runs: 48 characters."""
        return self.trace_id + self.owner_span_id


def run_key(text: str) -> RunKey:
    """Return what `RunKey.text` was made of."""
    return RunKey(text[:_TRACE_ID_CHARS], text[_TRACE_ID_CHARS:])


@dataclass(frozen=True, slots=True)
class RunIds(PackedIds):
    """Ids of rows in order (`RunKey.text`)."""

    CHARS: ClassVar[int] = 48


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of a list. Times in nanoseconds since the epoch.

    `span_id` is None while the run is open; what is then known of it comes from its children that have ended.
    `name_source`: sent; inferred from the newest run of the same graph, agent or object; or unknown (`name` is empty).
    `start_ns` is 0 when nobody told it. `duration_ns` of an open run is the time from its first known moment until now,
    or until it was last heard of when it is lost; None when nobody told its start.
    Tokens of an agent are its own. Those of a workflow are its trace's where it is the only run at the top of its trace
    (calls beside it in the same trace count with it), else None.
    """

    trace_id: str
    owner_span_id: str
    span_id: str | None
    type: str
    name: str
    name_source: str
    service_name: str
    service_version: str | None
    agent_key: str | None
    runtime_id: str | None
    graph_structural_id: str | None
    parent_runtime_id: str | None
    correlation_type: str | None
    correlation_id: str | None
    start_ns: int
    duration_ns: int | None
    outcome: RunOutcome
    error_type: str | None
    error_message: str | None
    termination_reason: str | None
    node_count: int | None
    failure_count: int
    hook_error_count: int
    model_requests: int | None
    tool_calls: int | None
    input_tokens: int | None
    output_tokens: int | None
    heard_ns: int
    """When something of it was last received; while it is open, of its trace."""
    calls: CallSums | None = None
    """What its model calls add up to, each once; None until they are read."""

    @property
    def key(self) -> str:
        """Its id in the list."""
        return self.trace_id + self.owner_span_id


@dataclass(frozen=True, slots=True)
class RunListing:
    """An answer to one filter and order. `stored` counts all runs of the kind; `seen_ns` marks what is new later on."""

    ids: RunIds
    stored: int
    new: int
    seen_ns: int
    first_rows: Mapping[str, RunRow] = field(default_factory=dict)
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class RunGroup:
    """All listed runs of one name in one service. Times in nanoseconds.

    The failure rate is `failed / (completed + failed + cancelled)`, None when none has ended; durations are those of
    ended runs, None when there is none.
    """

    name: str
    service_name: str
    type: str
    count: int
    completed: int
    failed: int
    cancelled: int
    running: int
    lost: int
    p50_ns: int | None
    p95_ns: int | None
    last_start_ns: int
    last_key: str
    """Of the run that started last."""
    last_outcome: RunOutcome
    model_requests: int | None
    tool_calls: int | None
    input_tokens: int | None
    output_tokens: int | None

    @property
    def failure_rate(self) -> float | None:
        """From 0 to 1."""
        ended = self.completed + self.failed + self.cancelled
        return self.failed / ended if ended else None


@dataclass(frozen=True, slots=True)
class RunFacets:
    """What the runs of a kind can be narrowed by, each with the number of its runs, in alphabetical order."""

    services: Mapping[str, int]
    names: Mapping[str, int]
    versions: Mapping[str, int]
    termination_reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a run stands among those of the same kind of executable and name in its service, by start.

    `position` counts from 1, the oldest first; `older` and `newer` are None at the ends.
    """

    older: RunKey | None
    newer: RunKey | None
    position: int
    count: int
