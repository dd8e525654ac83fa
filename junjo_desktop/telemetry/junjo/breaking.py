"""What broke a run: of all its failures the one that counts, and the step in which it arose."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run_model import Run, Step


def first_origin(run: Run) -> Failure | None:
    """Return what broke the run, where it arose; None when nothing failed.

    The first failure in an executable that failed itself: others were caught, and spans whose place is only assumed may
    belong elsewhere. Of several in one executable, that with a stack: it tells most.
    """
    steps = {step.span_id: step for step in run.steps}
    places = {id(one): _place(steps, one) for one in run.failures if one.is_origin}

    def is_likelier(failure: Failure) -> tuple[bool, bool, int]:
        step, place = steps.get(failure.span_id), places[id(failure)]
        is_caught = place is not None and place.state is not ExecutionState.FAILED
        return is_caught, step is None or step.is_assumed, failure.time_ns

    origins = [failure for failure in run.failures if failure.is_origin]
    first = min(origins, key=is_likelier, default=None)
    if first is None or places[id(first)] is None:
        return first
    beside = [
        one
        for one in origins
        if places[id(one)] is places[id(first)] and is_likelier(one)[:2] == is_likelier(first)[:2]
    ]
    return min(beside, key=lambda failure: (not failure.stacktrace, failure.time_ns))


def failed_step(run: Run, failure: Failure) -> Step | None:
    """Return the step of the graph, or the agent, within the run in which a failure arose; None: the run itself."""
    return _place({step.span_id: step for step in run.steps}, failure)


def _place(steps: Mapping[str, Step], failure: Failure) -> Step | None:
    step = steps.get(failure.span_id)
    while step is not None and step.parent_span_id is not None:
        if step.executable is not None:
            return step
        step = steps.get(step.parent_span_id)
    return None
