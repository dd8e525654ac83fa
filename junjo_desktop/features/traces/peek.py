"""What Space shows below the list: the current trace, with everything its row cuts or rounds."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from junjo_desktop.features.traces.columns import outcome_of
from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text


class TracePeek(FactsLine):
    """Hidden until it is asked for; then it follows the current row until it is asked again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("look", "peek")
        self.setAccessibleName("The current trace")
        self.hide()

    def toggle(self, row: TraceRow | None) -> None:
        """Show `row`, or hide."""
        if self.isHidden() and row is not None:
            self.set_facts(peek_facts(row))
            self.show()
        else:
            self.hide()

    def follow(self, row: TraceRow | None) -> None:
        """Another row is current; None when there is none."""
        if row is None:
            self.hide()
        elif not self.isHidden():
            self.set_facts(peek_facts(row))


def peek_facts(row: TraceRow) -> tuple[Fact, ...]:
    """Return the facts of one trace."""
    facts = [
        Fact("Name", row.name.strip() or "(no name)"),
        Fact("Trace", row.trace_id),
        Fact("Outcome", outcome_of(row).value),
    ]
    facts.append(Fact("Started", iso_text(row.start_ns) if row.start_ns else "no start time"))
    if row.duration_ns is not None:
        facts.append(Fact("Duration", duration_text(row.duration_ns), f"{row.duration_ns:,} ns"))
    others = row.service_count - 1
    facts.append(Fact("Service", f"{row.service_name} +{others}" if others > 0 else row.service_name))
    facts.append(Fact("Spans", count_text(row.span_count)))
    facts.append(Fact("Errors", count_text(row.error_count)))
    if row.llm_count:
        facts.append(Fact("LLM calls", count_text(row.llm_count)))
    if row.input_tokens is not None or row.output_tokens is not None:
        facts.append(
            Fact("Tokens", f"{count_text(row.input_tokens or 0)} in · {count_text(row.output_tokens or 0)} out")
        )
    if row.dropped_count:
        facts.append(Fact("Dropped", count_text(row.dropped_count), "Items the senders dropped"))
    return (*facts, Fact("Received", iso_text(row.last_received_ns), "When its newest span came in"))
