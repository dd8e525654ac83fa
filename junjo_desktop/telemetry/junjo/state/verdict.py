"""How much of a store's history is known, in one word and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.telemetry.junjo.state.certainty import Certainty, HistoryStatus, StateValue
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.state.transition import MissingUpdates, Transition
from junjo_desktop.telemetry.junjo.state.words import NO_EFFECT, counted_updates


def verdict(
    transitions: Sequence[Transition], missing: Sequence[MissingUpdates], start: StateValue, end: StateValue
) -> tuple[HistoryStatus, str]:
    """Return status and summary."""
    lost = sum(gap.to_sequence - gap.from_sequence + 1 for gap in missing if gap.reason != NO_EFFECT)
    if not transitions:
        return _of_no_steps(lost, start, end)
    exact = sum(step.certainty is Certainty.EXACT for step in transitions)
    unknown = sum(step.certainty is Certainty.UNKNOWN for step in transitions)
    if exact == len(transitions):
        trailing = f" {counted_updates(lost)} after them {_is_are(lost)} missing." if lost else ""
        return HistoryStatus.EXACT, f"All {counted_updates(exact)} exact.{trailing}".replace("All 1 update", "1 update")
    status = HistoryStatus.UNKNOWN if unknown == len(transitions) else HistoryStatus.PARTIAL
    figures = [(exact, "exact"), (len(transitions) - exact - unknown, "inferred"), (unknown, "unknown")]
    parts = ", ".join(f"{count:,} {word}" for count, word in figures if count)
    first = next(step.reason for step in transitions if step.certainty is not Certainty.EXACT)
    return status, f"{counted_updates(len(transitions))}: {parts}. {first}"


def _of_no_steps(lost: int, start: StateValue, end: StateValue) -> tuple[HistoryStatus, str]:
    if lost:
        is_known = start.is_known or end.is_known
        status = HistoryStatus.PARTIAL if is_known else HistoryStatus.UNKNOWN
        return status, f"None of {counted_updates(lost)} arrived."
    if not (start.is_known or end.is_known):
        return HistoryStatus.UNKNOWN, start.reason or end.reason
    if start.is_known and end.is_known and not is_same(start.value, end.value):
        return HistoryStatus.PARTIAL, "The state changed, but none of its updates arrived."
    return HistoryStatus.EMPTY, "No update was made."


def _is_are(count: int) -> str:
    return "is" if count == 1 else "are"
