"""One span as the lenses of a trace show it, and what can be odd about it. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag

SKEW_TOLERANCE_NS = 1_000_000
"""How far a child may reach outside its parent before it is marked."""


class Mark(Flag):
    """What is odd about a span's place or times."""

    NONE = 0
    PARENT_MISSING = 1
    """It names a parent that is not stored (yet); it stands at the root level."""
    CYCLE = 2
    """Its ancestors lead back to itself; of that circle it starts first, and stands at the root level."""
    OUTSIDE_PARENT = 4
    """It starts before or ends after its parent by more than `SKEW_TOLERANCE_NS`."""
    ENDS_BEFORE_START = 8
    NO_TIME = 16
    """Its start or its end is zero."""


MARKS = tuple(Mark(value) for value in range(32))
"""Every combination, by its value: quicker than making it."""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """What the waterfall shows of one span. Times in nanoseconds since the epoch, as sent."""

    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    span_type: str
    start_ns: int
    end_ns: int
    is_error: bool
    event_count: int = 0
    is_run: bool = False
    """Whether it is a Junjo workflow, subflow or agent, which has a page of its own."""
    tokens: int | None = None
    """In and out of a call of a language model; None when it reported none."""
    dropped_count: int = 0
    """Attributes, events and links that the sender dropped."""
    host_name: str = ""
    """`host.name` of its resource; empty when it told none."""

    @property
    def duration_ns(self) -> int:
        """End minus start; negative when the sender's clock went back."""
        return self.end_ns - self.start_ns

    @property
    def has_times(self) -> bool:
        """Whether both of its times were told."""
        return self.start_ns > 0 and self.end_ns > 0
