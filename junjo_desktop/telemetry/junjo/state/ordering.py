"""The order of a store's updates, and how each one joins the one before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.events import StateEvent
from junjo_desktop.telemetry.junjo.state.transition import MissingUpdates
from junjo_desktop.telemetry.junjo.state.words import NO_EFFECT, SAME_TIME, counted_updates, events_dropped, why_missing
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


@dataclass(frozen=True, slots=True)
class Joint:
    """How an update, or the end, follows what is before it. `lost` is how many in between are missing.

    Tight: nothing that changed the state is in between. `was_dropped`: what is missing fell to the SDK's limit.
    """

    is_tight: bool
    lost: int = 0
    was_dropped: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Updates in order, each once; `joints` has one more: that of the end. `is_numbered`: the SDK numbered them all."""

    events: tuple[StateEvent, ...]
    is_numbered: bool
    joints: tuple[Joint, ...]
    missing: tuple[MissingUpdates, ...]


def in_order(record: StoreRecord) -> Order:
    """Return the updates by the SDK's numbers; without these by time, then arrival, then place in the span."""
    events = _each_once(record.events)
    is_numbered = all(_is_number(event.sequence) for event in events) and (
        bool(events) or record.transition_count is not None
    )
    if is_numbered:
        return _numbered(record, sorted(events, key=lambda event: (event.sequence or 0, *_by_time(event))))
    return _timed(record, sorted(events, key=_by_time))


def _each_once(events: Sequence[StateEvent]) -> list[StateEvent]:
    """A batch that was sent again has the same ids."""
    known: dict[object, StateEvent] = {}
    for event in events:
        known.setdefault(event.event_id or (event.span_id, event.index), event)
    return list(known.values())


def _by_time(event: StateEvent) -> tuple[int, int, int]:
    return event.time_ns, event.arrival, event.index


def _is_number(sequence: int | None) -> bool:
    return sequence is not None and sequence >= 1


def _timed(record: StoreRecord, events: list[StateEvent]) -> Order:
    joints: list[Joint] = []
    seen: set[str] = set()
    for before, event in zip([None, *events], events, strict=False):
        dropped = 0 if event.span_id in seen else record.dropped_events.get(event.span_id, 0)
        seen.add(event.span_id)
        if dropped > 0:
            joints.append(Joint(False, reason=events_dropped(dropped)))
        elif before is not None and before.time_ns == event.time_ns and before.span_id != event.span_id:
            joints.append(Joint(False, reason=SAME_TIME))
        else:
            joints.append(Joint(True))
    return Order(tuple(events), False, (*joints, Joint(True)), ())


def _numbered(record: StoreRecord, events: list[StateEvent]) -> Order:
    joints: list[Joint] = []
    missing: list[MissingUpdates] = []
    sequence, revision = 0, record.revision_start
    times_used = Counter(event.sequence for event in events)
    for event in events:
        number = event.sequence or 0
        joint = _joint(record, number - sequence - 1, revision, event.revision_before, event.span_id)
        if times_used[number] > 1:
            joint = Joint(False, joint.lost, joint.was_dropped, f"Two different updates carry the number {number}")
        if number - sequence > 1:
            missing.append(MissingUpdates(sequence + 1, number - 1, _reason(record, joint, number - sequence - 1)))
        joints.append(joint)
        sequence, revision = number, event.revision_after
    joints.append(_last_joint(record, sequence, revision))
    count = record.transition_count
    if count is not None and count > sequence:
        missing.append(MissingUpdates(sequence + 1, count, _reason(record, joints[-1], count - sequence)))
    return Order(tuple(events), True, tuple(joints), tuple(missing))


def _joint(record: StoreRecord, lost: int, revision: int | None, before: int | None, span_id: str) -> Joint:
    agrees = revision is None or before is None or revision == before
    was_dropped = record.dropped_events.get(span_id, 0) > 0
    if lost <= 0:
        return Joint(agrees, reason="" if agrees else f"Its revision does not follow: {before} after {revision}")
    # The revision counts what changed the state: when it goes on without a gap, what is missing changed nothing.
    is_tight = revision is not None and revision == before
    return Joint(is_tight, 0 if is_tight else lost, was_dropped and not is_tight)


def _last_joint(record: StoreRecord, sequence: int, revision: int | None) -> Joint:
    count, last = record.transition_count, record.revision_end
    if count is None:
        is_tight = revision is not None and revision == last
        return Joint(is_tight, reason="" if is_tight else "How many updates there were has not arrived")
    if count < sequence:
        return Joint(False, reason=f"The store counts {counted_updates(count)}, but there are more")
    return _joint(record, count - sequence, revision, last, "")


def _reason(record: StoreRecord, joint: Joint, lost: int) -> str:
    return NO_EFFECT if joint.is_tight else why_missing(record, lost, was_dropped=joint.was_dropped)
