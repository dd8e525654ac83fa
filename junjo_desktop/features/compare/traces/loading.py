"""Reads what is compared, off the GUI thread, and makes rows of it there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from junjo_desktop.background import collection_held_back
from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.compare.rows import ComparedRows
from junjo_desktop.features.compare.traces.rows import span_rows, time_rows, usual_rows
from junjo_desktop.shell.trace_comparison_words import trace_summary, usual_summary
from junjo_desktop.store.compared_traces import compare_with_usual, read_compared_trace, trace_facts
from junjo_desktop.telemetry.trace_comparison.comparison import compare_traces
from junjo_desktop.telemetry.trace_comparison.model import (
    ComparedTrace,
    TraceComparison,
    TraceFacts,
    UsualComparison,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""Reading is followed by a pause of this many times its own time."""
_LEAST_PAUSE_S = 0.4


@dataclass(frozen=True)
class LoadedTraces:
    """A comparison ready to be shown. Of `pair` and `usual` one is there."""

    left: TraceFacts
    right: TraceFacts | None
    pair: TraceComparison | None
    usual: UsualComparison | None
    sentences: tuple[str, ...]
    spans: ComparedRows
    times: ComparedRows
    first_difference: int | None
    """Key of the first row that one trace alone has, or that is unusual; else of the first that differs."""
    rests_until_s: float
    """Monotonic time before which it is not read again, however fast its traces grow."""

    @property
    def count(self) -> int:
        """How many spans, aligned, there are."""
        compared = self.pair or self.usual
        return 0 if compared is None else len(compared.rows)

    @property
    def may_change_by_itself(self) -> bool:
        """Nothing here ends by the clock."""
        return False

    @property
    def name(self) -> str:
        """What the trace, or the first of both, is called."""
        return self.left.name.strip() or "(no name)"


@dataclass(frozen=True, slots=True)
class LoadTraces:
    """A read: two traces, or one with what is usual. Raises `NotFoundError` while nothing of one has arrived."""

    left_trace_id: str
    right_trace_id: str | None

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTraces:
        started_s = time.monotonic()
        with collection_held_back():
            left = _read(cursor, self.left_trace_id)
            if self.right_trace_id is None:
                return _usual(compare_with_usual(cursor, left), started_s)
            return _pair(compare_traces(left, _read(cursor, self.right_trace_id)), started_s)


@dataclass(frozen=True, slots=True)
class LoadChange:
    """A read: the comparison again, or None when nothing changed in what is compared.

    More traces of the name are no change: what is usual is read when the page is opened.
    """

    shown: LoadedTraces

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTraces | None:
        sides = [side for side in (self.shown.left, self.shown.right) if side is not None]
        if all(_version(trace_facts(cursor, side.trace_id)) == _version(side) for side in sides):
            return None
        return LoadTraces(self.shown.left.trace_id, None if self.shown.right is None else self.shown.right.trace_id)(
            cursor
        )


def _version(facts: TraceFacts | None) -> tuple[int, int, int] | None:
    return None if facts is None else (facts.span_count, facts.replaced_count, facts.last_received_ns)


def _read(cursor: DuckDBPyConnection, trace_id: str) -> ComparedTrace:
    found = read_compared_trace(cursor, trace_id)
    if found is None:
        raise NotFoundError(f"Waiting for trace {trace_id[:48]} …", "Nothing of it has arrived yet.")
    return found


def _rest(started_s: float) -> float:
    ended_s = time.monotonic()
    return ended_s + max((ended_s - started_s) * _IDLE_SHARE, _LEAST_PAUSE_S)


def _pair(comparison: TraceComparison, started_s: float) -> LoadedTraces:
    spans = span_rows(comparison)
    found = comparison.divergence
    return LoadedTraces(
        left=comparison.left,
        right=comparison.right,
        pair=comparison,
        usual=None,
        sentences=trace_summary(comparison),
        spans=spans,
        times=time_rows(comparison),
        first_difference=next(iter(spans.differing), None) if found is None else found.position,
        rests_until_s=_rest(started_s),
    )


def _usual(comparison: UsualComparison, started_s: float) -> LoadedTraces:
    spans = usual_rows(comparison)
    return LoadedTraces(
        left=comparison.trace,
        right=None,
        pair=None,
        usual=comparison,
        sentences=usual_summary(comparison),
        spans=spans,
        times=ComparedRows(),
        first_difference=next(iter(spans.differing), None),
        rests_until_s=_rest(started_s),
    )
