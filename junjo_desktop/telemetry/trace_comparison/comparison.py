"""Compares two traces: aligns their spans, says what is another in each pair, where they part, where the time went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from junjo_desktop.telemetry.trace_comparison.alignment import Place, align
from junjo_desktop.telemetry.trace_comparison.arrangement import arrange
from junjo_desktop.telemetry.trace_comparison.attributes import differing_keys
from junjo_desktop.telemetry.trace_comparison.model import (
    NO_NAME,
    AlignedSpan,
    Change,
    ChangeCounts,
    ComparedSpan,
    ComparedTrace,
    TraceComparison,
    TraceDivergence,
)
from junjo_desktop.telemetry.trace_comparison.own_times import own_times


def compare_traces(left: ComparedTrace, right: ComparedTrace) -> TraceComparison:
    """Compare two traces."""
    one, other = arrange(left.spans), arrange(right.spans)
    places = align(one, other)
    rows = tuple(_row(place, left.spans, right.spans) for place in places)
    counts = Counter(row.change for row in rows)
    return TraceComparison(
        left=left.facts,
        right=right.facts,
        rows=rows,
        times=own_times(one, other, places),
        divergence=_divergence(rows),
        counts=ChangeCounts(**{change.value: counts[change] for change in Change}),
    )


def _row(place: Place, lefts: Sequence[ComparedSpan], rights: Sequence[ComparedSpan]) -> AlignedSpan:
    left = None if place.left is None else lefts[place.left]
    right = None if place.right is None else rights[place.right]
    if left is None:
        return AlignedSpan(None, right, place.depth, place.parent, Change.ADDED)
    if right is None:
        return AlignedSpan(left, None, place.depth, place.parent, Change.REMOVED)
    changed = tuple(_changed(left, right, is_moved=place.is_moved))
    return AlignedSpan(left, right, place.depth, place.parent, Change.CHANGED if changed else Change.SAME, changed)


def _changed(left: ComparedSpan, right: ComparedSpan, *, is_moved: bool) -> Iterator[str]:
    if left.is_error != right.is_error:
        yield "failed"
    elif left.status_message != right.status_message:
        yield "status"
    if (left.service_name, left.name) != (right.service_name, right.name):
        yield "name"
    if left.llm_model != right.llm_model:
        yield "model"
    if left.tokens != right.tokens:
        yield "tokens"
    if left.event_count != right.event_count:
        yield "events"
    if is_moved:
        yield "order"
    yield from differing_keys(left.attributes, right.attributes)


def _divergence(rows: Sequence[AlignedSpan]) -> TraceDivergence | None:
    position = next((at for at, row in enumerate(rows) if not row.is_both), None)
    if position is None:
        return None
    row = rows[position]
    beside = [at for at, one in enumerate(rows) if one.parent == row.parent]
    place = beside.index(position)
    before = rows[beside[place - 1]] if place else None
    following = [rows[at] for at in beside[place:]]
    return TraceDivergence(
        position=position,
        within="" if row.parent is None else rows[row.parent].name,
        after="" if before is None else before.name,
        left=next((one.left.name.strip() or NO_NAME for one in following if one.left is not None), None),
        right=next((one.right.name.strip() or NO_NAME for one in following if one.right is not None), None),
    )
