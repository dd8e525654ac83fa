"""What is sure of a replayed store, and why not.

Nothing is called exact that is not proven:

* where the SDK numbered its updates (G2), by the numbers, the revisions, and the end state when there is one;
* where it did not (G0, G1), only if replaying everything gives the end state, no span that may have updated the store
  lost events or is missing itself, and no update repeats what is there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from junjo_desktop.telemetry.junjo.state import words
from junjo_desktop.telemetry.junjo.state.certainty import UNKNOWN_STATE, Certainty
from junjo_desktop.telemetry.junjo.state.chain import Chain
from junjo_desktop.telemetry.junjo.state.ordering import Order
from junjo_desktop.telemetry.junjo.state.patch import Patch, PatchError
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


@dataclass
class Replay:
    """A store while it is replayed. Steps before `proven` join the start, those from `tail` on join the end."""

    record: StoreRecord
    order: Order
    patches: list[Patch | PatchError]
    start: Any
    end: Any
    proven: int = 0
    known: Any = UNKNOWN_STATE
    """The state after the last step before `proven`."""
    repeats: bool = False
    tail: int = field(init=False)
    chains: list[Chain | None] = field(init=False)

    def __post_init__(self) -> None:
        self.tail = self.count
        self.chains = [None] * self.count

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.patches)

    @property
    def reaches_end(self) -> bool:
        """Whether nothing that changed the state is missing after the last step, as far as the numbers tell."""
        return self.order.joints[-1].is_tight

    def joins(self, position: int) -> bool:
        """Whether nothing that changed the state is missing before a step."""
        return self.order.joints[position].is_tight

    def readable(self, first: int) -> Sequence[Patch]:
        """Return the patches from `first` on, which are all readable."""
        return [patch for patch in self.patches[first:] if isinstance(patch, Patch)]

    def hold(self, chain: Chain) -> None:
        """Take the states of a chain as those of its steps."""
        for position in range(chain.first, chain.end):
            self.chains[position] = chain


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of the states around one step."""

    before: Certainty
    before_reason: str
    after: Certainty
    after_reason: str
    is_end: bool = False
    """The state after it is the end state, as sent."""


def judged(replay: Replay) -> tuple[Judgement, ...]:
    """Return the judgement of every step."""
    doubt = _doubt(replay)
    causes = _causes(replay)
    made: list[Judgement] = []
    for position in range(replay.count):
        after, reason = _after(replay, position, doubt, causes[position])
        before, before_reason = _before(replay, position, doubt, causes[position], made)
        made.append(Judgement(before, before_reason, after, reason))
    if made and _ends_exactly(replay, doubt):
        last = made[-1]
        made[-1] = Judgement(last.before, last.before_reason, Certainty.EXACT, "", is_end=True)
    return tuple(made)


def _ends_exactly(replay: Replay, doubt: str) -> bool:
    return replay.order.is_numbered and replay.reaches_end and replay.end is not UNKNOWN_STATE and not doubt


def _after(replay: Replay, position: int, doubt: str, cause: str) -> tuple[Certainty, str]:
    patch = replay.patches[position]
    if isinstance(patch, PatchError):
        return Certainty.UNKNOWN, str(patch)
    if replay.chains[position] is None:
        return Certainty.UNKNOWN, cause
    if position < replay.proven:
        return (Certainty.INFERRED, doubt) if doubt else (Certainty.EXACT, "")
    return Certainty.INFERRED, cause


def _before(replay: Replay, position: int, doubt: str, cause: str, earlier: list[Judgement]) -> tuple[Certainty, str]:
    if replay.chains[position] is not None:
        if position < replay.proven:
            return (Certainty.INFERRED, doubt) if doubt else (Certainty.EXACT, "")
        return Certainty.INFERRED, cause
    if position == 0:
        if replay.start is UNKNOWN_STATE:
            return Certainty.UNKNOWN, cause
        is_exact = replay.joins(0) and not doubt
        return (Certainty.EXACT, "") if is_exact else (Certainty.INFERRED, doubt or cause)
    before = earlier[-1]
    if before.after is Certainty.EXACT and not replay.joins(position):
        return Certainty.INFERRED, cause
    return before.after, before.after_reason


def _doubt(replay: Replay) -> str:
    """Return why even steps that join the start are not proven; "" when they are."""
    if replay.record.reconstructable is False:
        return words.NOT_REPLAYABLE
    is_whole = replay.proven == replay.count
    fits = replay.end is UNKNOWN_STATE or not is_whole or is_same(replay.known, replay.end)
    if replay.order.is_numbered:
        return words.CONTRADICTION if replay.reaches_end and not fits else ""
    return _doubt_of_unnumbered(replay, is_whole=is_whole, fits=fits)


def _doubt_of_unnumbered(replay: Replay, *, is_whole: bool, fits: bool) -> str:
    dropped = sum(max(count, 0) for count in replay.record.dropped_events.values())
    missing = replay.record.missing_spans
    doubts = (
        (any(event.sequence is not None for event in replay.order.events), words.SOME_UNNUMBERED),
        (dropped > 0, words.dropped_somewhere(dropped)),
        (missing > 0, words.spans_missing(missing)),
        (replay.end is UNKNOWN_STATE, words.NO_END),
        (not is_whole, words.LATER_MISFIT),
        (replay.repeats, words.REPEATS_ITSELF),
        (not fits, words.NOT_PROVEN),
    )
    return next((doubt for is_there, doubt in doubts if is_there), "")


def _causes(replay: Replay) -> list[str]:
    """Return for every step why it would not be exact: what is missing or did not fit before it."""
    lost, is_all_dropped, other, misfit = 0, True, "", ""
    causes: list[str] = []
    start = "" if replay.start is not UNKNOWN_STATE else words.why_unknown(replay.record, replay.record.start, "start")
    for position in range(replay.count):
        joint = replay.order.joints[position]
        lost += joint.lost
        is_all_dropped = is_all_dropped and (joint.was_dropped or not joint.lost)
        other = joint.reason or other
        if lost:
            cause = words.lost_before(lost, was_dropped=is_all_dropped)
        else:
            cause = other or misfit or start.removesuffix(".") or words.CONTRADICTS
        suffix = "; worked back from the end state." if position >= replay.tail else "."
        causes.append(cause + suffix)
        if isinstance(replay.patches[position], PatchError):
            misfit = words.misfit_before(replay.order.events[position].sequence or position + 1)
    return causes
