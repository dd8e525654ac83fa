"""The facts that a peek at one row of the figures shows."""

from __future__ import annotations

from junjo_desktop.features.services.figure_rows import FigureRow
from junjo_desktop.features.services.words import rate_text, share_text
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text
from junjo_desktop.widgets.list_columns import token_words


def figure_facts(row: FigureRow) -> tuple[Fact, ...]:
    """Return the facts; what nothing tells is left out."""
    figures = row.figures
    is_service = row.operation is None
    facts = [
        Fact("Service", row.service.service_name),
        Fact("Operation", "" if row.operation is None else row.operation.name),
        Fact("Type", "" if row.operation is None else row.operation.span_type),
        Fact("Requests", count_text(figures.spans) if is_service and row.service.has_requests else ""),
        Fact("Spans", count_text(row.spans)),
        Fact("In a minute", rate_text(row.per_minute)),
        Fact("Failed", f"{figures.errors:,} · {share_text(figures.error_share, figures.errors)}"),
        *(
            Fact(title, "" if ns is None else duration_text(ns), "" if ns is None else f"{ns:,} ns")
            for title, ns in (("p50", figures.p50_ns), ("p95", figures.p95_ns), ("p99", figures.p99_ns))
        ),
        Fact("Tokens", token_words(figures.input_tokens, figures.output_tokens)),
        Fact("First seen", iso_text(figures.first_ns) if figures.first_ns else ""),
        Fact("Last seen", iso_text(figures.last_ns) if figures.last_ns else ""),
    ]
    return tuple(fact for fact in facts if fact.value)
