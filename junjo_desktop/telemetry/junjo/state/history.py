"""The history of one store, one step after the other."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.state.certainty import HistoryStatus, StateValue
from junjo_desktop.telemetry.junjo.state.changes import Change
from junjo_desktop.telemetry.junjo.state.transition import MissingUpdates, PathChange, Transition
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


class StoreHistory:
    """Any thread may ask; heavy states are made when asked for and shared, so ask off the GUI thread.

    `summary` is one sentence for people. `start` and `end` are the state at both ends.
    """

    record: StoreRecord
    status: HistoryStatus
    summary: str
    transitions: tuple[Transition, ...]
    missing: tuple[MissingUpdates, ...]
    start: StateValue
    end: StateValue

    def state_before(self, position: int) -> StateValue:
        """Return the state before a step. Raises IndexError for a step that is not there."""
        raise NotImplementedError

    def state_after(self, position: int) -> StateValue:
        """Return the state after a step. Raises IndexError for a step that is not there."""
        raise NotImplementedError

    def changes(self, position: int) -> tuple[Change, ...]:
        """Return what a step changed; nothing where either state is unknown."""
        raise NotImplementedError

    def path_history(self, pointer: str) -> tuple[PathChange, ...]:
        """Return the steps that changed what an RFC 6901 pointer points to; none for a text that is no pointer."""
        raise NotImplementedError

    def steps_changing(self, pointer: str) -> tuple[int, ...]:
        """Return the positions of the steps that changed what a pointer points to."""
        return tuple(change.position for change in self.path_history(pointer))
