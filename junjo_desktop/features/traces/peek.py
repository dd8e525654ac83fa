"""What Space shows below the list: the current trace, with everything its row cuts or rounds."""

from __future__ import annotations

from junjo_desktop.features.traces.columns import outcome_of
from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text
from junjo_desktop.widgets.list_columns import NO_START, token_words


def peek_facts(row: TraceRow) -> tuple[Fact, ...]:
    """Return the facts of one trace."""
    facts = [
        Fact("Name", row.name.strip() or "(no name)"),
        Fact("Trace", row.trace_id),
        Fact("Outcome", outcome_of(row).value),
    ]
    facts.append(Fact("Started", iso_text(row.start_ns) if row.start_ns else NO_START))
    if row.duration_ns is not None:
        facts.append(Fact("Duration", duration_text(row.duration_ns), f"{row.duration_ns:,} ns"))
    others = row.service_count - 1
    facts.append(Fact("Service", f"{row.service_name} +{others}" if others > 0 else row.service_name))
    facts.append(Fact("Spans", count_text(row.span_count)))
    facts.append(Fact("Errors", count_text(row.error_count)))
    if row.llm_count:
        facts.append(Fact("LLM calls", count_text(row.llm_count)))
    if token_words(row.input_tokens, row.output_tokens):
        facts.append(Fact("Tokens", token_words(row.input_tokens, row.output_tokens)))
    if row.dropped_count:
        facts.append(Fact("Dropped", count_text(row.dropped_count), "Items the senders dropped"))
    return (*facts, Fact("Received", iso_text(row.last_received_ns), "When its newest span came in"))
