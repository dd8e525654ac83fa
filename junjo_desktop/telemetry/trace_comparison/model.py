"""Two traces beside each other, as what reads the comparison sees it; see `comparison` for how it is made.

Differences are those of the right trace against the left one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

NO_NAME = "(no name)"


class ComparedSpan(NamedTuple):
    """What is compared of a span. Times in nanoseconds; 0 is a time that was not told.

    `attributes` is JSON text, empty where they are not compared.
    """

    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    span_type: str
    start_ns: int
    end_ns: int
    is_error: bool
    status_message: str = ""
    llm_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    event_count: int = 0
    attributes: str = ""

    @property
    def duration_ns(self) -> int | None:
        """How long it took; None where its start or its end was not told."""
        return self.end_ns - self.start_ns if self.start_ns > 0 and self.end_ns > 0 else None

    @property
    def tokens(self) -> int | None:
        """In and out; None where it reported none."""
        told = [count for count in (self.input_tokens, self.output_tokens) if count is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """What is said of one trace as a whole. None: not told."""

    trace_id: str
    name: str
    service_name: str
    is_root_missing: bool
    is_error: bool
    """Whether its root span failed."""
    start_ns: int
    duration_ns: int | None
    span_count: int
    error_count: int
    llm_count: int
    input_tokens: int | None
    output_tokens: int | None
    first_received_ns: int
    last_received_ns: int
    replaced_count: int
    cost: float | None = None
    """US dollars of its model calls, each counted once; None where it is known of none of them."""
    unpriced: int = 0
    """Model calls whose cost is not known."""

    @property
    def tokens(self) -> int | None:
        """In and out; None where no call told any."""
        told = [count for count in (self.input_tokens, self.output_tokens) if count is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class ComparedTrace:
    """One of the traces. `spans` are in any order."""

    facts: TraceFacts
    spans: tuple[ComparedSpan, ...]


class Change(StrEnum):
    """What a row says of both sides."""

    SAME = "same"
    CHANGED = "changed"
    """Both have it, and it did not do the same; a duration alone is no change."""
    ADDED = "added"
    """Only the right trace has it."""
    REMOVED = "removed"
    """Only the left trace has it."""


@dataclass(frozen=True, slots=True)
class AlignedSpan:
    """A row: a span of both traces, or of one of them only.

    `parent` is the position of the row around it, None for the topmost. `changed` says in short what is another in a
    span of both: `name`, `order`, `failed`, `status`, `model`, `tokens`, `events`, and keys of attributes as they are.
    """

    left: ComparedSpan | None
    right: ComparedSpan | None
    depth: int
    parent: int | None
    change: Change
    changed: tuple[str, ...] = ()

    @property
    def one(self) -> ComparedSpan:
        """The span of the left trace, else that of the right."""
        span = self.left or self.right
        if span is None:
            raise ValueError("A row has a span of at least one trace.")
        return span

    @property
    def name(self) -> str:
        """What it is called."""
        return self.one.name.strip() or NO_NAME

    @property
    def is_both(self) -> bool:
        """Whether both traces have it."""
        return self.left is not None and self.right is not None

    @property
    def difference_ns(self) -> int | None:
        """How much longer it took at the right; None where it is not in both, or a time was not told."""
        left = None if self.left is None else self.left.duration_ns
        right = None if self.right is None else self.right.duration_ns
        return None if left is None or right is None else right - left


@dataclass(frozen=True, slots=True)
class TraceDivergence:
    """The first row, in order of the tree, that one trace alone has. Names are as sent.

    `within` is the span around it, "" for none; `after` the last one before it there that both have, "" for none.
    `left` and `right` come next in each trace, None where nothing does.
    """

    position: int
    within: str
    after: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class OwnTime:
    """The own time of all spans of one service, name and type, and how much of it each trace has.

    None where no such span told its times; `position` is the row that adds most to the difference.
    """

    service_name: str
    name: str
    span_type: str
    left_count: int
    right_count: int
    left_ns: int | None
    right_ns: int | None
    position: int

    @property
    def difference_ns(self) -> int | None:
        """How much more it is at the right. What one trace does not have took no time there; None: not known."""
        if (self.left_ns is None and self.left_count) or (self.right_ns is None and self.right_count):
            return None
        return (self.right_ns or 0) - (self.left_ns or 0)


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """Rows by what they say."""

    same: int
    changed: int
    added: int
    removed: int


@dataclass(frozen=True)
class TraceComparison:
    """Two traces beside each other. `rows` are in order of the tree; `times` with the largest difference first."""

    left: TraceFacts
    right: TraceFacts
    rows: tuple[AlignedSpan, ...]
    times: tuple[OwnTime, ...]
    divergence: TraceDivergence | None
    counts: ChangeCounts


class Verdict(StrEnum):
    """What a span is among those of other traces of its name."""

    USUAL = "usual"
    SLOWER = "slower"
    """It took longer than 95 % of the others."""
    NEW = "new"
    """No other trace has it."""
    MORE = "more"
    """Others have it, but none so many times."""
    FAILED = "failed"
    """It failed, and at most one in twenty of the others did."""
    MISSING = "missing"
    """The trace does not have it; most others do."""


@dataclass(frozen=True, slots=True)
class PathFigures:
    """What other traces have at one place. Durations in nanoseconds, None where none told its times.

    `seen` counts traces; `p95_ns` is the largest where there are fewer than 20. `offset_ns` is from the start of the
    trace.
    """

    seen: int
    failed: int
    median_ns: int | None
    p95_ns: int | None
    offset_ns: int | None


@dataclass(frozen=True, slots=True)
class UsualSpan:
    """A row: a span of the trace beside what is usual at its place, or a place that it lacks (`span` is None)."""

    span: ComparedSpan | None
    service_name: str
    name: str
    span_type: str
    depth: int
    parent: int | None
    verdict: Verdict
    figures: PathFigures | None
    """None where no other trace has it."""
    slower_than: float | None = None
    """Share of the others that it was slower than, from 0 to 1."""

    @property
    def difference_ns(self) -> int | None:
        """How much longer it took than the median; None where either is not known."""
        lasted = None if self.span is None else self.span.duration_ns
        usual = None if self.figures is None else self.figures.median_ns
        return None if lasted is None or usual is None else lasted - usual


@dataclass(frozen=True)
class UsualComparison:
    """A trace beside `others`: how many traces of its name and service were looked at, the newest ones."""

    trace: TraceFacts
    others: int
    stored: int
    """How many others there are at all."""
    rows: tuple[UsualSpan, ...]
    median_ns: int | None
    """Of the durations of the other traces; and their p95."""
    p95_ns: int | None
    failed: int
    """How many of the others did; their medians follow, None where nothing was told."""
    median_spans: int | None = None
    median_model_calls: int | None = None
    median_tokens: int | None = None
    median_cost: float | None = None
