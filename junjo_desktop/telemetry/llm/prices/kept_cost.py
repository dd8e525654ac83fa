"""What a call cost as it is kept with it, and how that came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.llm.prices.table import Prices


@dataclass(frozen=True, slots=True)
class KeptCost:
    """US dollars, None where they are unknown. `own_prices` are those that the user set when it was computed.

    `is_counted`: False where another span tells of the same call, so that this one is left out of sums.
    """

    dollars: float | None
    origin: str
    priced_as: str | None = None
    table_version: str | None = None
    is_counted: bool = True
    own_prices: Mapping[str, Prices] = field(default_factory=dict, compare=False)
