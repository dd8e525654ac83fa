"""The facts of a span above the inspector's tabs. Qt-free."""

from __future__ import annotations

from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.span import Span, kind_name
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text, offset_text
from junjo_desktop.widgets.inspector.reading import SpanReading

_STATUS_WORDS = {0: "unset", 1: "ok", 2: "error"}


def span_facts(span: Span, trace_start_ns: int, reading: SpanReading | None = None) -> tuple[Fact, ...]:
    """Return what a span's columns say, and what was read of it; what is empty or ordinary is left out."""
    told = reading.facts if reading is not None and reading.facts else _model_facts(span)
    return (*_time_facts(span, trace_start_ns), *told, *_origin_facts(span), *_loss_facts(span))


def _time_facts(span: Span, trace_start_ns: int) -> tuple[Fact, ...]:
    started = Fact("Started", _moment(span.start_ns, "no start time"), _moment_tip(span.start_ns))
    if span.start_ns == 0 or span.end_ns == 0:
        return started, Fact("Ended", _moment(span.end_ns, "no end time"), _moment_tip(span.end_ns))
    duration = Fact("Duration", duration_text(span.duration_ns), f"{span.duration_ns:,} ns")
    return duration, started, Fact("After", offset_text(span.start_ns - trace_start_ns), "Since the trace began")


def _moment(moment_ns: int, missing: str) -> str:
    return moment_text(moment_ns) if moment_ns else missing


def _moment_tip(moment_ns: int) -> str:
    return f"{iso_text(moment_ns)}\n{moment_ns} ns" if moment_ns else "The sender wrote 0"


def _model_facts(span: Span) -> tuple[Fact, ...]:
    facts = []
    if span.llm_model:
        provider = f"{span.llm_provider} · " if span.llm_provider else ""
        facts.append(Fact("Model", f"{provider}{span.llm_model}", term=term_for("model", span.llm_model)))
    if span.input_tokens is not None or span.output_tokens is not None:
        told = (
            f"{count_text(amount)} {way}"
            for amount, way in ((span.input_tokens, "in"), (span.output_tokens, "out"))
            if amount is not None
        )
        facts.append(Fact("Tokens", " · ".join(told)))
    return tuple(facts)


def _origin_facts(span: Span) -> tuple[Fact, ...]:
    facts = [Fact("Service", span.service_name, term=term_for("service", span.service_name))]
    if span.kind > 1:
        kind = kind_name(span.kind).lower()
        facts.append(Fact("Kind", kind, term=term_for("kind", kind)))
    if span.status_code:
        status = _STATUS_WORDS.get(span.status_code, str(span.status_code))
        facts.append(Fact("Status", status, term=term_for("status", status)))
    facts.append(Fact("Span", span.span_id))
    if span.parent_span_id:
        facts.append(Fact("Parent", span.parent_span_id))
    if span.trace_state:
        facts.append(Fact("Trace state", span.trace_state))
    return tuple(facts)


def _loss_facts(span: Span) -> tuple[Fact, ...]:
    lost = (
        ("attributes", span.dropped_attributes_count),
        ("events", span.dropped_events_count),
        ("links", span.dropped_links_count),
    )
    return tuple(
        Fact(f"Dropped {what}", count_text(count), "By the sender, before it sent the span")
        for what, count in lost
        if count
    )
