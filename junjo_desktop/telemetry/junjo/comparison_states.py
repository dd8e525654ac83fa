"""The stores of two runs beside each other, and what differs in their states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep, ComparedRun, StorePair
from junjo_desktop.telemetry.junjo.run_model import Step
from junjo_desktop.telemetry.junjo.state import (
    UNKNOWN_STATE,
    Certainty,
    Changes,
    StateValue,
    StoreHistory,
    changes_between,
)

_NO_STORE = "It keeps no such store."


@dataclass(frozen=True)
class StateDifference:
    """One end of a store in both runs. `changes` lead from the left to the right; None, with the reason, if unknown."""

    left: StateValue
    right: StateValue
    changes: Changes | None
    reason: str = ""


def states_between(pair: StorePair, *, is_end: bool) -> StateDifference:
    """Compare the states at the end, or at the start. Takes as long as they are large."""
    left, right = (_state(history, is_end=is_end) for history in (pair.left, pair.right))
    if left.is_known and right.is_known:
        return StateDifference(left, right, changes_between(left.value, right.value))
    when = "end" if is_end else "start"
    both = not left.is_known and not right.is_known
    whose = "of both runs is" if both else f"of the {'right' if left.is_known else 'left'} run is"
    reasons = dict.fromkeys(state.reason for state in (left, right) if not state.is_known and state.reason)
    return StateDifference(left, right, None, " ".join((f"The state at the {when} {whose} not known.", *reasons)))


def _state(history: StoreHistory | None, *, is_end: bool) -> StateValue:
    if history is None:
        return StateValue(UNKNOWN_STATE, Certainty.UNKNOWN, _NO_STORE)
    return history.end if is_end else history.start


def store_pairs(left: ComparedRun, right: ComparedRun, rows: Sequence[AlignedStep]) -> Iterator[StorePair]:
    """Yield the stores of aligned owners; those around the runs by name."""
    owned = _stores_by_owner(left), _stores_by_owner(right)
    for position, row in enumerate(rows):
        yield from _paired(
            position, *(_of(step, stores) for step, stores in zip((row.left, row.right), owned, strict=True))
        )
    yield from _paired(None, *(stores.get(None, ()) for stores in owned))


def _of(step: Step | None, stores: Mapping[str | None, Sequence[StoreHistory]]) -> Sequence[StoreHistory]:
    return () if step is None else stores.get(step.span_id, ())


def _stores_by_owner(side: ComparedRun) -> dict[str | None, list[StoreHistory]]:
    found: dict[str | None, list[StoreHistory]] = {}
    known = {step.span_id for step in side.run.steps}
    first = side.run.steps[0].span_id if side.run.steps else None
    has_own = any(history.record.owner_span_id == first for history in side.histories.values())
    for history in side.histories.values():
        owner = history.record.owner_span_id
        if owner is None and not history.record.is_outside and not has_own:
            # While a run has not ended, nobody says whose its store is.
            owner, has_own = first, True
        found.setdefault(owner if owner in known else None, []).append(history)
    return found


def _paired(position: int | None, left: Sequence[StoreHistory], right: Sequence[StoreHistory]) -> Iterator[StorePair]:
    rest = list(right)
    for one in left:
        other = next((each for each in rest if each.record.name == one.record.name), None)
        if other is None and len(left) == 1 and len(rest) == 1 and position is not None:
            other = rest[0]
        if other is not None:
            rest.remove(other)
        yield StorePair(one.record.name or (other.record.name if other else ""), position, one, other)
    yield from (StorePair(one.record.name, position, None, one) for one in rest)
