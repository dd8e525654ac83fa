"""The steps of a store, what is missing between them, and the steps of one path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from junjo_desktop.telemetry.junjo.events import StateEvent
from junjo_desktop.telemetry.junjo.state.certainty import Certainty


@dataclass(frozen=True, slots=True)
class Transition:
    """One update of a store.

    `position` counts the updates that arrived, from 0. `sequence` counts all of them, from 1: the SDK's number where
    it sent one, else the position plus one. `certainty` is that of the state after it; `reason` is "" when exact, else
    one sentence for people.
    """

    position: int
    sequence: int
    event: StateEvent
    certainty: Certainty
    reason: str = ""


class MissingUpdates(NamedTuple):
    """Updates that were made and did not arrive, both numbers included. The reason is one sentence for people."""

    from_sequence: int
    to_sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class PathChange:
    """What one step did to one path.

    `values` gives the values before and after it. It is asked each time: all versions of a large object at once would
    not fit into memory.
    """

    position: int
    certainty: Certainty
    values: Callable[[], tuple[Any, Any]] = field(compare=False, repr=False)

    @property
    def before(self) -> Any:
        """JSON, `ABSENT` or `UNKNOWN_STATE`. Ask off the GUI thread: the state may have to be made again."""
        return self.values()[0]

    @property
    def after(self) -> Any:
        """JSON, `ABSENT` or `UNKNOWN_STATE`. Ask off the GUI thread: the state may have to be made again."""
        return self.values()[1]
