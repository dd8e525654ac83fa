"""What differs between two traces, or between one and what is usual, in sentences. Qt-free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from junjo_desktop.shell.comparison_words import short
from junjo_desktop.telemetry.trace_comparison.model import (
    NO_NAME,
    AlignedSpan,
    OwnTime,
    TraceComparison,
    TraceDivergence,
    TraceFacts,
    UsualComparison,
    UsualSpan,
    Verdict,
)
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text, offset_text

LEAST_OTHERS = 5
"""Traces of a name, below which nothing can be called unusual."""
_ALIKE_SHARE = 0.03
_ALIKE_NS = 1_000_000
_MOST_SHARE, _WHOLE_SHARE = 0.5, 1.1
_MOST_CHANGED = 4
_CHANGES = {"failed": "outcome", "status": "status message", "tokens": "token counts", "events": "number of events"}


def trace_summary(comparison: TraceComparison) -> tuple[str, ...]:
    """Return the sentences about two traces, what matters most first; the first is about outcome and structure."""
    return tuple(_sentences(comparison))


def _sentences(comparison: TraceComparison) -> Iterator[str]:
    left, right = comparison.left, comparison.right
    if left.trace_id == right.trace_id:
        yield "Both sides show the same trace."
    if left.name != right.name:
        yield f"These are traces of different names: {_name(left.name)} and {_name(right.name)}."
    elif left.service_name != right.service_name:
        yield f"These are traces of different services: {short(left.service_name)} and {short(right.service_name)}."
    yield from _outcomes(left, right)
    yield structure_words(comparison)
    yield from _counts(comparison)
    yield from _duration(comparison)
    yield from _tokens(left, right)


def _name(name: str) -> str:
    return short(name) or NO_NAME


def _outcomes(left: TraceFacts, right: TraceFacts) -> Iterator[str]:
    if left.is_error != right.is_error:
        yield (
            "The left trace failed, the right did not."
            if left.is_error
            else "The right trace failed, the left did not."
        )
    elif left.is_error:
        yield "Both failed."
    if left.error_count != right.error_count:
        yield f"Failed spans: {count_text(left.error_count)} at the left, {count_text(right.error_count)} at the right."


def structure_words(comparison: TraceComparison) -> str:
    """Return in one sentence whether both consist of the same spans, and where they part first."""
    found = comparison.divergence
    if found is None:
        return "Same structure."
    return divergence_words(found)


def divergence_words(found: TraceDivergence) -> str:
    """Return `In answer, after plan, the left trace goes on with search, the right with reply.`"""
    within = f"in {_name(found.within)}" if found.within else ""
    after = f"after {_name(found.after)}" if found.after else "at the beginning"
    where = f"{within}, {after}," if within else f"{after}"
    if found.left is not None and found.right is not None:
        words = f"the left trace goes on with {_again(found.left, found)}, the right with {_again(found.right, found)}"
    elif found.left is not None:
        words = f"only the left trace goes on, with {_again(found.left, found)}"
    else:
        words = f"only the right trace goes on, with {_again(found.right or '', found)}"
    sentence = f"{where} {words}."
    return sentence[:1].upper() + sentence[1:]


def _again(name: str, found: TraceDivergence) -> str:
    return f"another {_name(name)}" if found.after and name == found.after else _name(name)


def _counts(comparison: TraceComparison) -> Iterator[str]:
    counts = comparison.counts
    told = [
        f"{count_text(count)} {word}"
        for count, word in (
            (counts.added, "only at the right"),
            (counts.removed, "only at the left"),
            (counts.changed, "changed"),
        )
        if count
    ]
    if told:
        all_of = counted(len(comparison.rows), "span")
        yield f"Of {all_of} {', '.join(told)}."
    else:
        yield f"No attribute that says something differs in any of {counted(len(comparison.rows), 'span')}."


def _duration(comparison: TraceComparison) -> Iterator[str]:
    left, right = comparison.left.duration_ns, comparison.right.duration_ns
    if left is None or right is None:
        yield "Their durations cannot be compared."
    elif abs(right - left) <= max(_ALIKE_NS, round(max(left, right) * _ALIKE_SHARE)):
        yield f"Both took about {duration_text(max(left, right))}."
    else:
        words = f"The right trace took {duration_text(abs(right - left))} {'longer' if right > left else 'less'}"
        yield f"{words}{_where(comparison.times, right - left)}."


def _where(times: tuple[OwnTime, ...], difference_ns: int) -> str:
    most = next((one for one in times if one.difference_ns and (one.difference_ns > 0) == (difference_ns > 0)), None)
    if most is None or most.difference_ns is None:
        return ""
    share = most.difference_ns / difference_ns
    extent = "most of it" if _MOST_SHARE <= share <= _WHOLE_SHARE else "the most"
    only = "" if most.left_count and most.right_count else ", only in the left" if most.left_count else ""
    only = only or ("" if most.left_count else ", only in the right")
    return f", {extent} in {_name(most.name)} itself ({offset_text(most.difference_ns)}{only})"


def _tokens(left: TraceFacts, right: TraceFacts) -> Iterator[str]:
    one, other = left.tokens, right.tokens
    if one is not None and other is not None and one != other:
        yield f"It used {count_text(abs(other - one))} {'more' if other > one else 'fewer'} tokens."
    if left.cost is not None and right.cost is not None and left.cost != right.cost:
        yield f"It cost {cost_text(abs(right.cost - left.cost))} {'more' if right.cost > left.cost else 'less'}."


def changed_words(row: AlignedSpan) -> str:
    """Return what is another in a span of both: `outcome, model, http.route and 3 more`."""
    words = [_CHANGES.get(one, one) for one in row.changed]
    if len(words) > _MOST_CHANGED:
        return f"{', '.join(words[: _MOST_CHANGED - 1])} and {len(words) - _MOST_CHANGED + 1} more"
    return ", ".join(words)


def usual_summary(comparison: UsualComparison) -> tuple[str, ...]:
    """Return the sentences about a trace and the others of its name, what matters most first."""
    return tuple(_usual_sentences(comparison))


def _usual_sentences(comparison: UsualComparison) -> Iterator[str]:
    others = comparison.others
    if not others:
        yield f"There is no other trace of {_name(comparison.trace.name)} to compare it with."
        return
    yield findings_words(comparison)
    yield from _usual_duration(comparison)
    if comparison.trace.is_error:
        yield f"It failed; of the others {count_text(comparison.failed) if comparison.failed else 'none'} did."
    which = "all" if others == comparison.stored else f"the newest {count_text(others)} of"
    yield f"Compared with {which} {counted(comparison.stored, 'other trace')} of this name and service."


def findings_words(comparison: UsualComparison) -> str:
    """Return in one sentence what is unusual."""
    if comparison.others < LEAST_OTHERS:
        return f"Fewer than {LEAST_OTHERS} others are too few to say what is usual."
    found = Counter(row.verdict for row in comparison.rows)
    told = [
        f"{counted(found[verdict], one)} {words}"
        for verdict, one, words in (
            (Verdict.FAILED, "span", "failed unlike nearly all others"),
            (Verdict.SLOWER, "span", "slower than 95 % of the others"),
            (Verdict.NEW, "span", "never seen before"),
            (Verdict.MORE, "span", "more often than ever"),
            (Verdict.MISSING, "span", "missing that most others have"),
        )
        if found[verdict]
    ]
    if not told:
        return "Nothing in it is unusual."
    sentence = f"{', '.join(told)}."
    return sentence[:1].upper() + sentence[1:]


def _usual_duration(comparison: UsualComparison) -> Iterator[str]:
    lasted, median = comparison.trace.duration_ns, comparison.median_ns
    if lasted is None or median is None:
        return
    difference = lasted - median
    if abs(difference) <= max(_ALIKE_NS, round(median * _ALIKE_SHARE)):
        yield f"It took {duration_text(lasted)}, about as long as usual."
    else:
        word = "longer" if difference > 0 else "less"
        slow = "" if comparison.p95_ns is None or lasted <= comparison.p95_ns else ", and longer than 95 % of them"
        yield f"It took {duration_text(lasted)}, {duration_text(abs(difference))} {word} than the median{slow}."


def verdict_words(row: UsualSpan, others: int) -> str:
    """Return what is said of a span beside the others; nothing of a usual one."""
    seen = 0 if row.figures is None else row.figures.seen
    match row.verdict:
        case Verdict.SLOWER:
            share = row.slower_than or 0.0
            return "slower than all others" if share >= 1 else f"slower than {int(share * 100)} %"
        case Verdict.NEW:
            return "never seen before"
        case Verdict.MORE:
            return "more often than ever before"
        case Verdict.FAILED:
            failed = 0 if row.figures is None else row.figures.failed
            return "never failed before" if not failed else f"fails in {_percent(failed, seen)} of the others"
        case Verdict.MISSING:
            return f"missing, in {_percent(seen, others)} of the others"
        case _:
            return ""


def seen_words(row: UsualSpan, others: int) -> str:
    """Return how many of the others have it."""
    seen = 0 if row.figures is None else row.figures.seen
    return f"in {count_text(seen)} of {counted(others, 'other')}"


def _percent(part: int, whole: int) -> str:
    if not whole:
        return "none"
    share = 100 * part / whole
    return "all" if part >= whole else f"{share:.0f} %" if share >= 1 else "less than 1 %"
