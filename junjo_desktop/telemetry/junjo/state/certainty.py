"""How sure a state is, and what stands where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any


class Certainty(StrEnum):
    """How a state is known."""

    EXACT = "exact"
    """Proven: every update up to here is there, or the producer said it."""
    INFERRED = "inferred"
    """The best that can be told from both ends and the updates that arrived."""
    UNKNOWN = "unknown"
    """There is no value to show; the patch may still be there."""


class HistoryStatus(StrEnum):
    """How much of a store's history is known."""

    EXACT = "exact"
    """Every step is exact."""
    PARTIAL = "partial"
    """Some steps are inferred or unknown."""
    UNKNOWN = "unknown"
    """The state of no step is known."""
    EMPTY = "empty"
    """No update arrived, and none is missing as far as can be told."""


class Nothing(Enum):
    """Stands where JSON has no value; JSON's own null is None."""

    UNKNOWN = "unknown"
    ABSENT = "absent"

    def __repr__(self) -> str:
        return self.name


UNKNOWN_STATE = Nothing.UNKNOWN
"""There is a state, but nobody knows it."""
ABSENT = Nothing.ABSENT
"""There is nothing at this path."""


@dataclass(frozen=True, slots=True)
class StateValue:
    """A state. `value` is JSON, shared with other states (never change it), or `UNKNOWN_STATE`.

    `reason` is one sentence for people; "" when exact.
    """

    value: Any
    certainty: Certainty
    reason: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a value, exact or not."""
        return self.value is not UNKNOWN_STATE
