"""What the list of spans says of a span, and of the distribution of durations."""

from __future__ import annotations

import math

from junjo_desktop.features.spans.filters import SpanFilter
from junjo_desktop.features.spans.listings import SpanRow
from junjo_desktop.store.span_durations import DurationRank, SpanDurations
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text, counted, duration_text
from junjo_desktop.widgets.list_columns import NO_START_WORDS

NO_NAME = "(no name)"
_NO_END_WORDS = "It was sent without an end time (0), so nobody knows how long it took"
_LONGEST = 48
_WHOLE_PERCENTS = 99.0


def name_text(row: SpanRow) -> str:
    """Return a span's name."""
    return row.name.strip() or NO_NAME


def status_text(row: SpanRow) -> str:
    """Return how a span ended, in a word; empty when its sender did not say."""
    if row.is_error:
        return "failed"
    return "ok" if row.status_code == 1 else ""


def status_words(row: SpanRow) -> str:
    """Return the same with its message."""
    match status_text(row):
        case "failed":
            return row.status_message or "Its status is an error, or it recorded an exception"
        case "ok":
            return "Its sender says that it succeeded"
    return "Its sender set no status; nothing failed"


def duration_words(row: SpanRow) -> str:
    """Return a duration to the nanosecond, or why it is not known."""
    if row.duration_ns is None:
        return _NO_END_WORDS if row.start_ns else NO_START_WORDS
    return f"{row.duration_ns:,} ns"


def subject_words(chosen: SpanFilter) -> str:
    """Return of what name, type and service the spans are: ` of embed · LLM in shop`; empty for any name."""
    if chosen.name is None:
        return ""
    kind = "" if chosen.span_type is None else f" · {one_line(kind_word(chosen.span_type), _LONGEST)}"
    service = "" if chosen.service is None else f" in {isolated(one_line(chosen.service, _LONGEST))}"
    return f" of {isolated(one_line(chosen.name.strip() or NO_NAME, _LONGEST))}{kind}{service}"


def distribution_words(found: SpanDurations, chosen: SpanFilter) -> str:
    """Return what the histogram shows, in words."""
    among = "" if found.newest is None else f" among the newest {count_text(found.newest)}"
    parts = [f"{counted(found.total, 'span')}{subject_words(chosen)}{among}"]
    if found.untold:
        parts.append(f"{count_text(found.untold)} without a duration")
    if found.failed:
        parts.append(f"{count_text(found.failed)} failed")
    if found.total:
        parts.append(f"{duration_text(found.shortest_ns)} – {duration_text(found.longest_ns)}")
    return " · ".join(parts)


def rank_words(rank: DurationRank) -> str:
    """Return where a duration stands: `slower than 97 % of 12,400`."""
    others = rank.total - 1
    if others < 1:
        return "the only one"
    if rank.same == rank.total:
        return f"as slow as all of {count_text(rank.total)}"
    below = rank.share_below * 100
    if rank.shorter == 0 and rank.same <= 1:
        return f"the fastest of {count_text(rank.total)}"
    if rank.shorter == rank.total - 1:
        return f"the slowest of {count_text(rank.total)}"
    return f"slower than {percent_text(below)} of {count_text(rank.total)}"


def percent_text(percent: float) -> str:
    """Return `97 %`, `99.3 %`, `99.99 %`: never 100 where something is left, nor 0 where something is."""
    if 0 < percent < 1:
        return "under 1 %"
    if percent < _WHOLE_PERCENTS:
        return f"{math.floor(percent)} %"
    decimals = 1 if percent < 99.9 else 2 if percent < 99.99 else 3
    return f"{math.floor(percent * 10**decimals) / 10**decimals:.{decimals}f} %"
