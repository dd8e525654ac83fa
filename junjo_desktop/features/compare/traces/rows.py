"""The rows of two traces, and of one beside what is usual for its name. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator

from junjo_desktop.features.compare.rows import ComparedRow, ComparedRows, Side, notable_ns
from junjo_desktop.shell.trace_comparison_words import (
    changed_words,
    divergence_words,
    seen_words,
    verdict_words,
)
from junjo_desktop.telemetry.trace_comparison.model import (
    NO_NAME,
    AlignedSpan,
    Change,
    ComparedSpan,
    OwnTime,
    TraceComparison,
    UsualComparison,
    UsualSpan,
    Verdict,
)
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.widgets.figures import count_text, counted, duration_text, offset_text

_FAILED_SIGN = "✕"
_SIGNS = {Change.SAME: "", Change.CHANGED: "~", Change.ADDED: "+", Change.REMOVED: "−"}
_VERDICT_SIGNS = {
    Verdict.USUAL: "",
    Verdict.SLOWER: "~",
    Verdict.FAILED: "~",
    Verdict.NEW: "+",
    Verdict.MORE: "+",
    Verdict.MISSING: "−",
}
_VERDICT_ROLES: dict[Verdict, Role] = {Verdict.FAILED: "error", Verdict.USUAL: "dim"}


def span_rows(comparison: TraceComparison) -> ComparedRows:
    """Return the spans of two traces in order of the tree, with a sentence where the structure parts first."""
    rows: list[ComparedRow] = []
    least_ns = notable_ns(comparison.left.duration_ns, comparison.right.duration_ns)
    found = comparison.divergence
    for position, aligned in enumerate(comparison.rows):
        if found is not None and position == found.position:
            words = divergence_words(found)
            name = f"First difference: {words[:1].lower()}{words[1:]}"
            rows.append(ComparedRow(None, name, aligned.depth, tip=words))
        rows.append(_span_row(position, aligned, least_ns))
    return ComparedRows.of(rows)


def _span_row(position: int, aligned: AlignedSpan, least_ns: int) -> ComparedRow:
    difference, role = _difference(aligned, least_ns)
    return ComparedRow(
        key=position,
        name=aligned.name,
        depth=aligned.depth,
        tag=(kind_word(aligned.one.span_type), kind_role(aligned.one.span_type)),
        note=changed_words(aligned),
        left=_side(aligned.left),
        right=_side(aligned.right),
        difference=difference,
        difference_role=role,
        sign=_SIGNS[aligned.change],
        tip="\n".join(_tip(aligned)),
    )


def _difference(aligned: AlignedSpan, least_ns: int) -> tuple[str, Role]:
    if not aligned.is_both:
        return ("only left" if aligned.left is not None else "only right"), "warning"
    return _offset(aligned.difference_ns, least_ns)


def _offset(difference_ns: int | None, least_ns: int) -> tuple[str, Role]:
    if difference_ns is None:
        return "unknown", "dim"
    notable: Role = "warning" if difference_ns > 0 else "ok"
    return offset_text(difference_ns), "dim" if abs(difference_ns) < least_ns else notable


def _side(span: ComparedSpan | None) -> Side:
    if span is None:
        return Side()
    lasted = span.duration_ns
    text = "unknown" if lasted is None else duration_text(lasted)
    if span.is_error:
        return Side(span.span_id, f"{_FAILED_SIGN} {text}", "error", lasted, "failed")
    return Side(span.span_id, text, "text", lasted)


def _tip(aligned: AlignedSpan) -> Iterator[str]:
    one = aligned.one
    yield f"{kind_word(one.span_type)} {aligned.name} · {one.service_name}"
    for which, span in (("Left", aligned.left), ("Right", aligned.right)):
        yield f"{which}: {_told(span)}"
    if aligned.difference_ns is not None:
        yield f"Difference {aligned.difference_ns:+,} ns".replace("-", "−")
    if aligned.changed:
        yield f"Changed: {changed_words(aligned)}"


def _told(span: ComparedSpan | None) -> str:
    if span is None:
        return "not in this trace"
    parts = [
        "no times told" if span.duration_ns is None else f"{span.duration_ns:,} ns",
        "failed" if span.is_error else "",
        span.status_message,
        span.llm_model or "",
        "" if span.tokens is None else f"{count_text(span.tokens)} tokens",
    ]
    return ", ".join(part for part in parts if part)


def time_rows(comparison: TraceComparison) -> ComparedRows:
    """Return where the time went by what spans are, what differs most first."""
    least_ns = notable_ns(comparison.left.duration_ns, comparison.right.duration_ns)
    return ComparedRows.of([_time_row(one, comparison.rows[one.position], least_ns) for one in comparison.times])


def _time_row(one: OwnTime, row: AlignedSpan, least_ns: int) -> ComparedRow:
    difference, role = _offset(one.difference_ns, least_ns)
    sign = "" if one.left_count and one.right_count else "−" if one.left_count else "+"
    return ComparedRow(
        key=one.position,
        name=one.name.strip() or NO_NAME,
        tag=(kind_word(one.span_type), kind_role(one.span_type)),
        note=_counts(one),
        left=_time_side(row.left, one.left_count, one.left_ns),
        right=_time_side(row.right, one.right_count, one.right_ns),
        difference=difference,
        difference_role=role,
        sign=sign,
        tip=f"{one.service_name}\nOwn time of all such spans, without that of the spans inside them",
    )


def _counts(one: OwnTime) -> str:
    if one.left_count == one.right_count:
        return counted(one.left_count, "span") if one.left_count > 1 else ""
    return f"{one.left_count:,} left, {one.right_count:,} right"


def _time_side(span: ComparedSpan | None, count: int, lasted_ns: int | None) -> Side:
    if not count:
        return Side()
    text = "unknown" if lasted_ns is None else duration_text(lasted_ns)
    return Side(None if span is None else span.span_id, text, "text", lasted_ns)


def usual_rows(comparison: UsualComparison) -> ComparedRows:
    """Return the spans of a trace beside the median of each, and what it lacks."""
    least_ns = notable_ns(comparison.trace.duration_ns, comparison.median_ns)
    return ComparedRows.of(
        [_usual_row(position, row, least_ns, comparison.others) for position, row in enumerate(comparison.rows)]
    )


def _usual_row(position: int, row: UsualSpan, least_ns: int, others: int) -> ComparedRow:
    words = verdict_words(row, others)
    difference, role = _offset(row.difference_ns, least_ns)
    if row.verdict is Verdict.MISSING:
        difference, role = "missing", "warning"
    elif row.figures is None:
        difference, role = "new" if others else "", "warning"
    elif row.verdict is Verdict.SLOWER:
        role = "warning"
    return ComparedRow(
        key=position,
        name=row.name.strip() or NO_NAME,
        depth=row.depth,
        tag=(kind_word(row.span_type), kind_role(row.span_type)),
        note=words,
        note_role=_VERDICT_ROLES.get(row.verdict, "warning"),
        left=_usual_side(row),
        right=_side(row.span),
        difference=difference,
        difference_role=role,
        sign=_VERDICT_SIGNS[row.verdict],
        tip="\n".join(_usual_tip(row, others)),
        is_quiet=row.span is None,
    )


def _usual_side(row: UsualSpan) -> Side:
    figures = row.figures
    if figures is None or figures.median_ns is None:
        return Side()
    return Side(None, duration_text(figures.median_ns), "dim", figures.median_ns, mark_ns=figures.p95_ns)


def _usual_tip(row: UsualSpan, others: int) -> Iterator[str]:
    yield f"{kind_word(row.span_type)} {row.name.strip() or NO_NAME} · {row.service_name}"
    yield f"This trace: {_told(row.span)}"
    figures = row.figures
    if figures is not None and figures.median_ns is not None and figures.p95_ns is not None:
        yield f"Others: median {figures.median_ns:,} ns, p95 {figures.p95_ns:,} ns (the line across the bar)"
        yield f"{figures.failed:,} of {figures.seen:,} failed"
    yield seen_words(row, others)
    if row.slower_than is not None:
        yield f"Slower than {row.slower_than * 100:.1f} % of them"
