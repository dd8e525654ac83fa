"""The history of one store, one step after the other."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from junjo_desktop.telemetry.junjo.state import words
from junjo_desktop.telemetry.junjo.state.certainty import UNKNOWN_STATE, Certainty, StateValue
from junjo_desktop.telemetry.junjo.state.changes import Change, changes_between
from junjo_desktop.telemetry.junjo.state.judgement import Judgement, Replay
from junjo_desktop.telemetry.junjo.state.path_steps import path_changes
from junjo_desktop.telemetry.junjo.state.pointer import pointer_tokens
from junjo_desktop.telemetry.junjo.state.transition import MissingUpdates, PathChange, Transition
from junjo_desktop.telemetry.junjo.state.verdict import verdict
from junjo_desktop.telemetry.junjo.store_record import StoreRecord

_REMEMBERED_PATHS = 64


class StoreHistory:
    """Any thread may ask; heavy states are made when asked for and shared, so ask off the GUI thread.

    `summary` is one sentence for people. `start` and `end` are the state at both ends.
    """

    def __init__(self, replay: Replay, judgements: tuple[Judgement, ...]) -> None:
        self.record: StoreRecord = replay.record
        self.missing: tuple[MissingUpdates, ...] = replay.order.missing
        self._replay = replay
        self._judgements = judgements
        self.transitions: tuple[Transition, ...] = tuple(
            Transition(position, event.sequence or position + 1, event, judgement.after, judgement.after_reason)
            for position, (event, judgement) in enumerate(zip(replay.order.events, judgements, strict=True))
        )
        self._paths: OrderedDict[str, tuple[PathChange, ...]] = OrderedDict()
        self._lock = Lock()
        self.start = self._start()
        self.end = self._end()
        self.status, self.summary = verdict(self.transitions, self.missing, self.start, self.end)

    def state_before(self, position: int) -> StateValue:
        """Return the state before a step. Raises IndexError for a step that is not there."""
        judgement = self._judgement(position)
        return StateValue(self._value_before(position), judgement.before, judgement.before_reason)

    def state_after(self, position: int) -> StateValue:
        """Return the state after a step. Raises IndexError for a step that is not there."""
        judgement = self._judgement(position)
        return StateValue(self._value_after(position), judgement.after, judgement.after_reason)

    def changes(self, position: int) -> tuple[Change, ...]:
        """Return what a step changed; nothing where either state is unknown."""
        before, after = self.state_before(position), self.state_after(position)
        return tuple(changes_between(before.value, after.value).leaves()) if before.is_known and after.is_known else ()

    def path_history(self, pointer: str) -> tuple[PathChange, ...]:
        """Return the steps that changed what an RFC 6901 pointer points to; none for a text that is no pointer."""
        with self._lock:
            if pointer in self._paths:
                self._paths.move_to_end(pointer)
                return self._paths[pointer]
        tokens = pointer_tokens(pointer)
        found = () if tokens is None else path_changes(self._replay, self._judgements, tokens)
        with self._lock:
            self._paths[pointer] = found
            if len(self._paths) > _REMEMBERED_PATHS:
                self._paths.popitem(last=False)
        return found

    def steps_changing(self, pointer: str) -> tuple[int, ...]:
        """Return the positions of the steps that changed what a pointer points to."""
        return tuple(change.position for change in self.path_history(pointer))

    def _judgement(self, position: int) -> Judgement:
        if not 0 <= position < len(self._judgements):
            raise IndexError(position)
        return self._judgements[position]

    def _value_before(self, position: int) -> Any:
        chain = self._replay.chains[position]
        if chain is not None:
            return chain.before(position)
        return self._replay.start if position == 0 else self._value_after(position - 1)

    def _value_after(self, position: int) -> Any:
        chain = self._replay.chains[position]
        if chain is not None:
            return chain.after(position)
        return self._replay.end if self._judgements[position].is_end else UNKNOWN_STATE

    def _start(self) -> StateValue:
        replay = self._replay
        if replay.start is not UNKNOWN_STATE:
            return StateValue(replay.start, Certainty.EXACT)
        reason = words.why_unknown(self.record, self.record.start, "start")
        first = self.state_before(0) if self.transitions else None
        is_told = first is not None and first.is_known
        return StateValue(first.value, Certainty.INFERRED, reason) if first and is_told else _unknown(reason)

    def _end(self) -> StateValue:
        replay = self._replay
        if replay.end is not UNKNOWN_STATE:
            return StateValue(replay.end, Certainty.EXACT)
        reason = words.why_unknown(self.record, self.record.end, "end")
        last = self.state_after(len(self.transitions) - 1) if self.transitions else self.start
        if not last.is_known:
            return _unknown(reason)
        is_whole = replay.order.is_numbered and replay.reaches_end and last.certainty is Certainty.EXACT
        return StateValue(last.value, *((Certainty.EXACT, "") if is_whole else (Certainty.INFERRED, reason)))


def _unknown(reason: str) -> StateValue:
    return StateValue(UNKNOWN_STATE, Certainty.UNKNOWN, reason)
