"""Makes the history of a store from what arrived of it.

Forward from the start as far as nothing is missing: those states are proven. After a gap, states are worked back from
the end, as far as the updates before it are complete; what lies between two gaps is the updates that arrived, applied
to the last state that is known.
"""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT, UNKNOWN_STATE
from junjo_desktop.telemetry.junjo.state.chain import Chain
from junjo_desktop.telemetry.junjo.state.history import StoreHistory
from junjo_desktop.telemetry.junjo.state.judgement import Replay, judged
from junjo_desktop.telemetry.junjo.state.ordering import Order, in_order
from junjo_desktop.telemetry.junjo.state.patch import Ownership, Patch, PatchError, read_patch
from junjo_desktop.telemetry.junjo.state.proof import contradicts_revisions, repeats_itself
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.state.undoing import undone
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


def reconstruct(record: StoreRecord) -> StoreHistory:
    """Return the history of a store. Never raises, whatever the data."""
    order = in_order(record)
    replay = Replay(
        record,
        order,
        patches=[_patch_or_error(order, position) for position in range(len(order.events))],
        start=record.start.value if record.start.is_known else UNKNOWN_STATE,
        end=record.end.value if record.end.is_known else UNKNOWN_STATE,
    )
    _replay_forward(replay)
    _replay_backward(replay)
    _replay_between(replay)
    return StoreHistory(replay, judged(replay))


def _patch_or_error(order: Order, position: int) -> Patch | PatchError:
    try:
        return read_patch(order.events[position].patch)
    except PatchError as error:
        return error


def _replay_forward(replay: Replay) -> None:
    """Apply from the start until something is missing or does not fit."""
    if replay.start is UNKNOWN_STATE:
        return
    chain = Chain(0, replay.start, replay.count)
    position = 0
    while position < replay.count and replay.joins(position):
        patch = replay.patches[position]
        if isinstance(patch, PatchError) or contradicts_revisions(replay.order.events[position], patch):
            break
        if not replay.order.is_numbered and repeats_itself(chain.newest, patch):
            replay.repeats = True
        if not _appended(replay, chain, position, patch):
            break
        position += 1
    replay.proven = position
    replay.known = chain.finish()


def _replay_backward(replay: Replay) -> None:
    """Work back from the end, as far as nothing is missing before it."""
    if replay.end is UNKNOWN_STATE or not replay.order.joints[-1].is_tight or replay.proven == replay.count:
        return
    first, base = _worked_back(replay)
    chain = Chain(first, base, replay.count - first)
    try:
        for patch in replay.readable(first):
            chain.append(patch)
    except PatchError:
        return
    if is_same(chain.finish(), replay.end):
        replay.hold(chain)
        replay.tail = first


def _worked_back(replay: Replay) -> tuple[int, Any]:
    """Return the position of the first step that can be reached from the end, and the state before it."""
    earlier = ABSENT if replay.known is UNKNOWN_STATE else replay.known
    position, document, mine = replay.count, replay.end, Ownership()
    while position > replay.proven and (position == replay.count or replay.joins(position)):
        patch = replay.patches[position - 1]
        if isinstance(patch, PatchError):
            break
        try:
            document = undone(document, patch, earlier, mine)
        except PatchError:
            return position, _undone_to(replay, position, earlier)
        position -= 1
    return position, document


def _undone_to(replay: Replay, position: int, earlier: Any) -> Any:
    # A patch that cannot be undone leaves a document half changed: begin again, and stop before it.
    document, mine = replay.end, Ownership()
    for patch in reversed(replay.readable(position)):
        document = undone(document, patch, earlier, mine)
    return document


def _replay_between(replay: Replay) -> None:
    """Apply what arrived to the last state that is known, leaving out what does not fit."""
    chain: Chain | None = None
    known = replay.known
    for position in range(replay.proven, replay.tail):
        patch = replay.patches[position]
        if isinstance(patch, Patch):
            if chain is None and (known is not UNKNOWN_STATE or patch.needs_no_base):
                chain = Chain(position, None if known is UNKNOWN_STATE else known, replay.tail - position)
            if chain is None or _appended(replay, chain, position, patch):
                continue
        if chain is not None:
            known, chain = chain.finish(), None
    if chain is not None:
        chain.finish()


def _appended(replay: Replay, chain: Chain, position: int, patch: Patch) -> bool:
    try:
        chain.append(patch)
    except PatchError as error:
        replay.patches[position] = error
        return False
    replay.chains[position] = chain
    return True
