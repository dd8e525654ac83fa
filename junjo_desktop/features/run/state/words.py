"""Sentences of the state panel. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.run.state.presentation import Presentation
from junjo_desktop.telemetry.junjo.run import Run


def no_store(run: Run | None) -> str:
    """Say why there is no state at all."""
    if run is None:
        return "No run is open."
    if run.span_id is None:
        return "No state has arrived: the span that tells it is sent when the run ends."
    return "This run keeps no state."


def empty_changes(shown: Presentation) -> str:
    """Say why there are no changes to show; "" when there are some."""
    if shown.changes is None:
        if shown.position is not None and not shown.patch.lines and shown.patch_note:
            return shown.patch_note
        see = " The patch shows what this update did." if shown.patch.lines else ""
        return f"There is nothing to compare: {_unknown(shown)}.{see}"
    if shown.changes.count:
        return ""
    if shown.position is None:
        return "The state is the same at the start and at the end."
    return "This update changed nothing."


def _unknown(shown: Presentation) -> str:
    if shown.before.is_known:
        return "the state after is not known" if shown.position is not None else "the state at the end is not known"
    if shown.after.is_known:
        return "the state before is not known" if shown.position is not None else "the state at the start is not known"
    return "neither state is known"


def state_fallback(shown: Presentation) -> str:
    """Say what an exact state is."""
    if shown.position is None:
        return shown.summary
    return "Every update up to here arrived and fits."


def comparison_fallback(shown: Presentation) -> str:
    """Say what an exact comparison is of."""
    return (
        "From the start to the end of the store."
        if shown.position is None
        else "Every update up to here arrived and fits."
    )
