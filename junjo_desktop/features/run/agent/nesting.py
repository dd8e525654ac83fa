"""Which operation of an agent each step is in, and which runs an operation started. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.telemetry.junjo.agent import AgentRun
from junjo_desktop.telemetry.junjo.executable import OWNER_TYPES
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import Way


def operations_around(run: Run, agent: AgentRun) -> Mapping[str, str]:
    """Return the span id of the operation that each step is or is in, by its span id."""
    operations = {one.span_id for one in agent.operations}
    around: dict[str, str] = {}
    # Parents come before what is under them.
    for step in run.steps:
        if step.span_id in operations:
            around[step.span_id] = step.span_id
        elif step.parent_span_id in around:
            around[step.span_id] = around[step.parent_span_id]
    return around


def nested_ways(run: Run, around: Mapping[str, str]) -> Mapping[str, tuple[Way, ...]]:
    """Return the ways to the runs that each operation started itself, by the operation's span id."""
    steps = {step.span_id: step for step in run.steps}
    found: dict[str, tuple[Way, ...]] = {}
    for link in run.nested:
        step = None if link.step_id is None else steps.get(link.step_id)
        operation = None if step is None else around.get(step.span_id)
        if step is None or operation is None:
            continue
        above = None if step.parent_span_id is None else steps.get(step.parent_span_id)
        while above is not None and above.span_id != operation and not _is_owner(above.executable):
            above = None if above.parent_span_id is None else steps.get(above.parent_span_id)
        if above is None or above.span_id != operation:
            continue
        kind = link.type.value if link.type is not None else "run"
        way = Way(f"Open {kind} {link.name.strip() or '(no name)'}", OpenRun(link.trace_id, link.step_id))
        found[operation] = (*found.get(operation, ()), way)
    return found


def way_around(run: Run) -> Way | None:
    """Return the way to the run that this one is part of, at the step that it ran in."""
    parent = run.parent
    if parent is None:
        return None
    kind = parent.type.value if parent.type is not None else "run"
    inside = run.executable.parent_span_id if run.executable is not None else None
    if parent.span_id is None or inside is None:
        destination = OpenRun(parent.trace_id, parent.span_id, parent.runtime_id)
    else:
        # Any span within a run leads to it, and is then selected there.
        destination = OpenRun(parent.trace_id, inside)
    return Way(f"Part of {kind} {parent.name.strip() or '(no name)'}", destination)


def _is_owner(executable: object) -> bool:
    return getattr(executable, "type", None) in OWNER_TYPES
