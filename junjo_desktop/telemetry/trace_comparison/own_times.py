"""Where the time went: own time of spans by what they are, in either trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from junjo_desktop.telemetry.trace_comparison.alignment import Place
from junjo_desktop.telemetry.trace_comparison.arrangement import Arrangement
from junjo_desktop.telemetry.trace_comparison.model import OwnTime

Key = tuple[str, str, str]


@dataclass(slots=True)
class _Sum:
    count: int = 0
    total_ns: int | None = None


@dataclass(slots=True)
class _Both:
    left: _Sum = field(default_factory=_Sum)
    right: _Sum = field(default_factory=_Sum)
    position: int = 0
    largest_ns: int = -1


def own_times(left: Arrangement, right: Arrangement, rows: Sequence[Place]) -> tuple[OwnTime, ...]:
    """Return the own time of all spans that look the same, the largest difference first."""
    own = _own_ns(left), _own_ns(right)
    found: dict[Key, _Both] = {}
    for position, row in enumerate(rows):
        lasted: list[int] = []
        sums: _Both | None = None
        for at, arrangement, times, is_left in ((row.left, left, own[0], True), (row.right, right, own[1], False)):
            if at is None:
                lasted.append(0)
                continue
            span = arrangement.spans[at]
            sums = found.setdefault((span.service_name, span.name, span.span_type), _Both(position=position))
            _add(sums.left if is_left else sums.right, times[at])
            lasted.append(times[at] or 0)
        difference = abs(lasted[1] - lasted[0])
        if sums is not None and difference > sums.largest_ns:
            sums.largest_ns, sums.position = difference, position
    made = (
        OwnTime(
            *key,
            left_count=both.left.count,
            right_count=both.right.count,
            left_ns=both.left.total_ns,
            right_ns=both.right.total_ns,
            position=both.position,
        )
        for key, both in found.items()
    )
    return tuple(sorted(made, key=lambda one: (-abs(one.difference_ns or 0), one.position)))


def _add(total: _Sum, lasted_ns: int | None) -> None:
    total.count += 1
    if lasted_ns is not None:
        total.total_ns = (total.total_ns or 0) + lasted_ns


def _own_ns(arrangement: Arrangement) -> list[int | None]:
    """Return of each span the time in which none of its children ran; None where it told no times."""
    spans, children = arrangement.spans, arrangement.children
    found: list[int | None] = []
    for at, span in enumerate(spans):
        lasted = span.duration_ns
        if lasted is None or lasted <= 0 or not children[at]:
            found.append(lasted)
            continue
        covered, reached = 0, span.start_ns
        for child in children[at]:
            # In order of start: what is before `reached` is counted already.
            one = spans[child]
            start, end = max(one.start_ns, reached), min(one.end_ns, span.end_ns)
            if one.start_ns > 0 and end > start:
                covered += end - start
                reached = end
        found.append(lasted - covered)
    return found
