"""What the list of traces is made of, and how its newest part is renewed. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from junjo_desktop.store.packed_ids import PackedIds
from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.widgets.scatter_sample import Scatter


@dataclass(frozen=True, slots=True)
class TraceIds(PackedIds):
    """Ids of traces in order."""

    CHARS: ClassVar[int] = 32


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One line of the list. Times in nanoseconds since the epoch.

    `start_ns` is 0 when no span told its start; `duration_ns` is None when none told its start or its end; token counts
    are None when no call told any.
    """

    trace_id: str
    root_span_id: str | None
    root_count: int
    name: str
    service_name: str
    service_count: int
    start_ns: int
    duration_ns: int | None
    lead_status_code: int
    span_count: int
    error_count: int
    llm_count: int
    input_tokens: int | None
    output_tokens: int | None
    dropped_count: int
    last_received_ns: int
    calls: CallSums | None = None
    """None until they are read."""

    @property
    def tokens(self) -> tuple[int | None, int | None]:
        """In and out: each call once where calls are read, else as the spans tell them."""
        return (
            (self.input_tokens, self.output_tokens)
            if self.calls is None
            else (
                self.calls.input_tokens,
                self.calls.output_tokens,
            )
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """What only reading every trace tells: the services with how many traces each has, and the scatter strip."""

    services: Mapping[str, int]
    scatter: Scatter


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer to one filter and order. `stored` counts all traces; `seen_ns` marks what is new later on.

    `first_rows` are the rows at the top, so that a screen is filled by the same read. `totals` are left out by an
    answer that did not read everything, and `is_partial` says that it does not list everything either.
    A whole newest-first listing can be renewed: its first `newest_count` ids start at `newest_from_ns` or later.
    """

    ids: TraceIds
    stored: int
    new: int
    seen_ns: int
    first_rows: Mapping[str, TraceRow] = field(default_factory=dict)
    totals: Totals | None = None
    is_partial: bool = False
    newest_from_ns: int = 0
    newest_count: int = 0

    def gone_from_newest(self, newest: TraceIds) -> list[str]:
        """Return those of this listing's newest ids that are not in `newest`."""
        replaced = self.ids.page(0, self.newest_count)
        return list(set(replaced).difference(newest.page(0, len(newest))))

    def renewed(self, newest: TraceIds, fallen: TraceIds, received_again: Sequence[str]) -> TraceIds:
        """Return the ids with other newest ones.

        `fallen` were among the newest and start earlier now: they stand right below, until the next whole listing knows
        how far they fell. `received_again`: those of `newest` that this listing may hold further down. Only a span that
        was received again can make a trace start later; it has risen from there, and stands once.
        """
        replaced, older = self.ids.split(self.newest_count)
        for trace_id in set(received_again).difference(replaced.page(0, self.newest_count)):
            older = older.without(trace_id)
        return TraceIds(newest.packed + fallen.packed + older.packed)
