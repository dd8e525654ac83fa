"""What the spans of a trace add up to, in whatever order and portions they arrive.

A summary of spans merges with a summary of other spans of the same trace; the result does not depend on order or
grouping. Each stored span counts once: who adds spans has taken out those that were received before.

A time of 0 was not told, and one that no column can hold (2^63 ns and beyond, the year 2262) is none: where other
spans tell theirs, those count, so that one odd span does not make its trace last for decades.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from junjo_desktop.telemetry.columns import INT64_MAX, SPAN_COLUMNS

LLM_TYPE = "llm"
TOKEN_TYPES = frozenset((LLM_TYPE, "embedding"))
WORKFLOW_TYPES = frozenset(("workflow", "agent"))

SUMMARY_COLUMNS = (
    "span_id",
    "parent_span_id",
    "service_name",
    "name",
    "start_ns",
    "end_ns",
    "status_code",
    "is_error",
    "span_type",
    "junjo_span_type",
    "input_tokens",
    "output_tokens",
    "dropped_attributes_count",
    "dropped_events_count",
    "dropped_links_count",
    "received_ns",
)
"""The columns of `spans` that a summary is made of, in the order of `SpanFacts`."""


class SpanFacts(NamedTuple):
    """What a summary needs to know of one span."""

    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    start_ns: int
    end_ns: int
    status_code: int
    is_error: bool
    span_type: str
    junjo_span_type: str | None
    input_tokens: int | None
    output_tokens: int | None
    dropped_attributes_count: int
    dropped_events_count: int
    dropped_links_count: int
    received_ns: int


_pick = itemgetter(*(SPAN_COLUMNS.index(column) for column in SUMMARY_COLUMNS))


def facts_of(row: tuple[Any, ...]) -> SpanFacts:
    """Pick the facts out of a row in the order of `SPAN_COLUMNS`."""
    return SpanFacts._make(_pick(row))


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """One row of `traces`: the fields are its columns, in order. Times in nanoseconds since the epoch.

    `start_ns` is 0 when no span told its start, `end_ns` when none told its end, `duration_ns` in both cases;
    it is negative when all ended before the first began.
    """

    trace_id: str
    root_span_id: str | None
    root_count: int
    name: str
    service_name: str
    span_type: str
    start_ns: int
    end_ns: int
    duration_ns: int
    lead_start_ns: int
    lead_span_id: str
    lead_status_code: int
    span_count: int
    error_count: int
    llm_count: int
    workflow_count: int
    input_tokens: int | None
    output_tokens: int | None
    dropped_count: int
    replaced_count: int
    first_received_ns: int
    last_received_ns: int

    def row(self) -> tuple[object, ...]:
        """The values in the order of the table's columns."""
        return _columns_of(self)

    def merge(self, other: TraceSummary) -> TraceSummary:
        """Add the spans of `other`, which are others than those of this summary."""
        lead = min(self, other, key=_lead_order)
        start_ns, end_ns = _first((self.start_ns, other.start_ns)), _last((self.end_ns, other.end_ns))
        return replace(
            lead,
            root_count=self.root_count + other.root_count,
            start_ns=start_ns,
            end_ns=end_ns,
            duration_ns=_duration(start_ns, end_ns),
            span_count=self.span_count + other.span_count,
            error_count=self.error_count + other.error_count,
            llm_count=self.llm_count + other.llm_count,
            workflow_count=self.workflow_count + other.workflow_count,
            input_tokens=_add(self.input_tokens, other.input_tokens),
            output_tokens=_add(self.output_tokens, other.output_tokens),
            dropped_count=self.dropped_count + other.dropped_count,
            replaced_count=self.replaced_count + other.replaced_count,
            first_received_ns=min(self.first_received_ns, other.first_received_ns),
            last_received_ns=max(self.last_received_ns, other.last_received_ns),
        )

    def received_again(self, replaced: int, times_ns: Iterable[int]) -> TraceSummary:
        """Count `replaced` spans more as received again, and the times at which anything of the trace was received.

        Its stored spans do not tell: they are those that were received last.
        """
        times = (self.first_received_ns, self.last_received_ns, *times_ns)
        return replace(
            self,
            replaced_count=self.replaced_count + replaced,
            first_received_ns=min(times),
            last_received_ns=max(times),
        )


TRACE_COLUMNS = tuple(field.name for field in fields(TraceSummary))

_columns_of: Callable[[TraceSummary], tuple[object, ...]] = attrgetter(*TRACE_COLUMNS)


def summarize(trace_id: str, spans: Iterable[SpanFacts]) -> TraceSummary:
    """Summarize the spans of one trace, each given once. Raises `ValueError` when there are none."""
    spans = list(spans)
    lead = min(spans, key=lambda span: (span.parent_span_id is not None, *_moment_order(span.start_ns), span.span_id))
    start_ns, end_ns = _first(span.start_ns for span in spans), _last(span.end_ns for span in spans)
    callers = [span for span in spans if span.span_type in TOKEN_TYPES]
    return TraceSummary(
        trace_id=trace_id,
        root_span_id=lead.span_id if lead.parent_span_id is None else None,
        root_count=sum(span.parent_span_id is None for span in spans),
        name=lead.name,
        service_name=lead.service_name,
        span_type=lead.span_type,
        start_ns=start_ns,
        end_ns=end_ns,
        duration_ns=_duration(start_ns, end_ns),
        lead_start_ns=lead.start_ns,
        lead_span_id=lead.span_id,
        lead_status_code=lead.status_code,
        span_count=len(spans),
        error_count=sum(span.is_error for span in spans),
        llm_count=sum(span.span_type == LLM_TYPE for span in callers),
        workflow_count=sum(span.junjo_span_type in WORKFLOW_TYPES for span in spans),
        input_tokens=_total(span.input_tokens for span in callers),
        output_tokens=_total(span.output_tokens for span in callers),
        dropped_count=sum(_dropped(span) for span in spans),
        replaced_count=0,
        first_received_ns=min(span.received_ns for span in spans),
        last_received_ns=max(span.received_ns for span in spans),
    )


def _lead_order(summary: TraceSummary) -> tuple[bool, bool, int, str]:
    return (summary.root_span_id is None, *_moment_order(summary.lead_start_ns), summary.lead_span_id)


def _moment_order(moment_ns: int) -> tuple[bool, int]:
    """Those that were told come first."""
    return (not 0 < moment_ns < INT64_MAX, moment_ns)


def _first(moments_ns: Iterable[int]) -> int:
    return min((moment for moment in moments_ns if 0 < moment < INT64_MAX), default=0)


def _last(moments_ns: Iterable[int]) -> int:
    return max((moment for moment in moments_ns if 0 < moment < INT64_MAX), default=0)


def _duration(start_ns: int, end_ns: int) -> int:
    return end_ns - start_ns if start_ns and end_ns else 0


def _add(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _total(tokens: Iterable[int | None]) -> int | None:
    reported = [count for count in tokens if count is not None]
    return sum(reported) if reported else None


def _dropped(span: SpanFacts) -> int:
    return span.dropped_attributes_count + span.dropped_events_count + span.dropped_links_count
