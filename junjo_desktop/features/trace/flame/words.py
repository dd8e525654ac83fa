"""Sentences about boxes of a flame graph, for tooltips and screen readers. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.features.trace.flame.model import Flame, FlameOrder
from junjo_desktop.features.trace.self_time import takes_time
from junjo_desktop.features.trace.words import mark_sentences, span_sentence
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.figures import counted, duration_text

_UNITS = {FlameOrder.TIME: "of the trace", FlameOrder.LEFT_HEAVY: "of all work"}


def box_lines(flame: Flame, box: int, self_ns: Sequence[int]) -> tuple[str, ...]:
    """Return what a tooltip says of a box."""
    positions = flame.members[box]
    spans = [flame.tree.spans[position] for position in positions]
    own_ns = sum(self_ns[position] for position in positions)
    first = spans[0]
    if len(spans) == 1:
        lines = [span_sentence(first), *mark_sentences(flame.tree.marks[positions[0]], first)]
    else:
        failed = sum(span.is_error for span in spans)
        total_ns = sum(span.duration_ns for span in spans if takes_time(span))
        lines = [
            f"{kind_word(first.span_type)} {first.name}, {first.service_name}",
            counted(len(spans), "span") + (f", {failed:,} failed" if failed else ""),
            f"Total {duration_text(total_ns)}",
        ]
    whole_ns = flame.end_ns - flame.start_ns
    wide_ns = flame.right(box) - flame.left(box)
    share = f" · {wide_ns / whole_ns:.1%} {_UNITS[flame.order]}" if whole_ns else ""
    lines.append(f"Self {duration_text(own_ns)}{share}")
    return tuple(lines)


def run_lines(count: int, failed: int) -> tuple[str, ...]:
    """Return what a tooltip says of boxes that are too narrow to be seen."""
    failures = f", {failed:,} failed" if failed else ""
    return (f"{counted(count, 'span')} too narrow to be seen{failures}", "Double click zooms in")


def box_duration(flame: Flame, box: int) -> str:
    """Return how long a box says it took: its span, or the work of the spans it joins."""
    if flame.order is FlameOrder.TIME:
        return duration_text(flame.span(box).duration_ns)
    return duration_text(flame.right(box) - flame.left(box))


def undrawn_words(flame: Flame) -> str:
    """Return how many spans are not drawn and why; empty when all are."""
    return f"{counted(flame.undrawn_count, 'span')} without times not drawn" if flame.undrawn_count else ""
