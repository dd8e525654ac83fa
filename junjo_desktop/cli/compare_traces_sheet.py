"""Two traces beside each other for a terminal, or one beside what is usual."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.cli.table import Column, table
from junjo_desktop.cli.text import harmless
from junjo_desktop.shell.trace_comparison_words import (
    changed_words,
    seen_words,
    verdict_words,
)
from junjo_desktop.telemetry.trace_comparison.model import (
    NO_NAME,
    AlignedSpan,
    Change,
    ComparedSpan,
    TraceComparison,
    TraceFacts,
    UsualComparison,
    UsualSpan,
    Verdict,
)
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, offset_text

_TRACES = (
    Column(""),
    Column("TRACE ID", spare=6),
    Column("STATUS"),
    Column("STARTED", spare=3),
    Column("DURATION", right=True),
    Column("SPANS", right=True),
    Column("FAILED", right=True, spare=1),
    Column("LLM", right=True, spare=4),
    Column("TOKENS", right=True, spare=5),
)
_ROWS = (
    Column(""),
    Column("SPAN", flexible=True),
    Column("TYPE", spare=1),
    Column("LEFT", right=True),
    Column("RIGHT", right=True),
    Column("DIFFERENCE", right=True),
    Column("CHANGED", flexible=True, spare=2),
)
_USUAL_ROWS = (
    Column(""),
    Column("SPAN", flexible=True),
    Column("TYPE", spare=1),
    Column("MEDIAN", right=True),
    Column("P95", right=True, spare=3),
    Column("THIS TRACE", right=True),
    Column("DIFFERENCE", right=True),
    Column("SEEN", spare=2),
    Column("FINDING", flexible=True),
)
_SIGNS = {Change.SAME: "", Change.CHANGED: "~", Change.ADDED: "+", Change.REMOVED: "-"}
_VERDICT_SIGNS = {
    Verdict.USUAL: "",
    Verdict.SLOWER: "~",
    Verdict.FAILED: "~",
    Verdict.NEW: "+",
    Verdict.MORE: "+",
    Verdict.MISSING: "-",
}
_DEEPEST = 40


def trace_comparison_sheet(comparison: TraceComparison, sentences: Sequence[str], width: int | None) -> list[str]:
    """Return the lines; all text is harmless, and none of it that others wrote begins a line."""
    found = comparison.divergence
    heading, *lines = table(_ROWS, map(_row, comparison.rows), width)
    if found is not None:
        lines.insert(
            found.position, f"{'  ' * min(comparison.rows[found.position].depth, _DEEPEST)}--- first difference ---"
        )
    facts = (_facts_row("left", comparison.left), _facts_row("right", comparison.right))
    return [*map(harmless, sentences), "", *table(_TRACES, facts, width), "", heading, *lines]


def usual_comparison_sheet(comparison: UsualComparison, sentences: Sequence[str], width: int | None) -> list[str]:
    """Return the lines; all text is harmless, and none of it that others wrote begins a line."""
    rows = (_usual_row(row, comparison.others) for row in comparison.rows)
    return [
        *map(harmless, sentences),
        "",
        *table(_TRACES, (_facts_row("trace", comparison.trace),), width),
        "",
        *table(_USUAL_ROWS, rows, width),
    ]


def _facts_row(which: str, facts: TraceFacts) -> tuple[str, ...]:
    tokens = facts.tokens
    return (
        which,
        facts.trace_id,
        "root missing" if facts.is_root_missing else "failed" if facts.is_error else "ok",
        iso_text(facts.start_ns) if facts.start_ns > 0 else "",
        "" if facts.duration_ns is None else duration_text(facts.duration_ns),
        count_text(facts.span_count),
        count_text(facts.error_count),
        count_text(facts.llm_count),
        "" if tokens is None else count_text(tokens),
    )


def _row(row: AlignedSpan) -> tuple[str, ...]:
    difference = row.difference_ns
    return (
        _SIGNS[row.change],
        "  " * min(row.depth, _DEEPEST) + row.name,
        row.one.span_type,
        _side(row.left),
        _side(row.right),
        {Change.ADDED: "only right", Change.REMOVED: "only left"}.get(row.change, "")
        or ("" if difference is None else offset_text(difference)),
        changed_words(row),
    )


def _side(span: ComparedSpan | None) -> str:
    if span is None:
        return "-"
    lasted = "" if span.duration_ns is None else duration_text(span.duration_ns)
    return f"failed {lasted}".strip() if span.is_error else lasted


def _usual_row(row: UsualSpan, others: int) -> tuple[str, ...]:
    figures, difference = row.figures, row.difference_ns
    return (
        _VERDICT_SIGNS[row.verdict],
        "  " * min(row.depth, _DEEPEST) + (row.name.strip() or NO_NAME),
        row.span_type,
        "-" if figures is None or figures.median_ns is None else duration_text(figures.median_ns),
        "-" if figures is None or figures.p95_ns is None else duration_text(figures.p95_ns),
        _side(row.span),
        "" if difference is None else offset_text(difference),
        seen_words(row, others),
        verdict_words(row, others),
    )
