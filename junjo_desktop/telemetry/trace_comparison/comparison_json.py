"""Comparisons of traces as JSON and back, for the command line; `cli/compare_traces.py` describes the documents.

Names are as sent; times and durations in nanoseconds, starts as decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from junjo_desktop.telemetry.trace_comparison.model import (
    AlignedSpan,
    Change,
    ChangeCounts,
    ComparedSpan,
    OwnTime,
    PathFigures,
    TraceComparison,
    TraceDivergence,
    TraceFacts,
    UsualComparison,
    UsualSpan,
    Verdict,
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
        "median_spans": comparison.median_spans,
        "median_model_calls": comparison.median_model_calls,
        "median_tokens": comparison.median_tokens,
        "median_cost": comparison.median_cost,
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


def trace_comparison_of(document: Mapping[str, Any]) -> TraceComparison:
    """Return what a document of two traces says; attributes, and when spans arrived, are not in it."""
    divergence = document["divergence"]
    return TraceComparison(
        left=_facts_of(document["left"]),
        right=_facts_of(document["right"]),
        rows=tuple(
            AlignedSpan(
                left=_span_of(row["left"], row["span_type"]),
                right=_span_of(row["right"], row["span_type"]),
                depth=row["depth"],
                parent=row["parent"],
                change=Change(row["change"]),
                changed=tuple(row["changed"]),
            )
            for row in document["rows"]
        ),
        times=tuple(
            OwnTime(**{key: value for key, value in one.items() if key != "difference_ns"}) for one in document["times"]
        ),
        divergence=None if divergence is None else TraceDivergence(**divergence),
        counts=ChangeCounts(**document["counts"]),
    )


def usual_comparison_of(document: Mapping[str, Any]) -> UsualComparison:
    """Return what a document of a trace beside those of its name says."""
    return UsualComparison(
        trace=_facts_of(document["trace"]),
        others=document["others"],
        stored=document["stored"],
        rows=tuple(
            UsualSpan(
                span=_span_of(row["span"], row["span_type"]),
                service_name=row["service_name"],
                name=row["name"],
                span_type=row["span_type"],
                depth=row["depth"],
                parent=row["parent"],
                verdict=Verdict(row["verdict"]),
                figures=None if row["usual"] is None else PathFigures(**row["usual"]),
                slower_than=row["slower_than"],
            )
            for row in document["rows"]
        ),
        median_ns=document["median_ns"],
        p95_ns=document["p95_ns"],
        failed=document["failed"],
        median_spans=document["median_spans"],
        median_model_calls=document["median_model_calls"],
        median_tokens=document["median_tokens"],
        median_cost=document["median_cost"],
    )


def _facts_of(told: Mapping[str, Any]) -> TraceFacts:
    facts = {key: value for key, value in told.items() if key != "start_time_unix_nano"}
    return TraceFacts(
        **facts, start_ns=int(told["start_time_unix_nano"]), first_received_ns=0, last_received_ns=0, replaced_count=0
    )


def _span_of(told: Mapping[str, Any] | None, span_type: str) -> ComparedSpan | None:
    if told is None:
        return None
    start_ns, lasted_ns = int(told["start_time_unix_nano"]), told["duration_ns"]
    rest = (
        "span_id",
        "service_name",
        "name",
        "is_error",
        "status_message",
        "llm_model",
        "input_tokens",
        "output_tokens",
    )
    return ComparedSpan(
        **{key: told[key] for key in rest},
        parent_span_id=None,
        span_type=span_type,
        start_ns=start_ns,
        end_ns=0 if lasted_ns is None else start_ns + lasted_ns,
    )
