"""What a deletion is called, what it takes, and what came of it, in words. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import counted

DAY_NS = 86_400 * 10**9
_LONGEST = 60
_COMES_AGAIN = "Spans that are sent later are stored again."


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """What the user may want deleted. `select` may take time, so it is called in the background."""

    question: str
    remark: str
    select: Callable[[], Selection]
    is_by_name: bool = False
    """Whether each trace was chosen by hand: starred ones among them are then deleted too."""


def one_trace(trace_id: str, name: str) -> DeletionRequest:
    """Ask for one trace."""
    question = f"Delete the trace {_quoted(name.strip() or '(no name)')}?"
    return DeletionRequest(question, _COMES_AGAIN, partial(Selection, trace_ids=(trace_id,)), is_by_name=True)


def many_traces(count: int, trace_ids: Iterable[str]) -> DeletionRequest:
    """Ask for traces that were selected one by one; they are not looked at before `select`."""
    question = f"Delete {counted(count, 'trace')}?"
    return DeletionRequest(question, _COMES_AGAIN, partial(_named, trace_ids), is_by_name=True)


def whole_service(service: str) -> DeletionRequest:
    """Ask for everything that one service sent."""
    return DeletionRequest(
        f"Delete all telemetry of {_quoted(service)}?",
        "Its spans, logs and metrics. Spans of other services in the same traces stay.",
        partial(Selection, service=service),
    )


def everything() -> DeletionRequest:
    """Ask for all telemetry."""
    return DeletionRequest(
        "Delete all telemetry?",
        "API keys, stars and settings stay, and what is sent from now on is stored.",
        partial(Selection, everything=True),
    )


def older_than(days: int) -> DeletionRequest:
    """Ask for whole traces that ended more than `days` days ago, and for as old logs and metrics without a trace."""
    return DeletionRequest(
        "Delete old telemetry?",
        "Whole traces that ended before then, and logs and metrics without a trace that were received before.",
        partial(_before, days),
    )


def toll_words(toll: Toll) -> str:
    """Return `12 traces, 340 spans`, with logs and metrics where there are any."""
    parts = [counted(toll.traces, "trace"), counted(toll.spans, "span")]
    if toll.logs:
        parts.append(counted(toll.logs, "log record"))
    if toll.metrics:
        parts.append(counted(toll.metrics, "metric"))
    return ", ".join(parts)


def noted_words(toll: Toll) -> str:
    """Say that notes go with their traces."""
    many = toll.noted == toll.traces
    which = ("The trace" if toll.traces == 1 else "All of the traces") if many else f"{toll.noted:,} of the traces"
    have = "has" if toll.noted == 1 else "have"
    return f"{which} {have} tags or notes, which are deleted, too."


def item_count(toll: Toll) -> int:
    """Return how many rows a toll is, for a share of progress."""
    return toll.spans + toll.logs + toll.metrics


def progress_words(done: Toll, whole: Toll) -> str:
    """Say how far a deletion is."""
    return f"Deleting: {item_count(done):,} of {counted(item_count(whole), 'item')}"


def result_words(deleted: Toll, *, was_cancelled: bool) -> str:
    """Say what came of a deletion."""
    if not deleted:
        return "Stopped before anything was deleted." if was_cancelled else "There was nothing to delete any more."
    stopped = "Stopped; the rest stays. " if was_cancelled else ""
    return f"{stopped}Deleted {toll_words(deleted)}."


def _quoted(text: str) -> str:
    return f"“{isolated(one_line(text, _LONGEST))}”"


def _named(trace_ids: Iterable[str]) -> Selection:
    return Selection(trace_ids=tuple(trace_ids))


def _before(days: int) -> Selection:
    return Selection(before_ns=time.time_ns() - days * DAY_NS)
