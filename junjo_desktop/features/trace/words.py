"""Sentences about a span's place and times, for tags, tooltips and screen readers. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.trace.repeats import Fold
from junjo_desktop.features.trace.tree import Mark, SpanRow
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.figures import counted, duration_text


def time_words(span: SpanRow) -> str:
    """Return a span's duration, or which of its times was not sent."""
    if span.has_times:
        return duration_text(span.duration_ns)
    if span.start_ns == span.end_ns == 0:
        return "no times"
    return "no end time" if span.start_ns else "no start time"


def span_sentence(span: SpanRow) -> str:
    """Return kind, name, service, outcome and duration."""
    failed = ", failed" if span.is_error else ""
    return f"{kind_word(span.span_type)} {span.name}{failed}, {time_words(span)}, {span.service_name}"


def fold_figures(fold: Fold) -> str:
    """Return how long the members of a fold took; empty when none told."""
    if fold.p50_ns is None or fold.p99_ns is None:
        return ""
    return f"p50 {duration_text(fold.p50_ns)}, p99 {duration_text(fold.p99_ns)}"


def fold_sentence(fold: Fold) -> str:
    """Return how many spans of what kind a fold holds, how many failed, how long they took, and of whom."""
    service, name, span_type = fold.label
    failed = f", {fold.failed_count:,} failed or with failures inside" if fold.failed_count else ""
    figures = f", {fold_figures(fold)}" if fold_figures(fold) else ""
    return f"{counted(len(fold.members), 'span')} {kind_word(span_type)} {name}{failed}{figures}, {service}"


def mark_sentences(marks: Mark, span: SpanRow) -> tuple[str, ...]:
    """Return one sentence for each thing that is odd."""
    sentences = {
        Mark.PARENT_MISSING: f"Its parent {span.parent_span_id} has not arrived.",
        Mark.CYCLE: "Its parents lead back to itself; the circle is cut here.",
        Mark.OUTSIDE_PARENT: "It reaches outside its parent by more than 1 ms: two clocks, or work that went on.",
        Mark.ENDS_BEFORE_START: "It ends before it starts; the times are shown as sent.",
        Mark.NO_TIME: f"Not all of its times were sent: start {span.start_ns}, end {span.end_ns}.",
    }
    return tuple(sentence for mark, sentence in sentences.items() if mark in marks)
