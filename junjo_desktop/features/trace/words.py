"""Sentences about a span's place and times, for tags, tooltips and screen readers. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.trace.tree import Mark, SpanRow
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.figures import duration_text


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
