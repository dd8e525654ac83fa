"""What is selected when a run opens, and where the selected update is after the run grew. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.selection import Step
from junjo_desktop.features.run.steps_rows import StepRows
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.telemetry.junjo.breaking import first_origin
from junjo_desktop.telemetry.junjo.events import StateEvent


def first_choice(loaded: LoadedRun, wanted: OpenRun | None) -> tuple[str | None, Step | None]:
    """Return the span or the update to begin with: what was asked for, where it failed, or the first update."""
    if wanted is not None and wanted.step in loaded.steps.transitions:
        return None, wanted.step
    if wanted is not None and wanted.span_id in loaded.spans and wanted.span_id != loaded.place.owner_span_id:
        return wanted.span_id, None
    origin = first_origin(loaded.run)
    if origin is not None:
        return origin.span_id, None
    if loaded.steps.order:
        return None, loaded.steps.order[0]
    return loaded.run.span_id, None


def moved_step(before: StepRows, now: StepRows, step: Step | None) -> Step | None:
    """Return where an update stands now: those that came later may have been made earlier. None when it is gone."""
    if step is None or step not in before.transitions:
        return None
    event = before.transitions[step].event
    for place in (step, *now.transitions):
        transition = now.transitions.get(place)
        if transition is not None and _is_same(transition.event, event):
            return place
    return None


def _is_same(one: StateEvent, other: StateEvent) -> bool:
    return (one.store_id, one.span_id, one.index) == (other.store_id, other.span_id, other.index)
