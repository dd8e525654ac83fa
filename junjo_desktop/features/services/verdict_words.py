"""How what differs between two runs of a service is said. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.services.words import change_text, share_text
from junjo_desktop.store.service_comparison import ProcessComparison
from junjo_desktop.store.service_processes import Process
from junjo_desktop.store.service_verdicts import BETTER, LEAST_COUNT, WORSE, OperationDifference, Side, Verdict
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import count_text, counted, duration_text

HOW = (
    f"A difference is told from {LEAST_COUNT} measurements on both sides, when it is unlikely to be chance (1 %; less "
    "where many operations are compared) and is at least 5 %. Durations are of spans that did not fail."
)


def verdict_role(verdict: Verdict) -> Role:
    """Return the colour of a verdict; the word says it as well."""
    if verdict in WORSE:
        return "error"
    if verdict in BETTER:
        return "ok"
    if verdict in (Verdict.NEW, Verdict.GONE):
        return "info"
    return "warning" if verdict is Verdict.UNSURE else "dim"


def duration_or_none(duration_ns: int | None) -> str:
    """Return a duration, or a dash."""
    return "–" if duration_ns is None else duration_text(duration_ns)


def errors_text(side: Side | None) -> str:
    """Return `3 · 6 %`, or a dash where it did not run."""
    if side is None:
        return "–"
    return f"{side.errors:,} · {share_text(side.error_share, side.errors)}" if side.errors else "0"


def count_or_none(side: Side | None) -> str:
    """Return how many spans there were, or a dash."""
    return "–" if side is None else count_text(side.spans)


def tokens_text(side: Side | None) -> str:
    """Return how many tokens a call took on average; empty when none told."""
    each = None if side is None else side.tokens_each
    return "" if each is None else f"{each:,.0f}"


def tokens_each_text(process: Process) -> str:
    """Return how many tokens a request took on average, counting those that spans below it told; a dash for none."""
    figures = process.figures
    if figures.tokens is None or not figures.requests:
        return "–"
    return f"{figures.tokens / figures.requests:,.0f}"


def change_words(difference: OperationDifference) -> str:
    """Return by how much the median changed; empty where it cannot be said."""
    change = difference.duration_change
    return "" if change is None else change_text(change)


def difference_words(difference: OperationDifference) -> str:
    """Return verdicts and doubts in sentences."""
    lines = [verdict.value for verdict in difference.verdicts]
    return "\n".join((*lines, *difference.notes))


def headline(comparison: ProcessComparison) -> str:
    """Return the answer in one sentence: what differs in the requests, with both figures."""
    requests = comparison.requests
    left, right = requests.left, requests.right
    if left is None or right is None or not left.spans or not right.spans:
        return "One of the two runs had no request: only their operations can be compared."
    doubts = f" Not sure: {'; '.join(requests.notes)}." if requests.notes else ""
    said = [part for verdict in requests.verdicts if (part := _requests_part(verdict, left, right, requests))]
    if said:
        text = "; ".join(said)
        return f"{text[0].upper()}{text[1:]}.{doubts}"
    counts = f"{counted(right.spans, 'request')} against {count_text(left.spans)}"
    if min(left.spans, right.spans) < LEAST_COUNT:
        return f"Too few to tell: {counts}.{doubts}"
    return f"No sure difference in {counts}.{doubts}"


def _requests_part(verdict: Verdict, left: Side, right: Side, difference: OperationDifference) -> str:
    match verdict:
        case Verdict.SLOWER | Verdict.FASTER:
            medians = f"{duration_or_none(right.p50_ns)} instead of {duration_or_none(left.p50_ns)}"
            return f"{verdict}: half of the requests take at most {medians} ({change_words(difference)})"
        case Verdict.MORE_ERRORS | Verdict.FEWER_ERRORS:
            return f"{verdict}: {right.errors:,} of {right.spans:,} failed, before {left.errors:,} of {left.spans:,}"
        case Verdict.MORE_TOKENS | Verdict.FEWER_TOKENS:
            return f"{verdict}: {tokens_text(right)} a request, before {tokens_text(left)}"
        case _:
            return ""
