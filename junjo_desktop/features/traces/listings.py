"""What the list of traces is made of, and how its newest part is renewed. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junjo_desktop.widgets.scatter_sample import Scatter

TRACE_ID_CHARS = 32


@dataclass(frozen=True, slots=True)
class TraceIds:
    """Ids in order, packed into one text of 32 characters each: a million take 32 MB and no time to copy."""

    packed: str = ""

    def __len__(self) -> int:
        return len(self.packed) // TRACE_ID_CHARS

    def __getitem__(self, row: int) -> str:
        return self.packed[row * TRACE_ID_CHARS : (row + 1) * TRACE_ID_CHARS]

    def page(self, first: int, count: int) -> list[str]:
        """Return up to `count` ids from row `first`."""
        return [self[row] for row in range(first, min(first + count, len(self)))]

    def find(self, trace_id: str) -> int:
        """Return the row of an id, -1 when it is not listed."""
        at = self.packed.find(trace_id)
        while at >= 0 and at % TRACE_ID_CHARS:
            at = self.packed.find(trace_id, at + 1)
        return at // TRACE_ID_CHARS if at >= 0 else -1

    def without(self, trace_id: str) -> TraceIds:
        """Return the ids without one of them."""
        row = self.find(trace_id)
        if row < 0:
            return self
        return TraceIds(self.packed[: row * TRACE_ID_CHARS] + self.packed[(row + 1) * TRACE_ID_CHARS :])

    def split(self, row: int) -> tuple[TraceIds, TraceIds]:
        """Return the ids before `row`, and those from it on."""
        return TraceIds(self.packed[: row * TRACE_ID_CHARS]), TraceIds(self.packed[row * TRACE_ID_CHARS :])


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
