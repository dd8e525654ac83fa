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
    if pair.left is None or pair.right is None:
        return StateDifference(left, right, None, f"Only the {'left' if pair.right is None else 'right'} run has it.")
    unknown = [(side, state) for side, state in (("left", left), ("right", right)) if not state.is_known]
    return StateDifference(left, right, None, " ".join(_unknown(side, state, is_end=is_end) for side, state in unknown))


def _unknown(side: str, state: StateValue, *, is_end: bool) -> str:
    reason = state.reason or f"The state at the {'end' if is_end else 'start'} is not known."
    return f"In the {side} run: {reason[:1].lower()}{reason[1:]}"


def _state(history: StoreHistory | None, *, is_end: bool) -> StateValue:
    if history is None:
        return StateValue(UNKNOWN_STATE, Certainty.UNKNOWN, "It keeps no such store.")
    return history.end if is_end else history.start


def store_pairs(left: ComparedRun, right: ComparedRun, rows: Sequence[AlignedStep]) -> Iterator[StorePair]:
    """Yield the stores of aligned owners; those around the runs by name."""
    owned = _stores_by_owner(left), _stores_by_owner(right)
    for position, row in enumerate(rows):
        one, other = _of(row.left, owned[0]), _of(row.right, owned[1])
        one = one or _unclaimed(row.left, owned[0], other)
        yield from _paired(position, one, other or _unclaimed(row.right, owned[1], one))
    yield from _paired(None, *(stores.get(None, ()) for stores in owned))


def _of(step: Step | None, stores: Mapping[str | None, Sequence[StoreHistory]]) -> Sequence[StoreHistory]:
    return () if step is None else stores.get(step.span_id, ())


def _unclaimed(
    step: Step | None, stores: Mapping[str | None, list[StoreHistory]], partners: Sequence[StoreHistory]
) -> Sequence[StoreHistory]:
    """Return the stores of an owner that has not arrived: those of the same name that nobody has claimed yet."""
    if step is None or step.is_arrived:
        return ()
    names = {partner.record.name for partner in partners}
    unowned = stores.get(None, [])
    found = [one for one in unowned if one.record.name in names and not one.record.is_outside][: len(partners)]
    for one in found:
        unowned.remove(one)
    return found


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
