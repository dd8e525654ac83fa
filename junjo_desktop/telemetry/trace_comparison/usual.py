"""A trace beside what is usual for its name: where each of its spans stands among those of other traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from junjo_desktop.telemetry.trace_comparison.arrangement import Arrangement, arrange
from junjo_desktop.telemetry.trace_comparison.model import (
    ComparedSpan,
    ComparedTrace,
    TraceFacts,
    UsualComparison,
    UsualSpan,
    Verdict,
)
from junjo_desktop.telemetry.trace_comparison.places import TOP, Places
from junjo_desktop.telemetry.trace_comparison.verdicts import Figure, Seen, is_missed, judged, quantile

_Siblings = dict[int, list[tuple[int | None, int]]]
"""By place, what stands right below it: the position of a span (None: the trace lacks it), and its place."""


class UsualTrace:
    """What traces of one name have in common; add them one by one."""

    def __init__(self) -> None:
        self._places = Places()
        self._seen: dict[int, Seen] = {}

    def add(self, spans: Sequence[ComparedSpan]) -> None:
        """Take another trace into account."""
        tree = arrange(spans)
        for at, number in self._places.walk(tree):
            seen = self._seen.get(number)
            if seen is None:
                seen = self._seen[number] = Seen()
            span = spans[at]
            seen.add(span.duration_ns, span.start_ns - tree.start_ns, is_error=span.is_error)

    def compare(self, trace: ComparedTrace, others: Sequence[TraceFacts], stored: int) -> UsualComparison:
        """Compare a trace with all that were added, which `others` tells about; `stored` counts those there are."""
        tree = arrange(trace.spans)
        siblings: _Siblings = {}
        for at, number in self._places.walk(tree):
            siblings.setdefault(self._places[number].parent, []).append((at, number))
        self._add_missing(siblings, tree, len(others))
        durations = sorted(one.duration_ns for one in others if one.duration_ns is not None)
        return UsualComparison(
            trace=trace.facts,
            others=len(others),
            stored=stored,
            rows=tuple(self._rows(siblings, tree, len(others))),
            median_ns=quantile(durations, 0.5),
            p95_ns=quantile(durations, 0.95),
            failed=sum(one.is_error for one in others),
            median_spans=_median(one.span_count for one in others),
            median_model_calls=_median(one.llm_count for one in others),
            median_tokens=_median(one.tokens for one in others),
            median_cost=_median(one.cost for one in others),
        )

    def _add_missing(self, siblings: _Siblings, tree: Arrangement, others: int) -> None:
        """Put what most others have where it would stand: by the time after the start at which others come to it."""
        there = {number for inside in siblings.values() for _, number in inside}
        # A place has a higher number than the one around it: those around come first.
        for number in sorted(self._seen):
            if number in there or not is_missed(self._seen[number], others):
                continue
            inside = siblings.setdefault(self._places[number].parent, [])
            usual = self._seen[number].offset_ns or 0
            later = (place for place, one in enumerate(inside) if self._offset_ns(*one, tree) > usual)
            inside.insert(next(later, len(inside)), (None, number))

    def _offset_ns(self, at: int | None, number: int, tree: Arrangement) -> int:
        seen = self._seen.get(number)
        offset = None if seen is None else seen.offset_ns
        if offset is None:
            return 0 if at is None else tree.spans[at].start_ns - tree.start_ns
        return offset

    def _rows(self, siblings: _Siblings, tree: Arrangement, others: int) -> Iterator[UsualSpan]:
        waiting: list[tuple[int | None, int, int, int | None]] = [
            (at, number, 0, None) for at, number in reversed(siblings.get(TOP, []))
        ]
        row = 0
        while waiting:
            at, number, depth, parent = waiting.pop()
            span = None if at is None else tree.spans[at]
            yield self._row(span, number, depth, parent, others)
            waiting += [(child, inside, depth + 1, row) for child, inside in reversed(siblings.get(number, []))]
            row += 1

    def _row(self, span: ComparedSpan | None, number: int, depth: int, parent: int | None, others: int) -> UsualSpan:
        service_name, name, span_type = self._places[number].look
        seen = self._seen.get(number)
        verdict, slower_than = Verdict.MISSING, None
        if span is not None and seen is not None:
            verdict, slower_than = judged(span, seen)
        elif span is not None:
            is_turn = self._places.first_turn(number) in self._seen
            verdict = Verdict.USUAL if not others else Verdict.MORE if is_turn else Verdict.NEW
        figures = None if seen is None else seen.figures()
        return UsualSpan(span, service_name, name, span_type, depth, parent, verdict, figures, slower_than=slower_than)


def _median(values: Iterable[Figure | None]) -> Figure | None:
    return quantile(sorted(value for value in values if value is not None), 0.5)
