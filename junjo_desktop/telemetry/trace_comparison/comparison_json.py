"""Comparisons of traces as JSON, for the command line and for whoever reads it there; `cli/compare_traces.py` says it.

Names are as sent; times and durations in nanoseconds, starts as decimal strings.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from junjo_desktop.telemetry.trace_comparison.model import (
    AlignedSpan,
    ComparedSpan,
    OwnTime,
    TraceComparison,
    TraceFacts,
    UsualComparison,
    UsualSpan,
)


def trace_comparison_json(comparison: TraceComparison) -> dict[str, Any]:
    """Return the document of two traces, ready for orjson."""
    return {
        "left": _facts(comparison.left),
        "right": _facts(comparison.right),
        "counts": asdict(comparison.counts),
        "divergence": None if comparison.divergence is None else asdict(comparison.divergence),
        "rows": [_row(row) for row in comparison.rows],
        "times": [_own_time(one) for one in comparison.times],
    }


def usual_comparison_json(comparison: UsualComparison) -> dict[str, Any]:
    """Return the document of a trace beside those of its name."""
    return {
        "trace": _facts(comparison.trace),
        "others": comparison.others,
        "stored": comparison.stored,
        "median_ns": comparison.median_ns,
        "p95_ns": comparison.p95_ns,
        "failed": comparison.failed,
        "rows": [_usual_row(row) for row in comparison.rows],
    }


def _facts(facts: TraceFacts) -> dict[str, Any]:
    told = asdict(facts)
    told["start_time_unix_nano"] = str(told.pop("start_ns"))
    for key in ("first_received_ns", "last_received_ns", "replaced_count"):
        del told[key]
    return told


def _span(span: ComparedSpan | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "span_id": span.span_id,
        "name": span.name,
        "service_name": span.service_name,
        "start_time_unix_nano": str(span.start_ns),
        "duration_ns": span.duration_ns,
        "is_error": span.is_error,
        "status_message": span.status_message,
        "llm_model": span.llm_model,
        "input_tokens": span.input_tokens,
        "output_tokens": span.output_tokens,
    }


def _row(row: AlignedSpan) -> dict[str, Any]:
    return {
        "name": row.name,
        "span_type": row.one.span_type,
        "depth": row.depth,
        "parent": row.parent,
        "change": row.change.value,
        "changed": list(row.changed),
        "left": _span(row.left),
        "right": _span(row.right),
        "difference_ns": row.difference_ns,
    }


def _own_time(one: OwnTime) -> dict[str, Any]:
    return {**asdict(one), "difference_ns": one.difference_ns}


def _usual_row(row: UsualSpan) -> dict[str, Any]:
    return {
        "name": row.name,
        "service_name": row.service_name,
        "span_type": row.span_type,
        "depth": row.depth,
        "parent": row.parent,
        "verdict": row.verdict.value,
        "span": _span(row.span),
        "usual": None if row.figures is None else asdict(row.figures),
        "slower_than": row.slower_than,
        "difference_ns": row.difference_ns,
    }
