"""The steps of a run as rows: spans with the state updates they carry, in order of time. Qt-free."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from junjo_desktop.features.run.outline import Cells, Outline, OutlineBuilder
from junjo_desktop.features.run.selection import Step as UpdateStep
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run, Step
from junjo_desktop.telemetry.junjo.state import Certainty, StoreHistory, Transition
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.widgets.figures import duration_text, iso_text, offset_text

_NO_CHANGE = ("[]", "{}")
_STATE_NOTES = {
    ExecutionState.RUNNING: "running",
    ExecutionState.CANCELLED: "cancelled",
    ExecutionState.LOST: "no end arrived",
}
_CERTAINTY_ROLES: dict[Certainty, Role] = {
    Certainty.EXACT: "ok",
    Certainty.INFERRED: "warning",
    Certainty.UNKNOWN: "dim",
}

SPAN, UPDATE = "span", "update"
"""First part of a row's key."""


class SpanItem(NamedTuple):
    """A span of the run."""

    number: int
    one: Step

    @property
    def span_id(self) -> str | None:
        """The span."""
        return self.one.span_id

    @property
    def step(self) -> UpdateStep | None:
        """None: a whole span is selected."""
        return None

    def cells(self) -> Cells:
        """Return number, kind, name, which run of how many, and the duration."""
        one = self.one
        notes = [f"run {one.iteration} of {one.iterations}"] if one.iterations > 1 else []
        notes += [_STATE_NOTES[one.state]] if one.state in _STATE_NOTES else []
        started = f"started {iso_text(one.start_ns)}" if one.start_ns else "no start time"
        return Cells(
            name=one.name.strip() or "(no name)",
            number=str(self.number) if self.number else "",
            tag=(kind_word(one.span_type), kind_role(one.span_type)),
            name_role="error" if one.state is ExecutionState.FAILED else "text",
            note=" · ".join(notes),
            right="" if one.end_ns is None else duration_text(one.end_ns - one.start_ns),
            tip=f"{kind_word(one.span_type)} {one.name}\n{one.state.value.replace('_', ' ')}, {started}\n{one.span_id}",
        )


class UpdateItem(NamedTuple):
    """A state update. `carrier` names the span it was made in where the row does not stand below it."""

    transition: Transition
    run_start_ns: int
    number: str = "·"
    carrier: str = ""

    @property
    def span_id(self) -> str | None:
        """The span that carries it."""
        return self.transition.event.span_id

    @property
    def step(self) -> UpdateStep | None:
        """The update itself."""
        return self.transition.event.store_id, self.transition.position

    def cells(self) -> Cells:
        """Return store, action, certainty unless exact, and when it was after the start of the run."""
        transition, event = self.transition, self.transition.event
        badge = (transition.certainty.value, _CERTAINTY_ROLES[transition.certainty])
        notes = [self.carrier] if self.carrier else []
        notes += ["no change"] if event.patch.text in _NO_CHANGE else []
        tip = (
            f"{event.store_name} → {event.action}\nupdate {transition.sequence} of its store · "
            f"{transition.certainty.value}\n{iso_text(event.time_ns)}"
        )
        return Cells(
            name=event.store_name or "(unnamed store)",
            number=self.number,
            strong=event.action or "(no action)",
            note=" · ".join(notes),
            badge=None if transition.certainty is Certainty.EXACT else badge,
            reason=transition.reason,
            right=offset_text(event.time_ns - self.run_start_ns),
            tip=f"{tip}\n{transition.reason}".rstrip(),
        )


@dataclass(frozen=True)
class StepRows:
    """Both lists of a run, and what is known of each state update."""

    tree: Outline
    updates: Outline
    order: tuple[UpdateStep, ...]
    """Every state update that a span of the run carries, in order of time."""
    span_count: int
    updates_before: Mapping[str, int] = field(default_factory=dict)
    """By span: how many of `order` were made before it began."""
    transitions: Mapping[UpdateStep, Transition] = field(default_factory=dict)
    """Also of updates that others made to stores of theirs."""

    @property
    def carriers(self) -> dict[UpdateStep, str]:
        """Which span carries each update."""
        return {step: transition.event.span_id for step, transition in self.transitions.items()}


NO_STEPS = StepRows(Outline(), Outline(), (), 0)


def step_rows(run: Run, histories: Mapping[str, StoreHistory]) -> StepRows:
    """Arrange the spans and the updates of a run. The run's own span has no number; all others count from 1."""
    transitions = {
        (store_id, transition.position): transition
        for store_id, history in histories.items()
        for transition in history.transitions
    }
    in_run = {step.span_id: step for step in run.steps}
    made_here = sorted(
        (transition for transition in transitions.values() if transition.event.span_id in in_run), key=_moment
    )
    return StepRows(
        tree=_tree(run, made_here),
        updates=_list(run, made_here, in_run),
        order=tuple((made.event.store_id, made.position) for made in made_here),
        span_count=sum(1 for step in run.steps if step.depth),
        updates_before=_updates_before(run.steps, [made.event.time_ns for made in made_here]),
        transitions=transitions,
    )


def _moment(transition: Transition) -> tuple[int, int, int]:
    event = transition.event
    return event.time_ns, event.arrival, event.index


def _updates_before(steps: Sequence[Step], moments_ns: Sequence[int]) -> dict[str, int]:
    return {step.span_id: bisect_left(moments_ns, step.start_ns) for step in steps}


def _tree(run: Run, updates: Sequence[Transition]) -> Outline:
    carried: dict[str, list[Transition]] = {}
    for transition in updates:
        carried.setdefault(transition.event.span_id, []).append(transition)
    children = _children(run.steps)
    rows, number = OutlineBuilder(), 0
    waiting: list[tuple[int, Step | Transition]] = [(0, step) for step in reversed(children.get(None, []))]
    while waiting:
        depth, one = waiting.pop()
        if isinstance(one, Transition):
            rows.add((UPDATE, one.event.store_id, one.position), depth, UpdateItem(one, run.start_ns))
            continue
        number += bool(one.depth)
        rows.add((SPAN, one.span_id), depth, SpanItem(number if one.depth else 0, one))
        below = [*carried.get(one.span_id, ()), *children.get(one.span_id, ())]
        waiting.extend((depth + 1, inner) for inner in sorted(below, key=_when)[::-1])
    return rows.build()


def _children(steps: Sequence[Step]) -> dict[str | None, list[Step]]:
    known = {step.span_id for step in steps}
    children: dict[str | None, list[Step]] = {}
    for step in steps:
        parent = step.parent_span_id if step.parent_span_id in known and step.depth else None
        children.setdefault(parent, []).append(step)
    return children


def _when(one: Step | Transition) -> int:
    return one.event.time_ns if isinstance(one, Transition) else one.start_ns


def _list(run: Run, updates: Sequence[Transition], in_run: Mapping[str, Step]) -> Outline:
    rows = OutlineBuilder()
    for number, made in enumerate(updates, 1):
        item = UpdateItem(made, run.start_ns, str(number), f"in {in_run[made.event.span_id].name}")
        rows.add((UPDATE, made.event.store_id, made.position), 0, item)
    return rows.build()
