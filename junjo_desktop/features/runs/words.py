"""How states of runs look and what they say."""

from __future__ import annotations

from junjo_desktop.features.runs.listings import lasted_ns, state_of
from junjo_desktop.store.run_filters import RunOutcome
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cells import Shape
from junjo_desktop.widgets.figures import counted, iso_text
from junjo_desktop.widgets.list_columns import NO_START_WORDS

NO_NAME = "(name not known yet)"
LOOKS: dict[RunOutcome, tuple[Shape, Role]] = {
    RunOutcome.COMPLETED: ("none", "dim"),
    RunOutcome.FAILED: ("full", "error"),
    RunOutcome.CANCELLED: ("cross", "dim"),
    RunOutcome.RUNNING: ("half", "info"),
    RunOutcome.LOST: ("ring", "warning"),
}


def name_text(row: RunRow) -> str:
    """Return what a run is called, and whether that is only inferred."""
    name = shown_name(row.name, row.name_source)
    return f"{name} · subflow" if row.type == "subflow" else name


def shown_name(name: str, source: str = "sent") -> str:
    """Return a name; one that was taken from another run says so."""
    if not name.strip():
        return NO_NAME if source == "unknown" else "(no name)"
    return f"{name} (inferred)" if source == "inferred" else name


def name_words(row: RunRow) -> str:
    """Return a name whole, and where it comes from."""
    match row.name_source:
        case "inferred":
            return f"{row.name}\nIts own span has not arrived: the newest run of the same graph or agent is called so"
        case "unknown":
            return "Its own span, which names it, arrives when it ends; no earlier run tells its name"
    return row.name or "It was sent without a name"


def state_words(row: RunRow) -> str:
    """Return what a state means."""
    hooks = f"\n{counted(row.hook_error_count, 'hook error')}, which fail no run" if row.hook_error_count else ""
    match state_of(row):
        case RunOutcome.COMPLETED:
            return f"It ended without a failure{hooks}"
        case RunOutcome.FAILED:
            return f"It ended with a failure: {row.error_type or 'nothing tells which'}{hooks}"
        case RunOutcome.CANCELLED:
            return f"It was cancelled, which is no failure{hooks}"
        case RunOutcome.RUNNING:
            return f"It has not ended; something of it came in the last 60 s\nLast: {iso_text(row.heard_ns)}"
    return f"It has not ended, and nothing of it came for 60 s\nLast: {iso_text(row.heard_ns)}"


def duration_words(row: RunRow) -> str:
    """Return a duration to the nanosecond, and what it means."""
    lasted = lasted_ns(row)
    if lasted is None:
        return NO_START_WORDS
    match state_of(row):
        case RunOutcome.RUNNING:
            return f"{lasted:,} ns\nSo far: from the first of it that has ended until now"
        case RunOutcome.LOST:
            return f"{lasted:,} ns\nFrom the first to the last that was heard of it"
    return f"{lasted:,} ns"


def failure_text(row: RunRow) -> str:
    """Return the class of what ended a run; of a run that has not ended, how many of its steps failed."""
    if row.error_type:
        return row.error_type
    if not row.failure_count:
        return ""
    return "failed" if row.span_id is not None else f"{counted(row.failure_count, 'step')} failed"


def failure_words(row: RunRow) -> str:
    """Return the failure whole."""
    told = ": ".join(part for part in (row.error_type, row.error_message) if part)
    return told or failure_text(row) or "Nothing failed"


def correlation_text(row: RunRow) -> str:
    """Return what the application said that a run belongs to: `order 1042`."""
    return " ".join(part for part in (row.correlation_type, row.correlation_id) if part)


def of_limit(count: int | None, limit: int | None) -> str:
    """Return `3 of 10`, or the count alone where no limit was told."""
    if count is None:
        return ""
    return f"{count:,}" if limit is None else f"{count:,} of {limit:,}"
