"""What some calls of models add up to, each call once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class CallSums:
    """Sums of the calls that count. None is unknown: of no call it is known; `cost` is in US dollars.

    `without_usage` told no tokens, `unpriced` have no cost: the sums lack these. `local` were answered on this
    computer, and cost nothing.
    """

    call_count: int = 0
    without_usage: int = 0
    unpriced: int = 0
    local: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None


def added(sums: Iterable[CallSums]) -> CallSums:
    """Add sums up."""
    parts = list(sums)
    return CallSums(
        call_count=sum(part.call_count for part in parts),
        without_usage=sum(part.without_usage for part in parts),
        unpriced=sum(part.unpriced for part in parts),
        local=sum(part.local for part in parts),
        input_tokens=_sum(part.input_tokens for part in parts),
        output_tokens=_sum(part.output_tokens for part in parts),
        cost=_sum(part.cost for part in parts),
    )


def _sum(values: Iterable[_Number | None]) -> _Number | None:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None
